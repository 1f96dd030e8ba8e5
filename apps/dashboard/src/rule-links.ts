/** Where the annotations of alert rules lead to: the runbook, and a dashboard that shows what the alert is about. */
import { type Alert, type PrometheusRuleFile, prometheusRules } from '@quartersec/sla';
import { criticalErrors } from './grafana/critical-errors.ts';
import { prometheusSource } from './grafana/prometheus-source.ts';
import { dashboardUid } from './grafana/render-dashboard.ts';
import { slaOverview } from './grafana/sla-overview.ts';

export interface RuleLinks {
  /** As `runbookLink` takes it. */
  readonly runbookUrl: string;
  /** Grafana as a browser reaches it; without one alerts link the board. */
  readonly grafanaUrl?: string;
  readonly boardUrl: string;
}

function dashboardUrlOf({ kind }: Alert, { grafanaUrl, boardUrl }: RuleLinks): string {
  if (grafanaUrl === undefined) return boardUrl;
  const uid = dashboardUid(kind === 'event' ? criticalErrors : slaOverview, prometheusSource);
  return `${grafanaUrl.replace(/\/+$/, '')}/d/${uid}`;
}

/** The rules of libs/sla, each with the address of its dashboard. */
export function linkedRules(alerts: readonly Alert[], links: RuleLinks): PrometheusRuleFile {
  const urls = new Map(alerts.map((alert) => [alert.name, dashboardUrlOf(alert, links)]));
  const { groups } = prometheusRules(alerts, links.runbookUrl);
  return {
    groups: groups.map(({ rules, ...group }) => ({
      ...group,
      rules: rules.map(({ annotations, ...rule }) => ({
        ...rule,
        annotations: { ...annotations, dashboard_url: urls.get(rule.alert) ?? links.boardUrl },
      })),
    })),
  };
}
