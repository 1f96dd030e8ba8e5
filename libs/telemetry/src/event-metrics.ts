/** Metrics of a function as one CloudWatch EMF line an event, by Powertools. */
import { MetricResolution, Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { metrics as catalogue, type MetricName, metricNamespace } from '@quartersec/sla';

export type MetricValues = Readonly<Partial<Record<MetricName, number>>>;

export interface EventMetrics {
  /** Writes all values of one event at once, so that concurrent events of one process never mix. */
  write(values: MetricValues, provider: string): void;
}

/** @param service the dimension `service`, e.g. `process` */
export function createEventMetrics(service: string): EventMetrics {
  const powertools = new Metrics({ namespace: metricNamespace, serviceName: service });
  return {
    write(values, provider) {
      // No await from here to the publish: the instance is shared by all events of the process.
      powertools.addDimension('provider', provider);
      for (const [name, value] of Object.entries(values)) {
        const { unit } = catalogue[name as MetricName];
        // High resolution: the alarms look at 10 s periods.
        powertools.addMetric(name, MetricUnit[unit], value, MetricResolution.High);
      }
      powertools.publishStoredMetrics();
    },
  };
}
