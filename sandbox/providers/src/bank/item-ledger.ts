/** Everything a bank has said about an Item, by id, in order. Pure: it answers what is held now, what was held, and what changed between. */

export interface Identified {
  readonly id: string;
}

interface Version<T> {
  /** Place in the log, from 1. */
  readonly sequence: number;
  /** `null`: removed. */
  readonly value: T | null;
}

/** The net effect of all changes of one id. */
export type NetChange<T> =
  | { readonly kind: 'added' | 'modified'; readonly value: T }
  /** `value`: the record as it last stood before. */
  | { readonly kind: 'removed'; readonly value: T };

export class ItemLedger<T extends Identified> {
  /** The id changed at each place; place 1 is the first element. */
  readonly #log: string[] = [];
  readonly #versions = new Map<string, Version<T>[]>();
  /** What is held now, in the order of the last changes. */
  readonly #now = new Map<string, T>();

  /** The place of the newest change; 0 when nothing has happened. */
  get head(): number {
    return this.#log.length;
  }

  /** Adds a record, changes it, or brings a removed one back. */
  put(value: T): void {
    this.#say(value.id, value);
  }

  /** @returns false when no such record is held */
  remove(id: string): boolean {
    if (this.now(id) === null) return false;
    this.#say(id, null);
    return true;
  }

  /** @returns `null` when the bank does not hold it */
  now(id: string): T | null {
    return this.#now.get(id) ?? null;
  }

  /** As it stood when it was last held, removed or not; `null` when it never was. */
  lastHeld(id: string): T | null {
    return this.#versions.get(id)?.findLast(({ value }) => value !== null)?.value ?? null;
  }

  /** @returns `null` when the bank did not hold it then */
  at(id: string, sequence: number): T | null {
    return this.#versionAt(id, sequence)?.value ?? null;
  }

  /** Every record held, in the order of their last changes. */
  held(sequence = this.head): T[] {
    if (sequence === this.head) return [...this.#now.values()];
    return this.#lastChanged(0, sequence)
      .map((id) => this.at(id, sequence))
      .filter((value) => value !== null);
  }

  /** Every record that was held at some time and is not now, as it last stood. */
  gone(): T[] {
    return [...this.#versions.keys()]
      .filter((id) => this.now(id) === null)
      .map((id) => this.lastHeld(id))
      .filter((value) => value !== null);
  }

  /**
   * The net changes of each id behind `from` up to `to`, ordered by its last change.
   * @param inScope what a reader of a part is told of: a record that leaves the part is removed for it
   */
  changes(from: number, to: number, inScope: (value: T) => boolean = () => true): NetChange<T>[] {
    const scoped = (id: string, sequence: number) => {
      const value = this.at(id, sequence);
      return value !== null && inScope(value) ? value : null;
    };
    const changes: NetChange<T>[] = [];
    for (const id of this.#lastChanged(from, to)) {
      const before = scoped(id, from);
      const after = scoped(id, to);
      if (after !== null) changes.push({ kind: before === null ? 'added' : 'modified', value: after });
      else if (before !== null) changes.push({ kind: 'removed', value: before });
    }
    return changes;
  }

  /** Ids changed behind `from` up to `to`, each once, where it changed last. */
  #lastChanged(from: number, to: number): string[] {
    const ids: string[] = [];
    for (let sequence = from + 1; sequence <= to; sequence += 1) {
      const id = this.#log[sequence - 1];
      if (id !== undefined && this.#versionAt(id, to)?.sequence === sequence) ids.push(id);
    }
    return ids;
  }

  #versionAt(id: string, sequence: number): Version<T> | undefined {
    return this.#versions.get(id)?.findLast((version) => version.sequence <= sequence);
  }

  #say(id: string, value: T | null): void {
    this.#log.push(id);
    this.#now.delete(id);
    if (value !== null) this.#now.set(id, value);
    const version = { sequence: this.#log.length, value };
    const versions = this.#versions.get(id);
    if (versions === undefined) this.#versions.set(id, [version]);
    else versions.push(version);
  }
}
