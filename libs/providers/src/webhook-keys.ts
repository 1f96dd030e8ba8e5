/**
 * The keys that a provider signs webhooks with: by id, kept for a while, looked at again, and never looked up more often than a cap
 * allows, since anybody can send a token that names a key which does not exist.
 */

/** A known key is asked for again after this: it may have expired. */
const recheckMs = 3_600_000;
/** That the provider has no such key is believed for so long. */
const unknownMs = 300_000;
/** A provider has a few keys at a time. */
const keysAtMost = 100;
const windowMs = 60_000;

export type KeyLookup<Key> = (keyId: string) => Promise<Key | undefined>;

export type FoundKey<Key> =
  | { readonly kind: 'key'; readonly key: Key }
  | { readonly kind: 'unknown' | 'expired' }
  /** Not to be told now: too many look-ups in this minute, or the provider did not answer. The sender should come again. */
  | { readonly kind: 'unavailable'; readonly because: 'cap' | 'lookup' };

export interface WebhookKeys<Key> {
  find(keyId: string, nowEpochMs: number): Promise<FoundKey<Key>>;
}

export interface WebhookKeysOptions<Key> {
  /** @returns `undefined` where the provider has no such key; rejects when it does not answer */
  readonly lookUp: KeyLookup<Key>;
  /** Default: none has. */
  readonly isExpired?: (key: Key) => boolean;
  /** Default 10. */
  readonly lookupsPerMinute?: number;
}

interface Kept<Key> {
  readonly key: Key | undefined;
  readonly readEpochMs: number;
}

export function createWebhookKeys<Key>({
  lookUp,
  isExpired = () => false,
  lookupsPerMinute = 10,
}: WebhookKeysOptions<Key>): WebhookKeys<Key> {
  const kept = new Map<string, Kept<Key>>();
  const underWay = new Map<string, Promise<Key | undefined>>();
  let window = { startedEpochMs: 0, lookups: 0 };

  /** @returns whether one more is allowed in this minute */
  function takeLookup(nowEpochMs: number): boolean {
    if (Math.abs(nowEpochMs - window.startedEpochMs) >= windowMs) window = { startedEpochMs: nowEpochMs, lookups: 0 };
    if (window.lookups >= lookupsPerMinute) return false;
    window.lookups += 1;
    return true;
  }

  function keep(keyId: string, key: Key | undefined, readEpochMs: number): void {
    kept.delete(keyId);
    // Made-up ids make room for each other first: a real key is not pushed out by them.
    if (kept.size >= keysAtMost) kept.delete([...kept].find(([, { key: known }]) => known === undefined)?.[0] ?? '');
    if (kept.size < keysAtMost) kept.set(keyId, { key, readEpochMs });
  }

  /** Several webhooks at once under a new key ask once. */
  async function lookUpOnce(keyId: string, nowEpochMs: number): Promise<Key | undefined | 'cap'> {
    const asking = underWay.get(keyId);
    if (asking !== undefined) return await asking;
    if (!takeLookup(nowEpochMs)) return 'cap';
    const lookup = lookUp(keyId).finally(() => underWay.delete(keyId));
    underWay.set(keyId, lookup);
    const key = await lookup;
    keep(keyId, key, nowEpochMs);
    return key;
  }

  function found(key: Key | undefined): FoundKey<Key> {
    if (key === undefined) return { kind: 'unknown' };
    return isExpired(key) ? { kind: 'expired' } : { kind: 'key', key };
  }

  return {
    async find(keyId, nowEpochMs) {
      const known = kept.get(keyId);
      const ageMs = known === undefined ? Infinity : Math.abs(nowEpochMs - known.readEpochMs);
      if (known !== undefined && ageMs < (known.key === undefined ? unknownMs : recheckMs)) return found(known.key);
      try {
        const key = await lookUpOnce(keyId, nowEpochMs);
        if (key !== 'cap') return found(key);
      } catch {
        // A key that was good an hour ago is used on while the provider does not answer: so webhooks outlive its outage.
        return known?.key === undefined ? { kind: 'unavailable', because: 'lookup' } : found(known.key);
      }
      return known?.key === undefined ? { kind: 'unavailable', because: 'cap' } : found(known.key);
    },
  };
}
