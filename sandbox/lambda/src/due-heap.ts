/** Items by the time at which they fall due, the earliest first. A binary heap. */
export class DueHeap<T> {
  readonly #entries: { readonly dueEpochMs: number; readonly item: T }[] = [];

  get size(): number {
    return this.#entries.length;
  }

  /** When the earliest falls due; `undefined` when there is none. */
  get earliestEpochMs(): number | undefined {
    return this.#entries[0]?.dueEpochMs;
  }

  push(dueEpochMs: number, item: T): void {
    const entries = this.#entries;
    let at = entries.length;
    const entry = { dueEpochMs, item };
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = entries[parentAt];
      if (parent === undefined || parent.dueEpochMs <= dueEpochMs) break;
      entries[at] = parent;
      at = parentAt;
    }
    entries[at] = entry;
  }

  /** Takes the earliest if it is due by `nowEpochMs`. */
  popDue(nowEpochMs: number): { readonly dueEpochMs: number; readonly item: T } | undefined {
    const entries = this.#entries;
    const top = entries[0];
    if (top === undefined || top.dueEpochMs > nowEpochMs) return undefined;
    const last = entries.pop();
    if (last === undefined || entries.length === 0) return top;
    let at = 0;
    for (;;) {
      const leftAt = 2 * at + 1;
      const left = entries[leftAt];
      const right = entries[leftAt + 1];
      const takeRight = left !== undefined && right !== undefined && right.dueEpochMs < left.dueEpochMs;
      const child = takeRight ? right : left;
      if (child === undefined || child.dueEpochMs >= last.dueEpochMs) break;
      entries[at] = child;
      at = takeRight ? leftAt + 1 : leftAt;
    }
    entries[at] = last;
    return top;
  }
}
