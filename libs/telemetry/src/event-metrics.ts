/**
 * Metrics of a function as one line of CloudWatch's embedded metric format (EMF) an event. Written here rather than by
 * Powertools: our alarms need each metric under several dimension sets, one of them empty, which Powertools cannot say;
 * and the directive, four fifths of the line, is the same text for every event that measures the same things.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import {
  type Blame,
  metrics as catalogue,
  dimensionSetsOf,
  isBlamed,
  type MetricName,
  metricDimensionSets,
  metricNamespace,
} from '@quartersec/sla';

export type MetricValues = Readonly<Partial<Record<MetricName, number>>>;

export interface EventMetrics {
  /**
   * Writes all values of one event at once, so that concurrent events of one process never mix.
   * @param blame whose doing it was; needed where a value is of a metric that is `blamed`
   */
  write(values: MetricValues, provider: string, nowEpochMs: number, blame?: Blame): void;
}

/** @param service the dimension `service`, e.g. `process` */
export function createEventMetrics(service: string, writeLine: (line: string) => void): EventMetrics {
  const known = new Map<string, string>();
  const directivesOf = (names: readonly MetricName[]): string => {
    const key = names.join();
    const made = known.get(key);
    if (made !== undefined) return made;
    const blamed = names.filter(isBlamed);
    const plain = names.filter((name) => !isBlamed(name));
    const text = JSON.stringify([
      ...(plain.length === 0 ? [] : [directive(metricDimensionSets, plain)]),
      // Its own directive: the dimension is no other metric's.
      ...blamed.slice(0, 1).map((first) => directive(dimensionSetsOf(first), blamed)),
    ]);
    known.set(key, text); // as many as there are ways for an event to end: a dozen
    return text;
  };
  return {
    write(values, provider, nowEpochMs, blame) {
      const directives = directivesOf(Object.keys(values) as MetricName[]);
      const members = JSON.stringify({ service, provider, blame, ...values }, shortened).slice(1);
      writeLine(`{"_aws":{"Timestamp":${nowEpochMs},"CloudWatchMetrics":${directives}},${members}`);
    },
  };
}

/** Thousandths say enough; a clock's further digits would be a tenth of the line. */
function shortened(_name: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 1_000) / 1_000 : value;
}

function directive(sets: readonly (readonly string[])[], names: readonly MetricName[]) {
  return {
    Namespace: metricNamespace,
    Dimensions: sets,
    // High resolution: the alarms look at 10 s periods.
    Metrics: names.map((Name) => ({ Name, Unit: catalogue[Name].unit, StorageResolution: 1 })),
  };
}
