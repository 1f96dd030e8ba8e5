/** Who is told of Grafana's own alerts: the board, at once, and when it is over. */
import {
  type ContactPoint,
  ContactPointBuilder,
  type NotificationPolicy,
  NotificationPolicyBuilder,
} from '@grafana/grafana-foundation-sdk/alerting';
import { metricNamespace, prometheusDuration } from '@quartersec/sla';
import { receiverUrl, repeatMs, routing, severities } from '../alert-routing.ts';

const receiver = `${metricNamespace}-board`;

/** @param boardUrl address of the SLA board */
export function contactPoints(boardUrl: string): readonly ContactPoint[] {
  const settings = { url: receiverUrl(boardUrl), httpMethod: 'POST' };
  return [new ContactPointBuilder().name(receiver).uid(receiver).type('webhook').settings(settings).build()];
}

export function notificationPolicy(): NotificationPolicy {
  return new NotificationPolicyBuilder()
    .receiver(receiver)
    .groupBy([...routing.groupBy])
    .groupWait(prometheusDuration(routing.groupWaitMs))
    .groupInterval(prometheusDuration(routing.groupIntervalMs))
    .routes(
      severities.map((severity) =>
        new NotificationPolicyBuilder()
          .receiver(receiver)
          .objectMatchers([['severity', '=', severity]])
          .repeatInterval(prometheusDuration(repeatMs[severity])),
      ),
    )
    .build();
}
