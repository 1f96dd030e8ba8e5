/** Plaid's quotas a minute, per item and per client. Off unless asked for. */

export interface Limits {
  /** Calls of /transactions/sync a minute for one item; `null` = any number. Plaid's own: 50. */
  readonly perItemPerMinute: number | null;
  /** For all items of a client together. Plaid's own: 2,500. */
  readonly perClientPerMinute: number | null;
}

export const noLimits: Limits = { perItemPerMinute: null, perClientPerMinute: null };

/** Fixed windows of a minute: a refused call does not count. */
export class RateLimit {
  limits: Limits;
  readonly #nowEpochMs: () => number;
  readonly #byItem = new Map<number, number>();
  #minute = -1;
  #all = 0;

  constructor(limits: Limits, nowEpochMs: () => number) {
    this.limits = limits;
    this.#nowEpochMs = nowEpochMs;
  }

  /** Counts a call. @returns the message of the refusal, or `undefined` when it may pass */
  take(index: number): string | undefined {
    const { perItemPerMinute, perClientPerMinute } = this.limits;
    if (perItemPerMinute === null && perClientPerMinute === null) return undefined;
    const minute = Math.floor(this.#nowEpochMs() / 60_000);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#all = 0;
      this.#byItem.clear();
    }
    const calls = this.#byItem.get(index) ?? 0;
    if (perItemPerMinute !== null && calls >= perItemPerMinute) {
      return 'rate limit exceeded for attempts to access this item. please try again later';
    }
    if (perClientPerMinute !== null && this.#all >= perClientPerMinute) {
      return 'rate limit exceeded for attempts to access "transactions/sync". please try again later';
    }
    this.#byItem.set(index, calls + 1);
    this.#all += 1;
    return undefined;
  }
}
