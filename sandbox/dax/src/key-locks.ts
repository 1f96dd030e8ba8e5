/** Writes to one key run one after the other, in the order in which they came, so that the cache ends as the table does. */
export class KeyLocks {
  readonly #tails = new Map<string, Promise<void>>();

  /** Runs `work` once all earlier work on any of these keys has ended. All keys are queued for at once: no deadlock. */
  async run<Result>(keys: readonly string[], work: () => Promise<Result>): Promise<Result> {
    const waits: Promise<void>[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    for (const key of keys) {
      const tail = this.#tails.get(key);
      if (tail !== undefined && tail !== promise) waits.push(tail);
      this.#tails.set(key, promise);
    }
    try {
      if (waits.length > 0) await Promise.all(waits);
      return await work();
    } finally {
      for (const key of keys) if (this.#tails.get(key) === promise) this.#tails.delete(key);
      resolve();
    }
  }
}
