/** The query cache: whole answers of Query and Scan by everything that was asked. Writes do not touch it, as in DAX. */
import { hash } from 'node:crypto';
import { type ByteLru, LruEntry } from './byte-lru.ts';
import { type CacheCounters, newCounters } from './cache-counters.ts';
import { ENTRY_OVERHEAD_BYTES } from './item-cache.ts';

export class QueryEntry extends LruEntry {
  readonly answer: Buffer;
  /** The result set is empty. */
  readonly empty: boolean;
  readonly expiresMs: number;
  readonly #counters: CacheCounters;

  constructor(key: string, answer: Buffer, empty: boolean, expiresMs: number, counters: CacheCounters) {
    super(key, key.length * 2 + answer.length + ENTRY_OVERHEAD_BYTES);
    this.answer = answer;
    this.empty = empty;
    this.expiresMs = expiresMs;
    this.#counters = counters;
    counters.entries += 1;
    counters.bytes += this.bytes;
  }

  override evicted(): void {
    this.#counters.evictions += 1;
  }

  override removed(): void {
    this.#counters.entries -= 1;
    this.#counters.bytes -= this.bytes;
  }
}

export interface QueryCacheOptions {
  /** 0: nothing is cached. */
  readonly ttlMs: number;
  readonly nowMs: () => number;
}

export class QueryCache {
  readonly counters = newCounters();
  readonly #lru: ByteLru;
  readonly #ttlMs: number;
  readonly #nowMs: () => number;
  readonly #underWay = new Map<string, Promise<Buffer>>();

  constructor(lru: ByteLru, { ttlMs, nowMs }: QueryCacheOptions) {
    this.#lru = lru;
    this.#ttlMs = ttlMs;
    this.#nowMs = nowMs;
  }

  /**
   * Answers from the cache, or asks once for all who want the same at the same time.
   * @param question canonical text of all parameters
   * @param ask reads the backend: the answer to keep, and the one for the caller who caused it (it names the capacity)
   */
  answer(
    question: string,
    ask: () => Promise<{ kept: Buffer; empty: boolean; first: Buffer }>,
  ): Buffer | Promise<Buffer> {
    if (this.#ttlMs === 0) {
      this.counters.misses += 1;
      return ask().then(({ first }) => first);
    }
    const key = `q${hash('sha256', question, 'base64')}`;
    const entry = this.#lru.get(key) as QueryEntry | undefined;
    if (entry !== undefined && entry.expiresMs > this.#nowMs()) {
      if (entry.empty) this.counters.negativeHits += 1;
      else this.counters.hits += 1;
      return entry.answer;
    }
    this.counters.misses += 1;
    const joined = this.#underWay.get(key);
    if (joined !== undefined) return joined;
    const asked = ask();
    const shared = asked.then(({ kept, empty }) => {
      const fresh = new QueryEntry(key, kept, empty, this.#nowMs() + this.#ttlMs, this.counters);
      if (!this.#lru.set(fresh)) fresh.removed();
      return kept;
    });
    this.#underWay.set(key, shared);
    const done = () => this.#underWay.delete(key);
    shared.then(done, done);
    return asked.then(({ first }) => first);
  }
}
