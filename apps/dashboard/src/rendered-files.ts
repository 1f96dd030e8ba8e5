/** Everything that `npm run dashboards` writes, as text. Pure: the same options give the same bytes. */
import { alerts, metricNamespace } from '@quartersec/sla';
import { grafanaRuleGroups } from './grafana/alert-rules.ts';
import { cloudWatchSource } from './grafana/cloudwatch-source.ts';
import { dashboards } from './grafana/dashboards.ts';
import { contactPoints, notificationPolicy } from './grafana/notifications.ts';
import { prometheusSource } from './grafana/prometheus-source.ts';
import { cloudWatchDataSources, dashboardProvider, prometheusDataSources } from './grafana/provisioning.ts';
import { renderDashboard } from './grafana/render-dashboard.ts';
import { toContactPointFile, toPolicyFile, toRuleFile } from './grafana/rule-file.ts';
import { jsonText } from './json-text.ts';
import { alertmanagerConfig } from './prometheus/alertmanager-config.ts';
import { prometheusConfig } from './prometheus/prometheus-config.ts';
import type { RenderOptions } from './render-options.ts';
import { linkedRules } from './rule-links.ts';

export interface RenderedFile {
  /** Below the output folder, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export const prometheusConfigPath = 'prometheus/prometheus.yml';
export const prometheusRulesPath = 'prometheus/rules.json';
export const alertmanagerConfigPath = 'alertmanager/alertmanager.yml';

const sources = [prometheusSource, cloudWatchSource];

export function renderFiles(options: RenderOptions): readonly RenderedFile[] {
  const { target, boardUrl, runbookUrl, alertmanager, prometheusUrl, region } = options;
  const provisioning = 'grafana/provisioning';
  const json = (path: string, value: unknown): RenderedFile => ({ path, text: jsonText(value) });
  return [
    ...sources.flatMap((source) =>
      dashboards.map((definition) => ({
        path: `grafana/dashboards/${source.name}/${definition.name}.json`,
        text: renderDashboard(definition, source, runbookUrl),
      })),
    ),
    ...sources.map((source) => json(`${provisioning}/dashboards/${source.name}.yaml`, dashboardProvider(source))),
    json(`${provisioning}/datasources/prometheus.yaml`, prometheusDataSources(prometheusUrl, `http://${alertmanager}`)),
    json(`${provisioning}/datasources/cloudwatch.yaml`, cloudWatchDataSources(region)),
    json(`${provisioning}/alerting/rules.json`, toRuleFile(grafanaRuleGroups(alerts, options), metricNamespace)),
    json(`${provisioning}/alerting/contact-points.json`, toContactPointFile(contactPoints(boardUrl))),
    json(`${provisioning}/alerting/policies.json`, toPolicyFile(notificationPolicy())),
    json(prometheusConfigPath, prometheusConfig({ target, alertmanager, rulesFile: 'rules.json' })),
    json(prometheusRulesPath, linkedRules(alerts, options)),
    json(alertmanagerConfigPath, alertmanagerConfig(boardUrl, alerts)),
  ];
}
