/** What Alertmanager reads at start: the board is told of everything, at once, and when it is over. */
import { type Alert, consequencesOf, metricNamespace, prometheusDuration } from '@quartersec/sla';
import { receiverUrl, repeatMs, routing, severities } from '../alert-routing.ts';

const receiver = `${metricNamespace}-board`;

/**
 * Who is told of a cause is not told of what follows from it, see `causesOf` of libs/sla. Only critical alerts stand for others.
 * By name where the kind alone would say too much.
 * @param alerts whose kinds are looked at
 */
function inhibitRules(alerts: readonly Alert[]) {
  const kinds = [...new Set(alerts.map(({ kind }) => kind))];
  return [
    ...kinds.flatMap((kind) => {
      const critical = alerts.filter((alert) => alert.kind === kind && alert.severity === 'critical');
      const causes = critical.filter((alert) => consequencesOf(alert).length > 0);
      const [first] = causes;
      if (first === undefined) return [];
      const names = causes.map(({ name }) => name).join('|');
      return [
        {
          source_matchers: [
            `kind="${kind}"`,
            'severity="critical"',
            ...(causes.length < critical.length ? [`alertname=~"${names}"`] : []),
          ],
          target_matchers: [`kind=~"${consequencesOf(first).join('|')}"`],
        },
      ];
    }),
    // A label that neither has counts as equal: hence the matcher.
    {
      source_matchers: ['severity="critical"', 'objective!=""'],
      target_matchers: ['severity="warning"'],
      equal: ['objective'],
    },
  ];
}

/** @param boardUrl address of the SLA board */
export function alertmanagerConfig(boardUrl: string, alerts: readonly Alert[]) {
  return {
    route: {
      receiver,
      group_by: routing.groupBy,
      group_wait: prometheusDuration(routing.groupWaitMs),
      group_interval: prometheusDuration(routing.groupIntervalMs),
      routes: severities.map((severity) => ({
        matchers: [`severity="${severity}"`],
        receiver,
        repeat_interval: prometheusDuration(repeatMs[severity]),
      })),
    },
    inhibit_rules: inhibitRules(alerts),
    receivers: [{ name: receiver, webhook_configs: [{ url: receiverUrl(boardUrl), send_resolved: true }] }],
  };
}
