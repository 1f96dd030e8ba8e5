/** What Grafana reads at start: where values come from, and where the dashboards lie. */
import { cadence, metricNamespace, prometheusDuration } from '@quartersec/sla';
import type { DataSource } from './data-source.ts';

/** Named by the alert rules too. */
export const prometheusUid = `${metricNamespace}-prometheus`;

/** @param url of the Prometheus server; of Alertmanager */
export function prometheusDataSources(prometheusUrl: string, alertmanagerUrl: string) {
  const alertmanagerUid = `${metricNamespace}-alertmanager`;
  return {
    apiVersion: 1,
    datasources: [
      {
        name: `${metricNamespace} Prometheus`,
        uid: prometheusUid,
        type: 'prometheus',
        access: 'proxy',
        url: prometheusUrl,
        isDefault: true,
        // $__rate_interval is at least four of these: a window with fewer samples may have no answer.
        jsonData: { timeInterval: prometheusDuration(cadence.scrapeMs), httpMethod: 'POST', alertmanagerUid },
      },
      {
        name: `${metricNamespace} Alertmanager`,
        uid: alertmanagerUid,
        type: 'alertmanager',
        access: 'proxy',
        url: alertmanagerUrl,
        jsonData: { implementation: 'prometheus', handleGrafanaManagedAlerts: false },
      },
    ],
  };
}

/** The credentials are those of the machine: environment, profile or role. */
export function cloudWatchDataSources(region: string) {
  const jsonData = { authType: 'default', defaultRegion: region };
  const name = `${metricNamespace} CloudWatch`;
  return {
    apiVersion: 1,
    datasources: [{ name, uid: `${metricNamespace}-cloudwatch`, type: 'cloudwatch', jsonData }],
  };
}

/** Set where Grafana runs: the folder that holds `prometheus/` and `cloudwatch/`. */
export const dashboardsVariable = 'QUARTERSEC_DASHBOARDS';

/** A folder in Grafana for each data source, so that nobody looks at the dashboards of one that is not there. */
export function dashboardProvider({ name, title }: DataSource) {
  const folder = `${metricNamespace} (${title})`;
  const options = { path: `$${dashboardsVariable}/${name}` };
  return { apiVersion: 1, providers: [{ name: `${metricNamespace}-${name}`, folder, type: 'file', options }] };
}
