/**
 * One answer for two readers. A read begins with the account list, and once a day the pipeline asks for the list beside it; banks count both
 * against the four calls of a day. So one response serves one page and one list.
 */
import type { RawPage } from '../connector.ts';

export type ListReader = 'page' | 'list';

interface Shared {
  readonly response: Promise<RawPage>;
  readonly askedEpochMs: number;
  readonly servedTo: Set<ListReader>;
}

/** Both belong to one event. */
const keptMs = 60_000;

/** @returns asks, or takes what the other reader has asked for since: by the secret of its connection */
export function createSharedList(nowEpochMs: () => number) {
  const shared = new Map<string, Shared>();
  return (secret: string, reader: ListReader, ask: () => Promise<RawPage>): Promise<RawPage> => {
    for (const [key, { askedEpochMs }] of shared) if (nowEpochMs() - askedEpochMs >= keptMs) shared.delete(key);
    const other = shared.get(secret);
    if (other !== undefined && !other.servedTo.has(reader)) {
      shared.delete(secret);
      return other.response;
    }
    const own: Shared = { response: ask(), askedEpochMs: nowEpochMs(), servedTo: new Set([reader]) };
    shared.set(secret, own);
    own.response.catch(() => {
      if (shared.get(secret) === own) shared.delete(secret);
    });
    return own.response;
  };
}
