/** The SLA on a CloudWatch dashboard: the same expressions that the alarms, Grafana and the board use. */
import {
  type CountMetric,
  cacheHitRate,
  count,
  type Expression,
  isLatencyObjective,
  metrics,
  objectives,
  percentile,
  ratePerMinute,
  type Scope,
  toCloudWatch,
} from '@quartersec/sla';
import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  MathExpression,
  Metric,
  type MetricProps,
  PeriodOverride,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { MetricSources } from '../metric-sources.ts';

const minute: Scope = { windowMs: 60_000 };
const graph = { width: 8, height: 6 } as const;

/** Counters worth a line of their own, by the question that they answer. */
const counterPanels: readonly { readonly title: string; readonly shown: readonly CountMetric[] }[] = [
  { title: 'Events', shown: ['Events', 'Bad', 'Failed', 'Coalesced', 'Deferred', 'Refused', 'ScheduleTicks'] },
  { title: 'Provider calls', shown: ['Attempts', 'Retries', 'RetriesExhausted', 'Throttled'] },
  { title: 'Set aside', shown: ['Quarantined', 'DeadLettered', 'ConsentEnded', 'Conflicts'] },
  {
    title: 'Calls that failed',
    shown: ['ReadsFailed', 'ConnectFailed', 'WebhooksFailed', 'GatewayFailed', 'GatewayThrottled'],
  },
  { title: 'Environments', shown: ['ColdStart'] },
];

export interface SlaDashboardProps {
  readonly name: string;
  readonly alarmArns: readonly string[];
  readonly sources: MetricSources;
}

export class SlaDashboard extends Construct {
  constructor(scope: Construct, id: string, { name, alarmArns, sources }: SlaDashboardProps) {
    super(scope, id);
    const line = (expression: Expression, label: string) => plot(expression, label, sources);
    const alarms = alarmArns.map((arn, index) => Alarm.fromAlarmArn(this, `Alarm${index}`, arn));
    const counters = counterPanels.map(
      ({ title, shown }) =>
        new GraphWidget({
          ...graph,
          title: `${title} a minute`,
          left: shown.map((metric) => line(count(metric, minute), metric)),
        }),
    );
    const widgets: IWidget[] = [
      ...Object.values(objectives).flatMap((objective) =>
        isLatencyObjective(objective)
          ? [
              new GraphWidget({
                ...graph,
                title: `${objective.title} p${Math.round(objective.percentile * 100)}, ms`,
                left: [line(percentile(objective.metric, objective.percentile, minute), objective.title)],
                leftAnnotations: [{ value: objective.underMs, label: 'promised' }],
                leftYAxis: { min: 0 },
              }),
            ]
          : [],
      ),
      new GraphWidget({
        ...graph,
        title: 'Whose time: provider and queue, p95, ms',
        left: (['ProviderTime', 'QueueAge'] as const).map((metric) =>
          line(percentile(metric, objectives.roundTrip.percentile, minute), metrics[metric].meaning),
        ),
        leftYAxis: { min: 0 },
      }),
      new GraphWidget({
        ...graph,
        title: 'Load, events a minute',
        left: [line(ratePerMinute('Events', minute), 'Events')],
        leftYAxis: { min: 0 },
      }),
      ...counters,
      ...(sources.daxClusterId === undefined
        ? []
        : [
            new GraphWidget({
              ...graph,
              title: 'Reads that DAX answers from memory',
              left: [line(cacheHitRate, 'share')],
            }),
          ]),
    ];
    new Dashboard(this, 'Dashboard', {
      dashboardName: name,
      defaultInterval: Duration.hours(3),
      periodOverride: PeriodOverride.INHERIT, // a percentile of another period is another figure
      widgets: [[new AlarmStatusWidget({ title: 'Alarms', alarms, width: 24, height: 4 })], widgets],
    });
  }
}

/** A metric as it is where the expression is one; ids of formulas would have to differ within a panel. */
function plot(expression: Expression, label: string, sources: MetricSources): IMetric {
  const { expression: formula, usingMetrics, periodSeconds } = toCloudWatch(expression, sources);
  const period = Duration.seconds(periodSeconds);
  const metricOf = (id: string) => new Metric({ ...usingMetrics[id], period, label } as MetricProps);
  if (formula in usingMetrics) return metricOf(formula);
  const used = Object.fromEntries(Object.keys(usingMetrics).map((id) => [id, metricOf(id)]));
  return new MathExpression({ expression: formula, label, period, usingMetrics: used });
}
