/** Reads that DAX failed, as a metric: they travel in the line of the next event, so that an outage adds no lines of its own. */
import type { EventMetrics } from '@quartersec/telemetry';

export interface CacheFailures {
  readonly count: () => void;
  /** Adds what was counted since the last line to each line that is written. */
  readonly addTo: (metrics: EventMetrics) => EventMetrics;
}

export function createCacheFailures(): CacheFailures {
  let counted = 0;
  return {
    count() {
      counted += 1;
    },
    addTo: (metrics) => ({
      write(values, provider, nowEpochMs, blame) {
        const failures = counted;
        counted = 0;
        metrics.write(failures === 0 ? values : { ...values, CacheFailures: failures }, provider, nowEpochMs, blame);
      },
    }),
  };
}
