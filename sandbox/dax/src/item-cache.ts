/**
 * The item cache: one entry per primary key, "no such item" included. Holds answers as they go over the wire. A read
 * that was slower than a write to the same key never overwrites what the write left.
 */
import { type ByteLru, LruEntry } from './byte-lru.ts';
import { type CacheCounters, newCounters } from './cache-counters.ts';
import { CborWriter } from './cbor-writer.ts';

/** What an entry costs beyond its bytes: objects, map slot, buffer header. Measured (300 to 500 by size), rounded up. */
export const ENTRY_OVERHEAD_BYTES = 500;

// A write whose answer was lost may still arrive at the table; until then a fill could be older than it.
const SETTLE_MS = 60_000;
const NOT_FOUND = Buffer.from([0x80, 0xf6]);

export class ItemEntry extends LruEntry {
  /** The whole answer to GetItem; undefined when only a fresh read may say what the item is. */
  readonly answer: Buffer | undefined;
  /** Where the stream item starts in the answer; 0 for a missing item. */
  readonly itemStart: number;
  readonly expiresMs: number;
  readonly #counters: CacheCounters;

  constructor(key: string, answer: Buffer | undefined, itemStart: number, expiresMs: number, counters: CacheCounters) {
    super(key, key.length * 2 + (answer?.length ?? 0) + ENTRY_OVERHEAD_BYTES);
    this.answer = answer;
    this.itemStart = itemStart;
    this.expiresMs = expiresMs;
    this.#counters = counters;
    counters.entries += 1;
    counters.bytes += this.bytes;
  }

  /** The encoded item; undefined when there is none. */
  get streamItem(): Buffer | undefined {
    return this.itemStart === 0 ? undefined : this.answer?.subarray(this.itemStart);
  }

  override evicted(): void {
    this.#counters.evictions += 1;
  }

  override removed(): void {
    this.#counters.entries -= 1;
    this.#counters.bytes -= this.bytes;
  }
}

/** A read on its way to the backend. */
export interface Fill {
  readonly key: string;
  /** The read must be strongly consistent: a plain one could miss the write that emptied the entry. */
  readonly consistent: boolean;
  /** Set when a write to the key ended meanwhile. */
  overtaken: boolean;
  /** The answer that others who ask for the same key wait for. */
  answer: Promise<ItemEntry> | undefined;
}

export interface ItemCacheOptions {
  /** 0: entries stay until they are written or evicted. */
  readonly ttlMs: number;
  readonly nowMs: () => number;
}

export class ItemCache {
  readonly counters = newCounters();
  readonly #lru: ByteLru;
  readonly #ttlMs: number;
  readonly #nowMs: () => number;
  readonly #fills = new Map<string, Set<Fill>>();

  constructor(lru: ByteLru, { ttlMs, nowMs }: ItemCacheOptions) {
    this.#lru = lru;
    this.#ttlMs = ttlMs;
    this.#nowMs = nowMs;
  }

  /** The entry of a key, unless it is missing, too old, or only a mark left by a write. Counts nothing. */
  find(key: string): ItemEntry | undefined {
    const entry = this.#lru.get(key) as ItemEntry | undefined;
    if (entry?.answer === undefined || entry.expiresMs <= this.#nowMs()) return undefined;
    return entry;
  }

  /** A read of this key that is under way and still good for those who come now. */
  underWay(key: string): Promise<ItemEntry> | undefined {
    for (const fill of this.#fills.get(key) ?? []) if (fill.answer !== undefined) return fill.answer;
    return undefined;
  }

  /** Announces a read of the backend; every one must be ended by `fill` or `abandon`. */
  startFill(key: string): Fill {
    const mark = this.#lru.get(key) as ItemEntry | undefined;
    const consistent = mark !== undefined && mark.answer === undefined;
    const fill: Fill = { key, consistent, overtaken: false, answer: undefined };
    const others = this.#fills.get(key);
    if (others === undefined) this.#fills.set(key, new Set([fill]));
    else others.add(fill);
    return fill;
  }

  /**
   * Ends a read: keeps what it found, unless a write was faster.
   * @param streamItem undefined: there is no such item
   * @returns the entry, kept or not
   */
  fill(fill: Fill, streamItem: Buffer | undefined): ItemEntry {
    this.abandon(fill);
    const entry = this.#entry(fill.key, streamItem);
    if (fill.overtaken || this.#settling(fill.key)) entry.removed();
    else this.#keep(entry);
    return entry;
  }

  /** Ends a read that failed. */
  abandon(fill: Fill): void {
    const others = this.#fills.get(fill.key);
    if (others?.delete(fill) && others.size === 0) this.#fills.delete(fill.key);
  }

  /** A write through the node succeeded and left this item, or none. */
  written(key: string, streamItem: Buffer | undefined): void {
    this.#overtake(key);
    // an earlier write may still arrive and undo this one: its mark stays
    if (!this.#settling(key)) this.#keep(this.#entry(key, streamItem));
  }

  /**
   * A write changed the item and the node does not know into what: the next read asks the backend, consistently.
   * @param outcomeUnknown the write may not even have arrived yet: for a while nothing is kept
   */
  forget(key: string, outcomeUnknown: boolean): void {
    this.#overtake(key);
    const settledMs = outcomeUnknown ? this.#nowMs() + SETTLE_MS : 0;
    this.#keep(new ItemEntry(key, undefined, 0, settledMs, this.counters));
  }

  #entry(key: string, streamItem: Buffer | undefined): ItemEntry {
    const expiresMs = this.#ttlMs === 0 ? Number.POSITIVE_INFINITY : this.#nowMs() + this.#ttlMs;
    if (streamItem === undefined) return new ItemEntry(key, NOT_FOUND, 0, expiresMs, this.counters);
    const head = new CborWriter(streamItem.length + 16).raw(ITEM_FIELD).bytes(streamItem);
    const answer = head.finish();
    return new ItemEntry(key, answer, answer.length - streamItem.length, expiresMs, this.counters);
  }

  #keep(entry: ItemEntry): void {
    if (!this.#lru.set(entry)) entry.removed();
  }

  #settling(key: string): boolean {
    const mark = this.#lru.get(key) as ItemEntry | undefined;
    return mark !== undefined && mark.answer === undefined && mark.expiresMs > this.#nowMs();
  }

  #overtake(key: string): void {
    for (const fill of this.#fills.get(key) ?? []) fill.overtaken = true;
    this.#fills.delete(key);
  }
}

/** Success, a map of one field, field 0 (the item). */
const ITEM_FIELD = Buffer.from([0x80, 0xa1, 0x00]);
