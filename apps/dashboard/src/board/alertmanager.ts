/**
 * What Alertmanager and Grafana send to a webhook, and Prometheus' own list of alerts. Grafana's form follows Alertmanager's, with
 * a version of its own, more fields, and alerts of its own for rules that it could not evaluate.
 * @see https://prometheus.io/docs/alerting/latest/configuration/#webhook_config, version 4
 * @see https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/, version 1
 */
import { cadence } from '@quartersec/sla';
import { grafanaEvaluateMs } from '../alert-routing.ts';
import type { AlertNotice } from './alert-log.ts';
import type { AlertPath } from './snapshot.ts';

const alertsAtMost = 100;
const textAtMost = 500;

type Members = Readonly<Record<string, unknown>>;

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, textAtMost) : '';
}

/** How its alerts are shown, and how often it judges its rules. */
interface Sender {
  readonly path: AlertPath;
  readonly evaluateMs: number;
}

const prometheusSender: Sender = { path: 'prometheus', evaluateMs: cadence.evaluateMs };
/** By the version of the body. */
const senders: Readonly<Record<string, Sender>> = {
  '1': { path: 'grafana', evaluateMs: grafanaEvaluateMs },
  '4': prometheusSender,
};

/** A webhook's body as it was understood. */
export interface Notification {
  readonly notices: readonly AlertNotice[];
  /** Alerts in it that are lost here: without name, time or known status, or more than are taken. */
  readonly unreadable: number;
  /** Alerts that the sender itself left out. */
  readonly truncated: number;
}

/**
 * Grafana names every rule that it could not evaluate, or that had no data, alike: one name for each rule keeps them apart. Its
 * reason is an annotation.
 */
function ruleNameOf({ alertname, rulename }: Members): string {
  const name = textOf(alertname);
  const isGrafanas = name === 'DatasourceError' || name === 'DatasourceNoData';
  return isGrafanas && typeof rulename === 'string' ? `${name} (${textOf(rulename)})` : name;
}

function titleOf(name: string, { rulename }: Members, { summary }: Members): string {
  if (typeof rulename !== 'string') return textOf(summary);
  if (name.startsWith('DatasourceError')) return `Grafana could not evaluate ${textOf(rulename)}`;
  return name.startsWith('DatasourceNoData') ? `Grafana has no data for ${textOf(rulename)}` : textOf(summary);
}

/** @param firedText RFC 3339 @returns `undefined` without a name or a time */
export function noticeOf(
  { path, evaluateMs }: Sender,
  status: AlertNotice['status'],
  labels: Members,
  annotations: Members,
  firedText: unknown,
  endedText?: unknown,
  value?: number,
): AlertNotice | undefined {
  const name = ruleNameOf(labels);
  const firedEpochMs = Date.parse(textOf(firedText));
  if (name === '' || Number.isNaN(firedEpochMs)) return undefined;
  const endedEpochMs = Date.parse(textOf(endedText));
  const ended = status === 'resolved' && endedEpochMs >= firedEpochMs;
  return {
    path,
    name,
    status,
    firedEpochMs,
    ...(ended && { resolvedEpochMs: endedEpochMs }),
    // Counted by one scrape and judged by the evaluation after it, at the latest
    ...(labels.kind === 'event' && { happenedAfterEpochMs: firedEpochMs - cadence.scrapeMs - evaluateMs }),
    ...(value !== undefined && Number.isFinite(value) && { value }),
    words: {
      severity: textOf(labels.severity) || 'warning',
      title: titleOf(name, labels, annotations),
      whatToDo: [annotations.Error, annotations.description].map(textOf).filter(Boolean).join(' '),
      runbookUrl: textOf(annotations.runbook_url),
    },
  };
}

/**
 * Reads a notification.
 * @returns what it says; or what is wrong with it, as a text
 */
export function readNotification(body: string): Notification | string {
  let notification: Members;
  try {
    notification = membersOf(JSON.parse(body));
  } catch {
    return 'the body is not JSON';
  }
  const { version, alerts, truncatedAlerts } = notification;
  const sender = typeof version === 'string' && Object.hasOwn(senders, version) ? senders[version] : undefined;
  if (sender === undefined) {
    const named = JSON.stringify(version ?? null).slice(0, 50);
    return `version must be "4" (Alertmanager) or "1" (Grafana), not ${named}`;
  }
  if (!Array.isArray(alerts)) return 'alerts must be a list';
  const notices = alerts.slice(0, alertsAtMost).flatMap((one: unknown) => {
    const { status, labels, annotations, startsAt, endsAt } = membersOf(one);
    if (status !== 'firing' && status !== 'resolved') return [];
    return noticeOf(sender, status, membersOf(labels), membersOf(annotations), startsAt, endsAt) ?? [];
  });
  const truncated = typeof truncatedAlerts === 'number' && truncatedAlerts > 0 ? truncatedAlerts : 0;
  return { notices, unreadable: alerts.length - notices.length, truncated };
}

/** @returns what of a notification was lost on its way, as a sentence; `undefined` when nothing was */
export function lossOf({ notices, unreadable, truncated }: Notification): string | undefined {
  const all = notices.length + unreadable + truncated;
  if (unreadable + truncated === 0) return undefined;
  const parts = [
    ...(unreadable > 0 ? [`${unreadable} could not be read`] : []),
    ...(truncated > 0 ? [`${truncated} were left out by the sender`] : []),
  ];
  return `of ${all} alerts ${parts.join(', ')}`;
}

/** Reads the answer of `/api/v1/alerts`: what fires now; what is only pending is left out. */
export function readPrometheusAlerts(data: unknown): readonly AlertNotice[] {
  const { alerts } = membersOf(data);
  if (!Array.isArray(alerts)) return [];
  return alerts.slice(0, alertsAtMost).flatMap((one: unknown) => {
    const { state, labels, annotations, activeAt, value } = membersOf(one);
    if (state !== 'firing') return [];
    const figure = typeof value === 'string' ? Number(value) : undefined;
    return (
      noticeOf(prometheusSender, 'firing', membersOf(labels), membersOf(annotations), activeAt, undefined, figure) ?? []
    );
  });
}
