/** What is watched: metrics and alarms that CloudWatch bills whatever the traffic. */
import {
  type Alert,
  blames,
  cadence,
  cloudWatchAlarms,
  dimensionSetsOf,
  type MetricName,
  metrics,
} from '@quartersec/sla';

export interface WatchingBill {
  /** Series at most: a metric that never gets a value is not billed. */
  readonly customMetrics: number;
  /** CloudWatch bills an alarm by the metrics in its formula. */
  readonly highResolutionAlarmMetrics: number;
  readonly standardAlarmMetrics: number;
  readonly compositeAlarms: number;
}

/** What the bill reckons with: rounded up, so that one more metric does not change every table. A test compares. */
export const watchingAllowance: WatchingBill = {
  customMetrics: 240,
  highResolutionAlarmMetrics: 10,
  standardAlarmMetrics: 80,
  compositeAlarms: 10,
};

/**
 * Counted from the promise.
 * @param values how many of each dimension there are
 */
export function countWatched(
  alerts: readonly Alert[],
  values: { readonly service: number; readonly provider: number },
): WatchingBill {
  const sizes = { ...values, blame: blames.length };
  const emitted = Object.entries(metrics).filter(([, metric]) => !('aws' in metric));
  const series = emitted
    .flatMap(([name]) => dimensionSetsOf(name as MetricName))
    .map((names) => names.reduce((product, name) => product * sizes[name], 1))
    .reduce((total, each) => total + each, 0);
  const sources = {
    daxClusterId: 'any',
    deadLetterQueueName: 'any',
    syncQueueNames: ['any'],
    functionNames: { process: 'any', query: 'any', connect: 'any', webhook: 'any' },
  };
  const rendered = alerts.map((alert) => cloudWatchAlarms(alert, sources));
  const periods = rendered.flatMap(({ alarms }) =>
    alarms.flatMap(({ metrics: used }) => used.flatMap(({ metricStat }) => metricStat?.period ?? [])),
  );
  const isFast = (periodSeconds: number) => periodSeconds <= cadence.highResolutionMs / 1_000;
  return {
    customMetrics: series,
    highResolutionAlarmMetrics: periods.filter(isFast).length,
    standardAlarmMetrics: periods.filter((period) => !isFast(period)).length,
    compositeAlarms: rendered.filter(({ composite }) => composite !== undefined).length,
  };
}
