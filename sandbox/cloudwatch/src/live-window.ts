/** The last minutes of every metric, exact: what a live summary shows. Memory is bounded by the window and a cap per second. */
import type { MetricSample } from './emf.ts';

export interface LiveWindow {
  record(samples: readonly MetricSample[], nowEpochMs: number): void;
  /** Starts the window anew; what counts since the start stays. */
  restart(): void;
  /** All values of a metric in the last `windowSeconds`, in no order. */
  values(name: string, nowEpochMs: number): readonly number[];
  /** Sum of a metric in the last `windowSeconds`. */
  sum(name: string, nowEpochMs: number): number;
  /** Sum of a metric since the start. */
  total(name: string): number;
  /** Values of a metric since the start. */
  count(name: string): number;
}

/** Far above what one machine carries; beyond it a second's values are a sample of its first ones. */
const valuesPerSecondCap = 5_000;

export function createLiveWindow(options: { readonly windowSeconds: number }): LiveWindow {
  /** Metric name to second (since 1970) to the values of that second. */
  const seconds = new Map<string, Map<number, number[]>>();
  const totals = new Map<string, { sum: number; count: number }>();

  const current = (name: string, nowEpochMs: number): number[][] => {
    const oldestSecond = Math.floor(nowEpochMs / 1_000) - options.windowSeconds;
    return [...(seconds.get(name) ?? [])].filter(([second]) => second > oldestSecond).map(([, values]) => values);
  };

  return {
    record(samples, nowEpochMs) {
      const second = Math.floor(nowEpochMs / 1_000);
      for (const { name, values } of samples) {
        const slots = seconds.get(name) ?? new Map<number, number[]>();
        seconds.set(name, slots);
        const slot = slots.get(second) ?? [];
        if (slot.length === 0) {
          slots.set(second, slot);
          for (const old of slots.keys()) if (old <= second - options.windowSeconds) slots.delete(old);
        }
        const total = totals.get(name) ?? { sum: 0, count: 0 };
        totals.set(name, total);
        for (const value of values) {
          total.sum += value;
          total.count += 1;
          if (slot.length < valuesPerSecondCap) slot.push(value);
        }
      }
    },
    restart: () => seconds.clear(),
    values: (name, nowEpochMs) => current(name, nowEpochMs).flat(),
    sum: (name, nowEpochMs) =>
      current(name, nowEpochMs)
        .flat()
        .reduce((sum, value) => sum + value, 0),
    total: (name) => totals.get(name)?.sum ?? 0,
    count: (name) => totals.get(name)?.count ?? 0,
  };
}

/**
 * @param quantile 0 to 1
 * @returns the smallest value that at least `quantile` of the values do not exceed (nearest rank); `undefined` without values
 */
export function percentileOf(values: readonly number[], quantile: number): number | undefined {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(quantile * sorted.length) - 1)];
}
