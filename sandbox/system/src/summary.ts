/** What a person wants to see of the last minute: is the promise kept? Pure. */
import { type LiveWindow, percentileOf } from '@quartersec/sandbox-cloudwatch';
import { type LatencyObjective, objectives, percentileFloor } from '@quartersec/sla';

export interface LatencyRow {
  readonly name: string;
  readonly p50Ms: number | null;
  /** At the objective's own percentile. */
  readonly tailMs: number | null;
  readonly objective: LatencyObjective;
  /** `null` where too few events say nothing, as on the board: nothing measured is not a promise kept. */
  readonly kept: boolean | null;
}

export interface Summary {
  readonly eventsPerMinute: number;
  readonly latencies: readonly LatencyRow[];
  readonly totals: Readonly<
    Record<'events' | 'retries' | 'retriesExhausted' | 'failed' | 'quarantined' | 'coldStarts', number>
  >;
  readonly deadLetters: number;
  /** Share of the last minute's reads that DAX answered from its cache, 0 to 1; `null` without reads or without DAX. */
  readonly cacheHitRate: number | null;
}

const rows = [
  ['RoundTrip', objectives.roundTrip],
  ['Processing', objectives.processing],
  ['Store', objectives.store],
] as const;

/** @param window holds one minute of values */
export function summarise(window: LiveWindow, deadLetters: number, nowEpochMs: number): Summary {
  const cacheHits = window.sum('CacheHits', nowEpochMs);
  const cacheReads = cacheHits + window.sum('CacheMisses', nowEpochMs) + window.sum('CacheFailures', nowEpochMs);
  return {
    eventsPerMinute: window.values('RoundTrip', nowEpochMs).length,
    latencies: rows.map(([name, objective]) => {
      const values = window.values(name, nowEpochMs);
      const tailMs = percentileOf(values, objective.percentile);
      return {
        name,
        p50Ms: percentileOf(values, 0.5) ?? null,
        tailMs: tailMs ?? null,
        objective,
        kept:
          tailMs === undefined || values.length < percentileFloor(objective.percentile)
            ? null
            : tailMs < objective.underMs,
      };
    }),
    totals: {
      events: window.count('RoundTrip'),
      retries: window.total('Retries'),
      retriesExhausted: window.total('RetriesExhausted'),
      failed: window.total('Failed'),
      quarantined: window.total('Quarantined'),
      coldStarts: window.total('ColdStart'),
    },
    deadLetters,
    cacheHitRate: cacheReads === 0 ? null : cacheHits / cacheReads,
  };
}

/** The summary as lines of text for a terminal. */
export function renderSummary(summary: Summary): string {
  const ms = (value: number | null) => (value === null ? '-' : value.toFixed(0)).padStart(5);
  const verdict = ({ kept, tailMs }: LatencyRow) =>
    tailMs === null ? 'no data' : kept === null ? 'too few to judge' : kept ? 'kept' : 'BROKEN';
  const { totals, cacheHitRate } = summary;
  const cache = cacheHitRate === null ? '' : `; DAX answered ${(cacheHitRate * 100).toFixed(0)} % of the reads`;
  return [
    `${String(summary.eventsPerMinute).padStart(6)} events/min    p50 ms   tail ms   objective`,
    ...summary.latencies.map(
      (row) =>
        `  ${row.name.padEnd(18)} ${ms(row.p50Ms)}     ${ms(row.tailMs)}   p${row.objective.percentile * 100} < ${row.objective.underMs} ms   ${verdict(row)}`,
    ),
    `  since the start: ${totals.events} events, ${totals.retries} retries, ${totals.retriesExhausted} exhausted, ${totals.failed} failed, ` +
      `${summary.deadLetters} dead letters, ${totals.quarantined} quarantined, ${totals.coldStarts} cold starts${cache}`,
  ].join('\n');
}
