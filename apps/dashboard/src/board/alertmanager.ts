/**
 * What Alertmanager sends to a webhook, and Prometheus' own list of alerts.
 * @see https://prometheus.io/docs/alerting/latest/configuration/#webhook_config, version 4
 */
import { cadence } from '@quartersec/sla';
import type { AlertNotice } from './alert-log.ts';

const alertsAtMost = 100;
const textAtMost = 500;

type Members = Readonly<Record<string, unknown>>;

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, textAtMost) : '';
}

/** @param firedText RFC 3339 @returns `undefined` without a name or a time */
export function noticeOf(
  status: AlertNotice['status'],
  labels: Members,
  annotations: Members,
  firedText: unknown,
  endedText?: unknown,
): AlertNotice | undefined {
  const name = textOf(labels.alertname);
  const firedEpochMs = Date.parse(textOf(firedText));
  if (name === '' || Number.isNaN(firedEpochMs)) return undefined;
  const endedEpochMs = Date.parse(textOf(endedText));
  const ended = status === 'resolved' && endedEpochMs >= firedEpochMs;
  return {
    path: 'prometheus',
    name,
    status,
    firedEpochMs,
    ...(ended && { resolvedEpochMs: endedEpochMs }),
    // Counted by one scrape and judged by the evaluation after it, at the latest
    ...(labels.kind === 'event' && { happenedAfterEpochMs: firedEpochMs - cadence.scrapeMs - cadence.evaluateMs }),
    words: {
      severity: textOf(labels.severity) || 'warning',
      title: textOf(annotations.summary),
      whatToDo: textOf(annotations.description),
      runbookUrl: textOf(annotations.runbook_url),
    },
  };
}

/**
 * Reads a notification.
 * @returns what it says, those alerts that have a name and a time; or what is wrong with it, as a text
 */
export function readNotification(body: string): readonly AlertNotice[] | string {
  let notification: Members;
  try {
    notification = membersOf(JSON.parse(body));
  } catch {
    return 'the body is not JSON';
  }
  const { version, alerts } = notification;
  if (version !== '4') return `version must be "4", not ${JSON.stringify(version ?? null)}`;
  if (!Array.isArray(alerts)) return 'alerts must be a list';
  return alerts.slice(0, alertsAtMost).flatMap((one: unknown) => {
    const { status, labels, annotations, startsAt, endsAt } = membersOf(one);
    if (status !== 'firing' && status !== 'resolved') return [];
    return noticeOf(status, membersOf(labels), membersOf(annotations), startsAt, endsAt) ?? [];
  });
}

/** Reads the answer of `/api/v1/alerts`: what fires now; what is only pending is left out. */
export function readPrometheusAlerts(data: unknown): readonly AlertNotice[] {
  const { alerts } = membersOf(data);
  if (!Array.isArray(alerts)) return [];
  return alerts.slice(0, alertsAtMost).flatMap((one: unknown) => {
    const { state, labels, annotations, activeAt } = membersOf(one);
    if (state !== 'firing') return [];
    return noticeOf('firing', membersOf(labels), membersOf(annotations), activeAt) ?? [];
  });
}
