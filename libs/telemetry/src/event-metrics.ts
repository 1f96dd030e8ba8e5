/**
 * Metrics of a function as one line of CloudWatch's embedded metric format (EMF) an event. Written here rather than by
 * Powertools: our alarms need each metric under several dimension sets, one of them empty, which Powertools cannot say;
 * and the directive, four fifths of the line, is the same text for every event that measures the same things.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import { metrics as catalogue, type MetricName, metricDimensionSets, metricNamespace } from '@quartersec/sla';

export type MetricValues = Readonly<Partial<Record<MetricName, number>>>;

export interface EventMetrics {
  /** Writes all values of one event at once, so that concurrent events of one process never mix. */
  write(values: MetricValues, provider: string, nowEpochMs: number): void;
}

/** @param service the dimension `service`, e.g. `process` */
export function createEventMetrics(service: string, writeLine: (line: string) => void): EventMetrics {
  const directives = new Map<string, string>();
  const directiveOf = (names: readonly string[]): string => {
    const key = names.join();
    const known = directives.get(key);
    if (known !== undefined) return known;
    const text = JSON.stringify([
      {
        Namespace: metricNamespace,
        Dimensions: metricDimensionSets,
        // High resolution: the alarms look at 10 s periods.
        Metrics: names.map((Name) => ({ Name, Unit: catalogue[Name as MetricName].unit, StorageResolution: 1 })),
      },
    ]);
    directives.set(key, text); // as many as there are ways for an event to end: a dozen
    return text;
  };
  return {
    write(values, provider, nowEpochMs) {
      const directive = directiveOf(Object.keys(values));
      const members = JSON.stringify({ service, provider, ...values }).slice(1);
      writeLine(`{"_aws":{"Timestamp":${nowEpochMs},"CloudWatchMetrics":${directive}},${members}`);
    },
  };
}
