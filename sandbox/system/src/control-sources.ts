/** What the control server of a running system answers with. */
import type { AuditResult, ControlSources } from './control-server.ts';
import type { ErrorLines } from './error-lines.ts';
import { queueNames, type System } from './system.ts';

export function controlSourcesOf(
  system: System,
  errorLines: ErrorLines,
  { expectsEvents = true }: { readonly expectsEvents?: boolean } = {},
): ControlSources {
  const { metrics } = system;
  let audit: AuditResult | null = null;
  return {
    exposition: metrics.totals.exposition,
    droppedValues: metrics.totals.dropped,
    errors: errorLines.latest,
    expectsEvents,
    simulatorUrl: system.controlUrl,
    async runEvent(body) {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(system.processUrl, { method: 'POST', headers, body });
      return { status: response.status, body: await response.text() };
    },
    addCount: (metric, value) => metrics.add(metric, value),
    recordAudit(differences) {
      audit = { atEpochMs: Date.now(), differences };
      metrics.add('Audits', 1);
      metrics.add('AuditDifferences', differences);
    },
    lastAudit: () => audit,
    forget: system.forget,
    redrive: () => system.host.queues.redrive(queueNames.dead),
  };
}
