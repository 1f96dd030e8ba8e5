/** Bodies of webhooks as Alertmanager 0.25 to 0.28 and Grafana 9 to 12 make them, all fields included. */

type Status = 'firing' | 'resolved';

const notEnded = '0001-01-01T00:00:00Z';
const labels = { alertname: 'StoreSlow', kind: 'objective', objective: 'store', severity: 'warning' };
const annotations = {
  description: 'Look at the table.',
  runbook_url: 'https://docs.example.test/troubleshooting.md#store-slow',
  summary: 'Store over its bound',
};

export function alertmanagerBody(status: Status) {
  return {
    receiver: 'quartersec-board',
    status,
    alerts: [
      {
        status,
        labels,
        annotations,
        startsAt: '2026-01-05T10:00:00.193Z',
        endsAt: status === 'firing' ? notEnded : '2026-01-05T10:04:00.193Z',
        generatorURL: 'http://prometheus.example.test:9090/graph?g0.expr=up&g0.tab=1',
        fingerprint: '6b7a2c1d90e4f358',
      },
    ],
    groupLabels: { alertname: 'StoreSlow' },
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: 'http://alertmanager.example.test:9093',
    version: '4',
    groupKey: '{}/{severity="warning"}:{alertname="StoreSlow"}',
    truncatedAlerts: 0,
  };
}

function grafanaAlert(status: Status, itsLabels: object, itsAnnotations: object, values: object | null) {
  const grafana = 'http://grafana.example.test:3000';
  return {
    status,
    labels: { ...itsLabels, grafana_folder: 'quartersec' },
    annotations: itsAnnotations,
    startsAt: '2026-01-05T11:00:10.000000123+01:00',
    endsAt: status === 'firing' ? notEnded : '2026-01-05T11:04:10+01:00',
    generatorURL: `${grafana}/alerting/grafana/quartersec-StoreSlow/view?orgId=1`,
    fingerprint: 'c6eadffa33fcdf37',
    silenceURL: `${grafana}/alerting/silence/new?alertmanager=grafana&matcher=alertname%3DStoreSlow`,
    dashboardURL: `${grafana}/d/quartersec-sla-overview?orgId=1`,
    panelURL: `${grafana}/d/quartersec-sla-overview?orgId=1&viewPanel=3`,
    imageURL: '',
    values,
    valueString: values === null ? '' : "[ var='A' labels={} value=212.5 ], [ var='B' labels={} value=1 ]",
    orgId: 1,
  };
}

function grafanaBodyOf(status: Status, alerts: readonly ReturnType<typeof grafanaAlert>[]) {
  const [{ labels: firstLabels, annotations: firstAnnotations } = { labels: {}, annotations: {} }] = alerts;
  return {
    receiver: 'quartersec-board',
    status,
    alerts,
    groupLabels: { alertname: 'StoreSlow' },
    commonLabels: firstLabels,
    commonAnnotations: firstAnnotations,
    externalURL: 'http://grafana.example.test:3000/',
    version: '1',
    groupKey: '{}/{severity="warning"}:{alertname="StoreSlow"}',
    truncatedAlerts: 0,
    orgId: 1,
    title: `[${status.toUpperCase()}:1] StoreSlow (quartersec objective warning)`,
    state: status === 'firing' ? 'alerting' : 'ok',
    message: '**Firing**\n\nValue: A=212.5, B=1\nLabels:\n - alertname = StoreSlow\n',
  };
}

export const grafanaBody = (status: Status) =>
  grafanaBodyOf(status, [grafanaAlert(status, labels, annotations, { A: 212.5, B: 1 })]);

/** What Grafana says of a rule that it could not evaluate, or that had no data: the name of the rule is in `rulename`. */
export function grafanaOwnBody(
  status: Status,
  alertname: 'DatasourceError' | 'DatasourceNoData',
  ...rules: readonly string[]
) {
  const reason = 'failed to query data: connection refused';
  const own = alertname === 'DatasourceError' ? { Error: reason } : {};
  return grafanaBodyOf(
    status,
    rules.map((rulename) => {
      const itsLabels = { ...labels, alertname, rulename, datasource_uid: 'quartersec-prometheus', ref_id: 'A' };
      return grafanaAlert(status, itsLabels, { ...annotations, ...own }, null);
    }),
  );
}
