/** What the control server of a running system answers with. */
import { createDeadline } from '@quartersec/sla';
import { createConnectionsWatch } from './connections-watch.ts';
import type { AuditResult, ControlSources } from './control-server.ts';
import type { ErrorLines } from './error-lines.ts';
import { type Compare, loadComparison } from './load-comparison.ts';
import { queueNames, type System } from './system.ts';

/** Of one connection: a long history has many pages. */
const compareDeadlineMs = 600_000;

export function controlSourcesOf(system: System, errorLines: ErrorLines): ControlSources {
  const { metrics } = system;
  const watch = createConnectionsWatch({
    table: system.table,
    startedWith: new Set(system.connections.map(({ connectionId }) => connectionId)),
    nowEpochMs: Date.now,
    nowMs: () => performance.now(),
  });
  let loading: Promise<Compare> | undefined;
  let audit: AuditResult | null = null;
  return {
    exposition: metrics.totals.exposition,
    droppedValues: metrics.totals.dropped,
    errors: errorLines.latest,
    connections: watch.summary,
    simulatorUrl: system.controlUrl,
    apiUrl: system.apiUrl,
    tokenFor: system.tokenFor,
    async finishLink(body) {
      if (system.controlUrl === undefined) return { status: 404, body: '{"error":"a real provider has its own Link"}' };
      const { baseUrl, clientId, secret } = system.providerAccess;
      const fields = { client_id: clientId, secret, ...(JSON.parse(body) as object) };
      const response = await fetch(`${baseUrl}/sandbox/link/finish`, { method: 'POST', body: JSON.stringify(fields) });
      return { status: response.status, body: await response.text() };
    },
    async runEvent(body) {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(system.processUrl, { method: 'POST', headers, body });
      return { status: response.status, body: await response.text() };
    },
    async compare(body) {
      const { connectionId } = JSON.parse(body) as { connectionId: string };
      const deadline = createDeadline(compareDeadlineMs, () => performance.now());
      loading ??= loadComparison();
      const comparison = await (await loading)(system.table, connectionId, system.providerVariables(), deadline);
      return { status: 200, body: JSON.stringify(comparison) };
    },
    addCount: (metric, value) => metrics.add(metric, value),
    recordAudit(differences) {
      audit = { atEpochMs: Date.now(), differences };
      metrics.add('Audits', 1);
      metrics.add('AuditDifferences', differences);
    },
    lastAudit: () => audit,
    forget: system.forget,
    rekey: system.rotateTokenKey,
    redrive: () => system.host.queues.redrive(queueNames.dead),
  };
}
