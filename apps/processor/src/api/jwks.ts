/** The public keys that verify tokens, from the address where their issuer publishes them: kept, and read again when a token names another. */
import { createLocalJWKSet, type JSONWebKeySet } from 'jose';

/** @returns the JSON text of the key set; rejects when there is none to be had */
export type FetchText = (withinMs: number) => Promise<string>;

export type KeySet = ReturnType<typeof createLocalJWKSet>;

export interface JwksDeps {
  readonly fetchText: FetchText;
  nowMs(): number;
}

export interface Jwks {
  /** @returns the keys as they are known; `undefined` when none could be read */
  current(withinMs: number): Promise<KeySet | undefined>;
  /**
   * For a token whose key is not among them: reads them again, unless that was done a moment ago.
   * @returns `same` when they were read just now, so that the token's key is none of them; `undefined` when they cannot be read
   */
  renewed(withinMs: number): Promise<KeySet | 'same' | undefined>;
}

/** Issuers publish a key before they sign with it, and keep it published for hours after. */
const refreshAfterMs = 10 * 60_000;
/** Between two reads that callers cause with keys that are none. */
const cooldownMs = 30_000;
/** After a read that failed. */
const failureCooldownMs = 2_000;
/** Keys that cannot be read again go on for so long. */
const keptForMs = 24 * 3_600_000;
const fetchTimeoutMs = 1_500;

export function createJwks({ fetchText, nowMs }: JwksDeps): Jwks {
  let known: { readonly keys: KeySet; readonly readMs: number } | undefined;
  let failedMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  async function read(withinMs: number): Promise<void> {
    try {
      const keys = createLocalJWKSet(JSON.parse(await fetchText(withinMs)) as JSONWebKeySet);
      known = { keys, readMs: nowMs() };
    } catch {
      failedMs = nowMs(); // the caller tells by the keys' age
    } finally {
      reading = undefined;
    }
  }
  /** One call for all who need it. */
  function readOnce(withinMs: number): Promise<void> {
    if (nowMs() - failedMs < failureCooldownMs) return Promise.resolve();
    reading ??= read(Math.min(withinMs, fetchTimeoutMs));
    return reading;
  }
  const usable = () => (known !== undefined && nowMs() - known.readMs < keptForMs ? known.keys : undefined);

  return {
    async current(withinMs) {
      if (known === undefined || nowMs() - known.readMs >= refreshAfterMs) await readOnce(withinMs);
      return usable();
    },
    async renewed(withinMs) {
      const before = known;
      if (before !== undefined && nowMs() - before.readMs < cooldownMs) return 'same';
      await readOnce(withinMs);
      return known === before ? undefined : usable();
    },
  };
}
