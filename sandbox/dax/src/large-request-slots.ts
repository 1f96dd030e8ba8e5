/** How many connections may assemble a large request at a time: the rest wait unread, so memory stays bounded. */
export class LargeRequestSlots {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(count: number) {
    this.#free = count;
  }

  /** @returns whether a slot was free; if not, `granted` is called once one is and belongs to the caller */
  take(granted: () => void): boolean {
    if (this.#free > 0) {
      this.#free -= 1;
      return true;
    }
    this.#waiting.add(granted);
    return false;
  }

  /** Gives a slot back: to the one that waited longest. */
  release(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free += 1;
      return;
    }
    this.#waiting.delete(next);
    next();
  }

  /** No longer wants one. */
  forget(granted: () => void): void {
    this.#waiting.delete(granted);
  }
}
