/**
 * What became of a public token: it is good once, and whoever asks again with it must get the same answer and never a second
 * Item. Written before the exchange, after it, and after the link; gone with its time to live.
 */
import { hash } from 'node:crypto';
import { putRounds, putUntilKnown } from './settled-put.ts';
import { StorageError } from './storage-error.ts';
import type { CallOptions, Table, TableItem, TableKey } from './table.ts';
import { timeToLiveAttribute } from './table-definition.ts';
import { userPk } from './user-link.ts';

type Within = Pick<CallOptions, 'deadline'>;

const skPrefix = 'EXCHANGE#';
/** Far longer than a public token is good, and than anybody repeats a call. */
const keptSeconds = 86_400;

export interface ExchangeName {
  readonly userId: string;
  readonly provider: string;
  /** What is good once: a public token, or the `state` of a redirect. Only its hash is stored. */
  readonly publicToken: string;
}

export type ExchangeState =
  /** The call may be under way, or its answer was lost. */
  | { readonly state: 'begun' }
  /** The Item is there and has no connection yet: the next call goes on from here. */
  | { readonly state: 'exchanged'; readonly itemId: string; readonly sealedToken: string }
  | { readonly state: 'linked'; readonly connectionId: string };

export interface ExchangeRecords {
  /** @returns `ours` when this call, and no other, may make the exchange; else what is known of it */
  begin(name: ExchangeName, within: Within): Promise<'ours' | ExchangeState>;
  /** @throws {StorageError} `TABLE_UNREACHABLE` when every answer got lost; and as `Table.put` */
  note(name: ExchangeName, state: ExchangeState, within: Within): Promise<void>;
  /** Nothing was made: the token may be tried again. */
  drop(name: ExchangeName, within: Within): Promise<void>;
}

/** @throws {StorageError} as `Table` */
export function createExchangeRecords(
  table: Table,
  { newId, nowEpochMs }: { readonly newId: () => string; readonly nowEpochMs: () => number },
): ExchangeRecords {
  const itemOf = (name: ExchangeName, state: ExchangeState, runId: string): TableItem => ({
    ...keyOf(name),
    ...state,
    provider: name.provider,
    runId,
    [timeToLiveAttribute]: Math.floor(nowEpochMs() / 1_000) + keptSeconds,
  });
  return {
    async begin(name, within) {
      const runId = newId();
      for (let round = 0; round < putRounds; round++) {
        const put = { ...within, lostBefore: round };
        const answer = await table.put(itemOf(name, { state: 'begun' }, runId), { kind: 'absent' }, put);
        if (answer === 'written') return 'ours';
        const stored = await table.get(keyOf(name), { ...within, fresh: true });
        if (stored?.runId === runId) return 'ours'; // the answer was lost, not the record
        if (stored !== undefined) return stateOf(stored);
      }
      throw unreachable(name);
    },
    async note(name, state, within) {
      await putUntilKnown(table, itemOf(name, state, newId()), undefined, within);
    },
    drop: (name, within) => table.delete(keyOf(name), within),
  };
}

/** Whose exchange it is; records of before 2026-11-27 do not say, and are Plaid's. */
export function providerOfExchange({ provider }: TableItem): string {
  return typeof provider === 'string' ? provider : 'plaid';
}

export function isExchangeKey({ pk, sk }: TableKey): boolean {
  return pk.startsWith(userPk('')) && sk.startsWith(skPrefix);
}

function keyOf({ userId, provider, publicToken }: ExchangeName): TableKey {
  return { pk: userPk(userId), sk: `${skPrefix}${hash('sha256', `${provider} ${publicToken}`, 'base64url')}` };
}

/** Damaged ones count as begun: nothing is done with them again. */
function stateOf({ state, itemId, sealedToken, connectionId }: TableItem): ExchangeState {
  if (state === 'linked' && typeof connectionId === 'string') return { state, connectionId };
  if (state === 'exchanged' && typeof itemId === 'string' && typeof sealedToken === 'string')
    return { state, itemId, sealedToken };
  return { state: 'begun' };
}

function unreachable(name: ExchangeName): StorageError {
  const { sk } = keyOf(name);
  return new StorageError('TABLE_UNREACHABLE', { sk, puts: putRounds });
}
