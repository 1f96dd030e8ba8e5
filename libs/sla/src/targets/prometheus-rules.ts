/**
 * Alerts as a Prometheus rule file. It is written as JSON, which every YAML reader accepts, so no YAML library is needed
 * and quoting cannot go wrong; `promtool check rules` agrees.
 */
import type { Alert } from '../alert.ts';
import { cadence } from '../cadence.ts';
import { metricNamespace } from '../metrics.ts';
import { prometheusDuration } from './prometheus-names.ts';
import { alertToPromql } from './promql.ts';
import { runbookLink } from './runbook-link.ts';

export interface PrometheusRule {
  readonly alert: string;
  readonly expr: string;
  /** Absent: fires at the first evaluation that holds. */
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface PrometheusRuleGroup {
  readonly name: string;
  readonly interval: string;
  readonly rules: readonly PrometheusRule[];
}

export interface PrometheusRuleFile {
  readonly groups: readonly PrometheusRuleGroup[];
}

/** Where the runbook is read when the caller does not say. */
export const runbookPage = 'docs/troubleshooting.md';

function ruleOf(alert: Alert, runbookUrl: string): PrometheusRule {
  const { name, kind, severity, objective, title, whatToDo, runbook, holdMs } = alert;
  return {
    alert: name,
    expr: alertToPromql(alert),
    ...(holdMs > 0 && { for: prometheusDuration(holdMs) }),
    labels: { severity, kind, ...(objective !== undefined && { objective }) },
    annotations: { summary: title, description: whatToDo, runbook_url: runbookLink(runbookUrl, runbook) },
  };
}

/**
 * One group a kind, so that a slow one holds up no other.
 * @param runbookUrl as `runbookLink` takes it
 */
export function prometheusRules(alerts: readonly Alert[], runbookUrl: string = runbookPage): PrometheusRuleFile {
  const kinds = [...new Set(alerts.map(({ kind }) => kind))];
  const groups = kinds.map((kind) => ({
    name: `${metricNamespace}-${kind}`,
    interval: prometheusDuration(cadence.evaluateMs),
    rules: alerts.filter((alert) => alert.kind === kind).map((alert) => ruleOf(alert, runbookUrl)),
  }));
  return { groups };
}

/** @returns the text of the rule file, for `rule_files` of Prometheus */
export function prometheusRulesFile(alerts: readonly Alert[], runbookUrl: string = runbookPage): string {
  return `${JSON.stringify(prometheusRules(alerts, runbookUrl), undefined, 2)}\n`;
}
