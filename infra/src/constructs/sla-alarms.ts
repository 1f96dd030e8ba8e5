/** Every alert of the SLA as CloudWatch alarms, from libs/sla alone: no bound and no name is written here. */
import { alerts, type CloudWatchAlarm, type CloudWatchAlarms, cloudWatchAlarms } from '@quartersec/sla';
import { CfnAlarm, CfnCompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { alarmSources, type MetricSources, sourceIsMissing } from '../metric-sources.ts';

export interface SlaAlarmsProps {
  readonly prefix: string;
  readonly topicArn: string;
  readonly sources: MetricSources;
  /** Web address of docs/; `undefined`: alarms name the page by its path in the repository. */
  readonly docsUrl: string | undefined;
}

export class SlaAlarms extends Construct {
  /** ARNs of the alarms that notify, one for each alert. */
  readonly notifying: readonly string[];

  constructor(scope: Construct, id: string, { prefix, topicArn, sources, docsUrl }: SlaAlarmsProps) {
    super(scope, id);
    const told = { alarmActions: [topicArn], okActions: [topicArn] };
    const runbooks = docsUrl === undefined ? {} : { runbookUrl: `${docsUrl}/troubleshooting.md` };
    this.notifying = alerts
      .filter((alert) => !sourceIsMissing(alert, sources))
      .map((alert) => this.#render(cloudWatchAlarms(alert, { ...alarmSources(prefix, sources), ...runbooks }), told));
  }

  #render(
    { alert, alarms, composite }: CloudWatchAlarms,
    told: { alarmActions: string[]; okActions: string[] },
  ): string {
    if (composite === undefined) {
      const [alarm] = alarms as readonly [CloudWatchAlarm];
      return new CfnAlarm(this, alert.name, mutable({ ...alarm, ...told })).attrArn;
    }
    const joined = new CfnCompositeAlarm(this, alert.name, { ...composite, ...told });
    for (const [index, alarm] of alarms.entries()) {
      joined.addResourceDependency(new CfnAlarm(this, `${alert.name}${index}`, mutable(alarm))); // its rule names them
    }
    return joined.attrArn;
  }
}

/** CDK's types ask for arrays that may be written to. */
function mutable(alarm: CloudWatchAlarm & { alarmActions?: string[]; okActions?: string[] }) {
  return {
    ...alarm,
    metrics: alarm.metrics.map(({ metricStat, ...query }) =>
      metricStat === undefined
        ? query
        : {
            ...query,
            metricStat: {
              ...metricStat,
              metric: { ...metricStat.metric, dimensions: [...metricStat.metric.dimensions] },
            },
          },
    ),
  };
}
