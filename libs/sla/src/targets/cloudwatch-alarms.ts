/**
 * Alerts as CloudWatch alarms: plain objects in the shape of the properties of `CfnAlarm` and `CfnCompositeAlarm`.
 *
 * Event alerts look at periods of 10 s (the metrics are stored at 1 s), one bad one in the whole window being enough: seen
 * within seconds, latched for the window. AWS's own metrics have a value a minute, so theirs are of 60 s. Objectives keep their window as the period, because the percentile of a minute
 * is not made of percentiles of 10 s; CloudWatch looks at those every minute. Conditions over several windows become one
 * alarm each, joined by a composite alarm, which is then the one that notifies.
 */
import type { Alert, Condition } from '../alert.ts';
import { cadence } from '../cadence.ts';
import { leavesOf } from '../expression.ts';
import { metricNamespace } from '../metrics.ts';
import { awsSourceOf, type CloudWatchOptions, combineForCloudWatch } from './cloudwatch.ts';
import { prometheusDuration } from './prometheus-names.ts';
import { runbookPage } from './prometheus-rules.ts';
import { runbookLink } from './runbook-link.ts';

export interface AlarmMetricQuery {
  readonly id: string;
  readonly returnData: boolean;
  readonly expression?: string;
  readonly metricStat?: {
    readonly metric: {
      readonly namespace: string;
      readonly metricName: string;
      readonly dimensions: readonly { readonly name: string; readonly value: string }[];
    };
    /** Seconds. */
    readonly period: number;
    readonly stat: string;
  };
}

/** Fits `CfnAlarmProps`. */
export interface CloudWatchAlarm {
  readonly alarmName: string;
  readonly alarmDescription: string;
  readonly metrics: readonly AlarmMetricQuery[];
  readonly comparisonOperator: 'GreaterThanThreshold' | 'LessThanThreshold';
  readonly threshold: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissingData: 'notBreaching' | 'breaching';
}

/** Fits `CfnCompositeAlarmProps`. */
export interface CloudWatchCompositeAlarm {
  readonly alarmName: string;
  readonly alarmDescription: string;
  readonly alarmRule: string;
}

export interface CloudWatchAlarms {
  /** The alert in the catalogue. */
  readonly alert: Alert;
  /** One for each window. */
  readonly alarms: readonly CloudWatchAlarm[];
  /** Only where there are several: notify on this one then, on the alarm itself otherwise. */
  readonly composite?: CloudWatchCompositeAlarm;
}

export interface CloudWatchAlarmOptions extends CloudWatchOptions {
  /** As `runbookLink` takes it. */
  readonly runbookUrl?: string;
  /** Goes before every name: two stages in one account. */
  readonly namePrefix?: string;
}

type Conditions = readonly [Condition, ...Condition[]];

function windowMsOf({ expression }: Condition): number {
  return Math.max(...leavesOf(expression).map(({ scope }) => scope.windowMs));
}

function byWindow(when: Conditions): ReadonlyMap<number, Conditions> {
  const groups = new Map<number, Conditions>();
  for (const condition of when) {
    const windowMs = windowMsOf(condition);
    const group = groups.get(windowMs);
    groups.set(windowMs, group === undefined ? [condition] : [...group, condition]);
  }
  return groups;
}

const SIGN = { above: '>', below: '<' } as const;
const OPERATOR = { above: 'GreaterThanThreshold', below: 'LessThanThreshold' } as const;

const DAY_MS = 86_400_000;

interface Timing {
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
}

function timingOf(alert: Alert, windowMs: number, options: CloudWatchAlarmOptions): Timing {
  if (alert.latchMs > 0) {
    const leaves = alert.when.flatMap(({ expression }) => leavesOf(expression));
    const fromAws = leaves.some(({ metric }) => awsSourceOf(metric, options) !== undefined);
    const periodMs = fromAws ? cadence.awsMetricsMs : cadence.highResolutionMs;
    return { periodSeconds: periodMs / 1_000, evaluationPeriods: Math.ceil(windowMs / periodMs), datapointsToAlarm: 1 };
  }
  // A period is a day at most: longer windows are so many days, each of them over the bound.
  if (windowMs > DAY_MS) {
    const days = windowMs / DAY_MS;
    return { periodSeconds: DAY_MS / 1_000, evaluationPeriods: days, datapointsToAlarm: days };
  }
  // A window that is longer than the hold contains it
  const periods = alert.holdMs < windowMs ? 1 : 1 + Math.ceil(alert.holdMs / windowMs);
  return { periodSeconds: windowMs / 1_000, evaluationPeriods: periods, datapointsToAlarm: periods };
}

/** The value of the first condition where the others hold; elsewhere its bound, which is never a breach. */
function guarded(conditions: Conditions, formulas: readonly string[]): string {
  const [value = '', ...guards] = formulas;
  if (guards.length === 0) return value;
  const tests = guards.map((guard, index) => {
    const condition = conditions[index + 1] ?? conditions[0];
    return `${guard} ${SIGN[condition.comparison]} ${condition.bound}`;
  });
  return `IF(${tests.join(' AND ')}, ${value}, ${conditions[0].bound})`;
}

function alarmOf(
  alert: Alert,
  alarmName: string,
  conditions: Conditions,
  options: CloudWatchAlarmOptions,
): CloudWatchAlarm {
  const [{ comparison, bound, whenAbsent }] = conditions;
  const { periodSeconds, ...periods } = timingOf(alert, windowMsOf(conditions[0]), options);
  const { expression, usingMetrics } = combineForCloudWatch(
    conditions.map((condition) => condition.expression),
    (formulas) => guarded(conditions, formulas),
    { ...options, periodSeconds },
  );
  const used = Object.entries(usingMetrics).map(([id, { namespace, metricName, dimensionsMap, statistic }]) => ({
    id,
    returnData: id === expression,
    metricStat: {
      metric: {
        namespace,
        metricName,
        dimensions: Object.entries(dimensionsMap).map(([name, value]) => ({ name, value })),
      },
      period: periodSeconds,
      stat: statistic,
    },
  }));
  return {
    alarmName,
    alarmDescription: describe(alert, options),
    metrics: expression in usingMetrics ? used : [...used, { id: 'value', returnData: true, expression }],
    comparisonOperator: OPERATOR[comparison],
    threshold: bound,
    ...periods,
    treatMissingData: whenAbsent === 'breach' ? 'breaching' : 'notBreaching',
  };
}

function describe({ title, whatToDo, runbook }: Alert, { runbookUrl = runbookPage }: CloudWatchAlarmOptions): string {
  return `${title}. ${whatToDo} ${runbookLink(runbookUrl, runbook)}`;
}

/** @throws {SlaError} as `combineForCloudWatch`; `SLA_SOURCE_UNKNOWN` for cache alerts without `daxClusterId` */
export function cloudWatchAlarms(alert: Alert, options: CloudWatchAlarmOptions = {}): CloudWatchAlarms {
  const name = `${options.namePrefix ?? `${metricNamespace}-`}${alert.name}`;
  const groups = [...byWindow(alert.when)];
  if (groups.length === 1) return { alert, alarms: [alarmOf(alert, name, alert.when, options)] };
  const alarms = groups.map(([windowMs, conditions]) =>
    alarmOf(alert, `${name}-${prometheusDuration(windowMs)}`, conditions, options),
  );
  const alarmRule = alarms.map(({ alarmName }) => `ALARM("${alarmName}")`).join(' AND ');
  return { alert, alarms, composite: { alarmName: name, alarmDescription: describe(alert, options), alarmRule } };
}
