/** What the system counts: the last minute for the terminal, totals since the start for who scrapes. One way in for both. */
import {
  createLiveWindow,
  createMetricTotals,
  type LiveWindow,
  type MetricSample,
  type MetricTotals,
  readEmf,
} from '@quartersec/sandbox-cloudwatch';
import { type MetricName, metricNamespace, metrics, services } from '@quartersec/sla';

export interface SystemMetrics {
  readonly lastMinute: LiveWindow;
  readonly totals: MetricTotals;
  /** A line of a function's log; counts what is in it, if anything. */
  readLine(line: string): void;
  /** For what no function counts. Without labels where nobody knows which service or provider it belongs to. */
  add(metric: MetricName, value: number, labels?: { readonly service: string; readonly provider: string }): void;
}

/** @param providers that connections are linked with: their series are there before the first event */
export function createSystemMetrics(nowEpochMs: () => number, providers: readonly string[] = ['plaid']): SystemMetrics {
  const lastMinute = createLiveWindow({ windowSeconds: 60 });
  const totals = createMetricTotals({ services, providers });
  const record = (samples: readonly MetricSample[]) => {
    lastMinute.record(samples, nowEpochMs());
    totals.record(samples);
  };
  return {
    lastMinute,
    totals,
    readLine: (line) => record(readEmf(line)),
    add(name, value, labels) {
      const { unit } = metrics[name];
      record([{ namespace: metricNamespace, name, unit, values: [value], dimensions: { ...labels } }]);
    },
  };
}
