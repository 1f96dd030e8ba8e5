/** Metric values as they come, until somebody fetches them: a load run keeps its own series. */
import type { MetricSample } from '@quartersec/sandbox-cloudwatch';

/** Metric name to pairs of arrival time (ms since 1970) and value, oldest first. */
export type Samples = Readonly<Record<string, readonly (readonly [atEpochMs: number, value: number])[]>>;

export interface SampleBuffer {
  add(samples: readonly MetricSample[], atEpochMs: number): void;
  /** Everything since the last call. */
  drain(): Samples;
}

export function createSampleBuffer(): SampleBuffer {
  let held: Record<string, (readonly [number, number])[]> = {};
  return {
    add(samples, atEpochMs) {
      for (const { name, values } of samples) {
        held[name] ??= [];
        const series = held[name];
        for (const value of values) series.push([atEpochMs, value]);
      }
    },
    drain() {
      const drained = held;
      held = {};
      return drained;
    },
  };
}
