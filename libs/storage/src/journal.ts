/**
 * The journal of a connection: append-only, one conditional write an entry. Two runs race and exactly one wins; a lost
 * answer is settled by reading back; a crash leaves nothing or a whole entry. The head follows in a second write.
 */
import { listKey } from './connection-links.ts';
import { openEntry, sealEntry, storedHash } from './entry-codec.ts';
import { walkEntries } from './entry-reader.ts';
import { foldHead } from './fold-head.ts';
import type { Doubt } from './fold-transactions.ts';
import { forgetConnection } from './forget.ts';
import { createHeadDecoder, encodeHead } from './head-codec.ts';
import { connectionPk, type EntryContent, entrySk, type Head, headSk, type JournalEntry } from './model.ts';
import { readFold } from './read-transactions.ts';
import { putRounds } from './settled-put.ts';
import { StorageError } from './storage-error.ts';
import type { CallOptions, Table, TableKey } from './table.ts';

export interface JournalDeps {
  /** Entries, and whatever must be fresh. */
  readonly table: Table;
  /** Heads are read and written through it where given (DAX). Must be in front of the same table. */
  readonly cache?: Table;
}

export type AppendResult =
  | { readonly outcome: 'committed'; readonly entry: JournalEntry; readonly head: Head }
  /**
   * Nothing was written. `head` has every entry that is there: save it (the winner may have crashed before it could),
   * and start over from it.
   */
  | { readonly outcome: 'conflict'; readonly head: Head | undefined };

type Within = Pick<CallOptions, 'deadline'>;

/** All of it throws {StorageError}: the codes of `Table`, and `ENTRY_CORRUPT` where stored data does not verify. */
export interface Journal {
  /**
   * Without `fresh` the head may be some entries old: `append` finds out. A head that is missing or damaged is made
   * again from the entries (not stored: `saveHead` of the run does, or `rebuildHead`).
   * @returns `undefined` for a connection that has no entries, or only what a run wrote while it was erased
   */
  readHead(connectionId: string, options: CallOptions): Promise<Head | undefined>;
  /**
   * What an erasure that broke off has left: it deletes the head first and the first entry last, others in between in any order.
   * @returns the head as of the first entry; `undefined` where there is a head, or no first entry
   */
  readRemains(connectionId: string, within: Within): Promise<Head | undefined>;
  /**
   * Erases what a run has written to a connection while it was erased, and died: neither its links nor its head nor its first entry are
   * there any more. Of one that is damaged at least one of them is left: then nothing is done.
   */
  eraseRemains(connectionId: string, within: Within): Promise<void>;
  /**
   * Heads of many connections in one call, as they were written last.
   * @returns by connection; one whose head is missing or damaged is left to `readHead`
   */
  storedHeads(connectionIds: readonly string[], within: Within): Promise<ReadonlyMap<string, Head>>;
  /**
   * Writes the entry after `head`. Does not write the head: `saveHead` does.
   * @throws {StorageError} `CONNECTION_UNKNOWN` when the first entry is no `linked`; `ITEM_TOO_LARGE`: see `splitPage`
   */
  append(head: Head | undefined, connectionId: string, content: EntryContent, within: Within): Promise<AppendResult>;
  /**
   * Only ever upwards.
   * @throws {StorageError} `CONNECTION_UNKNOWN` when the connection has been erased meanwhile: then what this run has written is erased too
   * @returns `overtaken` when the stored head is as new or newer; `unknown` when both answers got lost. Neither is a
   *   failure: a head left behind is rolled forward by the next run.
   */
  saveHead(head: Head, within: Within): Promise<'saved' | 'overtaken' | 'unknown'>;
  /**
   * Folds the whole history: for rare moments, such as after a full read.
   * @returns the full read that is not believed yet, `undefined` where there is none
   */
  readDoubt(head: Head, within: Within): Promise<Doubt | undefined>;
}

/** That are remembered as they were read: some 5 KB each. */
const mostHeads = 1_000;

export function createJournal({ table, cache = table }: JournalDeps): Journal {
  const decode = createHeadDecoder(mostHeads);
  return {
    async readHead(connectionId, { deadline, fresh = false }) {
      const key = { pk: connectionPk(connectionId), sk: headSk };
      const item = await (fresh ? table : cache).get(key, { deadline, fresh });
      const head = item && decode(item);
      if (head !== undefined) return head;
      return rollForward(table, undefined, connectionId, { deadline }).catch(async (error: unknown) => {
        if (isCorrupt(error) && (await isErased(table, connectionId, { deadline }))) return undefined;
        throw error;
      });
    },

    async eraseRemains(connectionId, within) {
      if (await isErased(table, connectionId, within))
        await forgetConnection(table, connectionId, { ...within, cache });
    },

    async readRemains(connectionId, within) {
      const pk = connectionPk(connectionId);
      if (!(await isGone(table, { pk, sk: headSk }, within))) return undefined;
      const first = await table.get({ pk, sk: entrySk(1) }, { ...within, fresh: true });
      return first && foldHead(undefined, openEntry(first));
    },

    async storedHeads(connectionIds, { deadline }) {
      const keys = connectionIds.map((connectionId) => ({ pk: connectionPk(connectionId), sk: headSk }));
      const items = await table.getAll(keys, { deadline, fresh: true });
      const heads = items.flatMap((item) => decode(item) ?? []);
      return new Map(heads.map((head) => [head.connectionId, head]));
    },

    async append(head, connectionId, content, within) {
      const { entry, item } = sealEntry(head, connectionId, content);
      const next = foldHead(head, entry); // before the write: what cannot be folded is never stored
      for (let round = 0; round < putRounds; round++) {
        const answer = await table.put(item, { kind: 'absent' }, { ...within, lostBefore: round });
        if (answer === 'written') return { outcome: 'committed', entry, head: next };
        const stored = await table.get({ pk: item.pk, sk: item.sk }, { ...within, fresh: true });
        if (stored !== undefined && storedHash(stored.hash) === entry.hash)
          return { outcome: 'committed', entry: openEntry(stored), head: next };
        if (stored !== undefined || answer === 'refused') {
          const rolled = await rollForward(table, head, connectionId, within).catch(async (error: unknown) => {
            if (!isCorrupt(error) || !(await isErased(table, connectionId, within))) throw error;
            // Two runs have written on while it was erased, each its own.
            await forgetConnection(table, connectionId, { ...within, cache });
            throw new StorageError('CONNECTION_UNKNOWN', { connectionId, version: entry.version }, { cause: error });
          });
          return { outcome: 'conflict', head: rolled };
        }
      }
      throw new StorageError('TABLE_UNREACHABLE', { connectionId, version: entry.version, puts: putRounds });
    },

    async saveHead(head, within) {
      const item = encodeHead(head);
      const { connectionId, version } = head;
      const putIf = async (kind: 'below' | 'raises') => {
        const condition = { kind, attribute: 'version', value: version } as const;
        const answer = await cache.put(item, condition, within);
        return answer === 'unknown' ? await cache.put(item, condition, { ...within, lostBefore: 1 }) : answer;
      };
      // The head of a link is a new one. So is that of a run which lost to a run that has been erased meanwhile.
      const mayBeNew = version === 1;
      let answer = mayBeNew ? 'refused' : await putIf('raises');
      // Unknown as well: of an erased connection no later run would find what this one has written.
      if (answer !== 'written' && (mayBeNew || (await isGone(table, item, within)))) {
        if (await isGone(table, { pk: item.pk, sk: entrySk(1) }, within)) {
          await forgetConnection(table, connectionId, { ...within, cache });
          throw new StorageError('CONNECTION_UNKNOWN', { connectionId, version });
        }
        answer = await putIf('below');
      }
      if (answer === 'unknown') return answer;
      return answer === 'written' ? 'saved' : 'overtaken';
    },

    async readDoubt(head, within) {
      return (await readFold(table, head, head.version, within)).doubt();
    },
  };
}

const isCorrupt = (error: unknown) => error instanceof StorageError && error.code === 'ENTRY_CORRUPT';

/** Three items in two partitions: no accident takes these and leaves others. */
async function isErased(table: Table, connectionId: string, within: Within): Promise<boolean> {
  const pk = connectionPk(connectionId);
  for (const key of [listKey(connectionId), { pk, sk: headSk }, { pk, sk: entrySk(1) }])
    if (!(await isGone(table, key, within))) return false;
  return true;
}

async function isGone(table: Table, { pk, sk }: TableKey, within: Within): Promise<boolean> {
  return (await table.get({ pk, sk }, { ...within, fresh: true })) === undefined;
}

/**
 * Folds what has been written since `head`.
 * @param head `undefined` folds the whole journal
 * @throws {StorageError} `ENTRY_CORRUPT`; and as `Table`
 */
export async function rollForward(
  table: Table,
  head: Head | undefined,
  connectionId: string,
  within: Within,
): Promise<Head | undefined> {
  let rolled = head;
  for await (const entry of walkEntries(table, connectionId, (head?.version ?? 0) + 1, within)) {
    rolled = foldHead(rolled, entry);
  }
  return rolled;
}
