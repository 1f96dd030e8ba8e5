/** What every table must carry. Random histories: writers of one connection interleaved call by call, with lost answers, stale heads and crashes. */
import { createDeadline } from '@quartersec/sla';
import type { Transaction } from '@quartersec/validation';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { auditTable } from './audit.ts';
import { walkEntries } from './entry-reader.ts';
import { createFaultyTable, type PutFault } from './faulty-table.ts';
import { foldTransactions } from './fold-transactions.ts';
import { createJournal, type Journal } from './journal.ts';
import { sampleTransaction } from './journal-samples.ts';
import { linkConnection } from './link-connection.ts';
import type { Head, JournalEntry, PageEntry } from './model.ts';
import { readTransactions } from './read-transactions.ts';
import { splitPage } from './split-page.ts';
import type { Table } from './table.ts';

const within = { deadline: createDeadline(600_000, () => performance.now()) };
const fresh = { ...within, fresh: true };

/** What the provider has published: one change a step; its cursor is the number of changes read. */
type Change = { readonly kind: 'upsert' | 'remove' | 'post'; readonly id: number };

interface Dice {
  /** 0 to `sides` - 1 */
  roll(sides: number): number;
}

class Crash extends Error {}

type Lists = Pick<PageEntry, 'added' | 'modified' | 'removed'>;

/** What the bank says of a range of its changes: of each record only what holds at the range's end. */
function pageOf(changes: readonly Change[], from: number, to: number): Lists {
  const lists = { added: [] as Transaction[], modified: [] as Transaction[], removed: [] as string[] };
  const before = model(changes.slice(0, from));
  const after = model(changes.slice(0, to));
  for (const [id, contentHash] of Object.entries(after)) {
    if (before[id] === contentHash) continue;
    const supersedes = id.startsWith('p') ? `t${id.slice(1)}` : null;
    lists[before[id] === undefined ? 'added' : 'modified'].push(sampleTransaction(id, { contentHash, supersedes }));
  }
  for (const id of Object.keys(before)) {
    // A pending record that was posted is sometimes named as removed, and sometimes only by its posted twin.
    const posted = after[`p${id.slice(1)}`] !== undefined && from % 2 === 0;
    if (after[id] === undefined && !posted) lists.removed.push(id);
  }
  return lists;
}

/** What stands after all changes, and the change that it says last. A removed record may come again; a posted one may not. */
function model(changes: readonly Change[]): Readonly<Record<string, string>> {
  const standing: Record<string, string> = {};
  changes.forEach(({ kind, id }, at) => {
    const isPosted = standing[`p${id}`] !== undefined;
    if (kind === 'upsert' && !isPosted) standing[`t${id}`] = `change-${at}`;
    if (kind === 'post') standing[`p${id}`] = `change-${at}`;
    if (kind !== 'upsert') delete standing[`t${id}`];
  });
  return standing;
}

/** One run of a pipeline: reads its head, fetches from its cursor, appends, saves; starts over when it lost. */
async function run(journal: Journal, runId: string, changes: readonly Change[], dice: Dice, mayCrash: boolean) {
  const crashPoint = () => {
    if (mayCrash && dice.roll(8) === 0) throw new Crash();
  };
  let head = await journal.readHead('c-1', { ...within, fresh: dice.roll(2) === 0 });
  for (let round = 0; round < 60; round++) {
    if (head === undefined) throw new Error('linked before the runs began');
    const resumes = head.loop !== null && dice.roll(2) === 0;
    const cursor: string | null = resumes ? (head.loop?.cursor ?? null) : head.cursor;
    const from = Number(cursor ?? 0);
    if (round > 0 && from >= changes.length && head.loop === null) return;
    const to = Math.min(changes.length, from + 1 + dice.roll(4));
    const content: PageEntry = {
      kind: 'page',
      runId: `${runId}-${round}`,
      writtenEpochMs: 0,
      loop: {
        id: resumes ? (head.loop?.id ?? '') : `${runId}-${round}`,
        kind: 'delta',
        page: resumes ? (head.loop?.pages ?? 0) + 1 : 1,
        last: to === changes.length || dice.roll(2) === 0,
      },
      cursorBefore: cursor,
      cursorAfter: String(to),
      syncStartedEpochMs: 0,
      ...pageOf(changes, from, to),
      accounts: [],
      quarantined: 0,
    };
    crashPoint();
    head = await appendParts(journal, head, splitPage(content, 2_500), crashPoint);
  }
  throw new Error('a run did not come to an end');
}

async function appendParts(journal: Journal, head: Head, parts: readonly PageEntry[], crashPoint: () => void) {
  let now = head;
  for (const part of parts) {
    const result = await journal.append(now, 'c-1', part, within);
    if (result.outcome === 'conflict') {
      if (result.head) await journal.saveHead(result.head, within); // the winner may have crashed before it could
      return result.head;
    }
    crashPoint();
    await journal.saveHead(result.head, within);
    crashPoint();
    now = result.head;
  }
  return now;
}

export interface HistoryTables {
  /** Empty. */
  readonly table: Table;
  /** Heads and transactions are read through it; the table itself where there is no cache. */
  readonly cache: Table;
}

/** @param reach is called for each history */
export function describeHistories(name: string, reach: () => Promise<HistoryTables>, histories: number): void {
  it(`${name}: keeps one chain without gaps, a head that is its fold, and every change, whatever happens on the way`, async () => {
    const change = fc.record({ kind: fc.constantFrom('upsert', 'upsert', 'upsert', 'remove', 'post'), id: fc.nat(8) });
    const changes = fc.array(change as fc.Arbitrary<Change>, { minLength: 1, maxLength: 14 });
    const rolls = fc.infiniteStream(fc.nat(1_000_000));
    let crashes = 0;
    await fc.assert(
      fc.asyncProperty(
        changes,
        fc.integer({ min: 1, max: 4 }),
        rolls,
        fc.scheduler(),
        async (all, writers, stream, s) => {
          const dice: Dice = { roll: (sides) => Number(stream.next().value) % sides };
          const { table, cache } = await reach();
          const nextPutFault = (): PutFault | undefined => (['lost-before', 'lost-after'] as const)[dice.roll(8)];
          const pause = () => s.schedule(Promise.resolve());
          const script = { nextPutFault, nextStaleness: () => dice.roll(4), pause };
          const faulty = createFaultyTable(table, script);
          const plain = createJournal({ table });
          const link = { connectionId: 'c-1', userId: 'u', provider: 'plaid', institutionId: 'i', sealedToken: 's' };
          await linkConnection({ journal: plain, table }, { ...link, runId: 'link', writtenEpochMs: 0 }, within);

          const journal = createJournal({
            table: faulty,
            cache: cache === table ? faulty : createFaultyTable(cache, script),
          });
          const runs = Array.from({ length: writers }, (_, writer) =>
            run(journal, `w${writer}`, all, dice, true).catch((error: unknown) => {
              if (error instanceof Crash) crashes += 1;
              else if ((error as { code?: unknown }).code !== 'TABLE_UNREACHABLE') throw error;
            }),
          );
          await s.waitFor(Promise.all(runs));
          await run(createJournal({ table, cache }), 'final', all, dice, false);
          const head = await plain.readHead('c-1', fresh);
          if (head === undefined) throw new Error('linked before the runs began');

          expect(await auditTable(table, within)).toMatchObject({ connections: 1, findings: [] });
          expect(head).toMatchObject({ cursor: String(all.length), loop: null });
          const entries: JournalEntry[] = [];
          for await (const entry of walkEntries(table, 'c-1', 1, within)) entries.push(entry);
          const versions = Array.from({ length: head.version }, (_, at) => at + 1);
          expect(entries.map(({ version }) => version)).toEqual(versions);
          const folded = foldTransactions(entries);
          const says = folded.map(({ transaction }) => [transaction.transactionId, transaction.contentHash]);
          expect(Object.fromEntries(says)).toEqual(model(all));
          expect((await readTransactions(cache, head, within)).transactions).toEqual(folded);
        },
      ),
      { numRuns: histories },
    );
    expect(crashes).toBeGreaterThan(0);
  });
}
