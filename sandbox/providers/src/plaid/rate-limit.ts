/** Plaid's quotas a minute, per item and per client. Off unless asked for. */
import type { PlaidErrorCode } from './error-body.ts';

export interface Limits {
  /** Calls of /transactions/sync a minute for one item; `null` = any number. Plaid's own: 50. */
  readonly perItemPerMinute: number | null;
  /** The same for all items of a client together. Plaid's own: 2,500. */
  readonly perClientPerMinute: number | null;
  /** Calls of /accounts/get a minute for one item. Plaid's own: 15. */
  readonly accountsPerItemPerMinute?: number | null;
  /** Calls of /accounts/balance/get a minute for one item. Plaid's own: 5. */
  readonly balancesPerItemPerMinute?: number | null;
  /** Calls of /item/get a minute for one item. Plaid's own: 15. */
  readonly itemsPerItemPerMinute?: number | null;
}

export const noLimits: Limits = { perItemPerMinute: null, perClientPerMinute: null };

export interface LimitRefusal {
  readonly code: PlaidErrorCode;
  readonly message: string;
}

const ofItem = 'rate limit exceeded for attempts to access this item. please try again later';

/** Path to the quota of one item, and what refuses it. */
const quotas: Readonly<
  Record<string, readonly [quota: Exclude<keyof Limits, 'perClientPerMinute'>, code: PlaidErrorCode]>
> = {
  '/transactions/sync': ['perItemPerMinute', 'TRANSACTIONS_SYNC_LIMIT'],
  '/accounts/get': ['accountsPerItemPerMinute', 'ACCOUNTS_LIMIT'],
  '/accounts/balance/get': ['balancesPerItemPerMinute', 'ACCOUNTS_BALANCE_GET_LIMIT'],
  '/item/get': ['itemsPerItemPerMinute', 'ITEM_GET_LIMIT'],
};

/** Fixed windows of a minute: a refused call does not count. */
export class RateLimit {
  limits: Limits;
  readonly #nowEpochMs: () => number;
  readonly #byItem = new Map<string, number>();
  #minute = -1;
  #syncs = 0;

  constructor(limits: Limits, nowEpochMs: () => number) {
    this.limits = limits;
    this.#nowEpochMs = nowEpochMs;
  }

  /** Counts a call. @returns the refusal, or `undefined` when it may pass */
  take(index: number, path: string): LimitRefusal | undefined {
    const [quota, code] = quotas[path] ?? [];
    if (quota === undefined || code === undefined) return undefined;
    const isSync = path === '/transactions/sync';
    const perItem = this.limits[quota] ?? null;
    const perClient = isSync ? this.limits.perClientPerMinute : null;
    if (perItem === null && perClient === null) return undefined;
    const minute = Math.floor(this.#nowEpochMs() / 60_000);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#syncs = 0;
      this.#byItem.clear();
    }
    const key = `${index}${path}`;
    const calls = this.#byItem.get(key) ?? 0;
    if (perItem !== null && calls >= perItem) return { code, message: ofItem };
    if (perClient !== null && this.#syncs >= perClient) {
      return {
        code,
        message: 'rate limit exceeded for attempts to access "transactions/sync". please try again later',
      };
    }
    this.#byItem.set(key, calls + 1);
    if (isSync) this.#syncs += 1;
    return undefined;
  }
}
