/**
 * A user who is at their bank: what has to be known when they come back, sealed, under the hash of the `state` that comes back with
 * them. Good once, and only for the user who began it; gone with its time to live.
 */
import { hash } from 'node:crypto';
import { putUntilKnown } from './settled-put.ts';
import type { CallOptions, Table, TableItem, TableKey } from './table.ts';
import { timeToLiveAttribute } from './table-definition.ts';
import { userPk } from './user-link.ts';

type Within = Pick<CallOptions, 'deadline'>;

const skPrefix = 'PENDING#';

export interface PendingName {
  readonly userId: string;
  /** Only its hash is stored. */
  readonly state: string;
}

export interface PendingLinks {
  /** @param content sealed for `sealedFor(name)` @param expiresEpochMs nobody can complete it from then on */
  keep(name: PendingName, content: string, expiresEpochMs: number, within: Within): Promise<void>;
  /** @returns `undefined` where there is none (any more) */
  read(name: PendingName, within: Within): Promise<string | undefined>;
  drop(name: PendingName, within: Within): Promise<void>;
}

/** @throws {StorageError} as `Table` */
export function createPendingLinks(
  table: Table,
  { newId, nowEpochMs }: { readonly newId: () => string; readonly nowEpochMs: () => number },
): PendingLinks {
  return {
    async keep(name, sealedLink, expiresEpochMs, within) {
      const ends = { expiresEpochMs, [timeToLiveAttribute]: Math.ceil(expiresEpochMs / 1_000) };
      await putUntilKnown(table, { ...keyOf(name), sealedLink, ...ends, runId: newId() }, undefined, within);
    },
    async read(name, within) {
      const stored = await table.get(keyOf(name), { ...within, fresh: true });
      // The table takes its time over what is past its end.
      const isOver = typeof stored?.expiresEpochMs !== 'number' || stored.expiresEpochMs <= nowEpochMs();
      return isOver || typeof stored.sealedLink !== 'string' ? undefined : stored.sealedLink;
    },
    drop: (name, within) => table.delete(keyOf(name), within),
  };
}

/** In place of a connection, which there is none of yet: what `sealToken` binds the content to. */
export function sealedFor(name: PendingName): string {
  return sealedForKey(keyOf(name));
}

export function sealedForKey({ sk }: Pick<TableItem, 'sk'>): string {
  return `link-${sk.slice(skPrefix.length)}`;
}

export function isPendingLinkKey({ pk, sk }: TableKey): boolean {
  return pk.startsWith(userPk('')) && sk.startsWith(skPrefix);
}

function keyOf({ userId, state }: PendingName): TableKey {
  return { pk: userPk(userId), sk: `${skPrefix}${hash('sha256', `pending ${state}`, 'base64url')}` };
}
