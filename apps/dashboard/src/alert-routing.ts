/** Who is told of an alert, when, and how often again. Alertmanager and Grafana take the same. */
import { cadence, type Severity } from '@quartersec/sla';

const HOUR_MS = 3_600_000;

/** Grafana's scheduler ticks every 10 s, and takes no interval that is not a multiple of it. */
const GRAFANA_SCHEDULER_MS = 10_000;
export const grafanaEvaluateMs = Math.ceil(cadence.evaluateMs / GRAFANA_SCHEDULER_MS) * GRAFANA_SCHEDULER_MS;

export const routing = {
  /** One fault is one notice, however many series it shows in. */
  groupBy: ['alertname'],
  groupWaitMs: cadence.groupWaitMs,
  /** News of a group, its end included, waits no longer than an evaluation. */
  groupIntervalMs: cadence.evaluateMs,
} as const;

/** Until an alert that still fires is said again. */
export const repeatMs: Readonly<Record<Severity, number>> = { critical: HOUR_MS, warning: 12 * HOUR_MS };

export const severities = Object.keys(repeatMs) as readonly Severity[];

/** @param boardUrl address of the SLA board, which takes what Alertmanager and Grafana send to a webhook */
export function receiverUrl(boardUrl: string): string {
  return `${boardUrl.replace(/\/+$/, '')}/alertmanager`;
}
