/** What the node counts: per cache, per table, per operation, per connection. */
import type { BackendStats } from './backend.ts';
import type { CacheCounters } from './cache-counters.ts';
import { LatencyHistogram, type LatencySummary } from './latency-histogram.ts';

export interface TableReads {
  hits: number;
  negativeHits: number;
  misses: number;
}

/** Reads of the item cache by table. */
export class TableCounters {
  readonly #tables = new Map<string, TableReads>();

  of(tableName: string): TableReads {
    let reads = this.#tables.get(tableName);
    if (reads === undefined) {
      reads = { hits: 0, negativeHits: 0, misses: 0 };
      this.#tables.set(tableName, reads);
    }
    return reads;
  }

  snapshot(): Record<string, TableReads> {
    return Object.fromEntries([...this.#tables].map(([name, reads]) => [name, { ...reads }]));
  }
}

export interface OperationStats extends LatencySummary {
  readonly count: number;
  readonly errors: number;
}

export class OperationMeter {
  readonly latency = new LatencyHistogram();
  errors = 0;

  summary(): OperationStats {
    return { count: this.latency.count, errors: this.errors, ...this.latency.summary() };
  }
}

export interface ConnectionStats {
  open: number;
  accepted: number;
  /** Closed because they did not speak the protocol, sent too much, or stood still in the middle of a request. */
  refused: number;
}

/** A picture of the node at one moment; counters run from its start. */
export interface DaxNodeStats {
  readonly itemCache: CacheCounters;
  readonly queryCache: CacheCounters;
  readonly memory: { readonly usedBytes: number; readonly limitBytes: number };
  /** Item cache reads by table name. */
  readonly tables: Readonly<Record<string, TableReads>>;
  /** By method, as `getItem`. */
  readonly operations: Readonly<Record<string, OperationStats>>;
  readonly connections: ConnectionStats;
  readonly backend: BackendStats;
  readonly attributeLists: { readonly count: number; readonly bytes: number };
}
