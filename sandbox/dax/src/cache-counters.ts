/** What a cache did, for hit rates. */
export interface CacheCounters {
  /** Answered with something. */
  hits: number;
  /** Answered from the cache with "there is nothing". */
  negativeHits: number;
  misses: number;
  /** Went for lack of room. */
  evictions: number;
  entries: number;
  bytes: number;
}

export function newCounters(): CacheCounters {
  return { hits: 0, negativeHits: 0, misses: 0, evictions: 0, entries: 0, bytes: 0 };
}
