/** Least recently used first out, measured in bytes: one budget for all that the node caches. */

/** Base of what is kept; the links belong to `ByteLru`. */
export abstract class LruEntry {
  readonly key: string;
  readonly bytes: number;
  older: LruEntry | undefined = undefined;
  newer: LruEntry | undefined = undefined;

  constructor(key: string, bytes: number) {
    this.key = key;
    this.bytes = bytes;
  }

  /** Told when the entry goes for lack of room, not when it is replaced or deleted. */
  abstract evicted(): void;
  /** Told whenever the entry goes, for whatever reason. */
  abstract removed(): void;
}

export class ByteLru {
  readonly limitBytes: number;
  readonly #entries = new Map<string, LruEntry>();
  #oldest: LruEntry | undefined;
  #newest: LruEntry | undefined;
  #bytes = 0;

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return this.#entries.size;
  }

  /** Finds an entry and makes it the youngest. */
  get(key: string): LruEntry | undefined {
    const entry = this.#entries.get(key);
    if (entry !== undefined && entry !== this.#newest) {
      this.#unlink(entry);
      this.#append(entry);
    }
    return entry;
  }

  /** Stores an entry in place of one with its key; one that is larger than everything is not kept. */
  set(entry: LruEntry): boolean {
    this.delete(entry.key);
    if (entry.bytes > this.limitBytes) return false;
    this.#entries.set(entry.key, entry);
    this.#append(entry);
    this.#bytes += entry.bytes;
    while (this.#bytes > this.limitBytes) {
      const victim = this.#oldest as LruEntry;
      this.#drop(victim);
      victim.evicted();
    }
    return true;
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) this.#drop(entry);
  }

  #drop(entry: LruEntry): void {
    this.#entries.delete(entry.key);
    this.#unlink(entry);
    this.#bytes -= entry.bytes;
    entry.removed();
  }

  #append(entry: LruEntry): void {
    entry.older = this.#newest;
    entry.newer = undefined;
    if (this.#newest === undefined) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
  }

  #unlink(entry: LruEntry): void {
    if (entry.older === undefined) this.#oldest = entry.newer;
    else entry.older.newer = entry.newer;
    if (entry.newer === undefined) this.#newest = entry.older;
    else entry.newer.older = entry.older;
  }
}
