/** What is watched: metrics and alarms that CloudWatch bills whatever the traffic. */
import { type Alert, cadence, cloudWatchAlarms, metricDimensionSets, metrics } from '@quartersec/sla';

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
  customMetrics: 150,
  highResolutionAlarmMetrics: 10,
  standardAlarmMetrics: 30,
  compositeAlarms: 5,
};

/**
 * Counted from the promise.
 * @param values how many of each dimension there are
 */
export function countWatched(
  alerts: readonly Alert[],
  values: { readonly service: number; readonly provider: number },
): WatchingBill {
  const emitted = Object.values(metrics).filter((metric) => !('aws' in metric)).length;
  const series = metricDimensionSets
    .map((names: readonly (keyof typeof values)[]) => names.reduce((product, name) => product * values[name], 1))
    .reduce((total, each) => total + each, 0);
  const rendered = alerts.map((alert) => cloudWatchAlarms(alert, { daxClusterId: 'any', deadLetterQueueName: 'any' }));
  const periods = rendered.flatMap(({ alarms }) =>
    alarms.flatMap(({ metrics: used }) => used.flatMap(({ metricStat }) => metricStat?.period ?? [])),
  );
  const isFast = (periodSeconds: number) => periodSeconds <= cadence.highResolutionMs / 1_000;
  return {
    customMetrics: emitted * series,
    highResolutionAlarmMetrics: periods.filter(isFast).length,
    standardAlarmMetrics: periods.filter((period) => !isFast(period)).length,
    compositeAlarms: rendered.filter(({ composite }) => composite !== undefined).length,
  };
}
