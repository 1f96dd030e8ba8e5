/** What Alertmanager reads at start: the board is told of everything, at once, and when it is over. */
import { metricNamespace, prometheusDuration } from '@quartersec/sla';
import { receiverUrl, repeatMs, routing, severities } from '../alert-routing.ts';

const receiver = `${metricNamespace}-board`;

/** @param boardUrl address of the SLA board */
export function alertmanagerConfig(boardUrl: string) {
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
    receivers: [{ name: receiver, webhook_configs: [{ url: receiverUrl(boardUrl), send_resolved: true }] }],
  };
}
