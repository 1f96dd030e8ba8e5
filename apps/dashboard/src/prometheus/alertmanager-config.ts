/** What Alertmanager reads at start: the board is told of everything, at once, and when it is over. */
import { type Alert, consequencesOf, metricNamespace, prometheusDuration } from '@quartersec/sla';
import { receiverUrl, repeatMs, routing, severities } from '../alert-routing.ts';

const receiver = `${metricNamespace}-board`;

/**
 * Who is told of a cause is not told of what follows from it, see `causesOf` of libs/sla. Only critical alerts stand for others.
 * @param alerts whose kinds are looked at
 */
function inhibitRules(alerts: readonly Alert[]) {
  const kinds = [...new Set(alerts.map(({ kind }) => kind))];
  return [
    ...kinds
      .filter((kind) => consequencesOf(kind).length > 0)
      .map((kind) => ({
        source_matchers: [`kind="${kind}"`, 'severity="critical"'],
        target_matchers: [`kind=~"${consequencesOf(kind).join('|')}"`],
      })),
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
