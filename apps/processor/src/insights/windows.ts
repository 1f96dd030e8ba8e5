/**
 * What stands in the windows of a connection whose bank tells no changes: a window says again all that stands in it, so this is what tells
 * which of it is new, and what it lacks. A function of the entries, like all that is derived of them. Pure.
 */
import { isCounted, type StandingChanges } from '@quartersec/insights';
import { type PageEntry, readingDate, suspectRecords } from '@quartersec/storage';
import { type Coverage, canonicalJson, type Transaction, tupleHash } from '@quartersec/validation';

/** By account that was covered by a loop. */
export type Windows = ReadonlyMap<string, Window>;

export interface Window {
  /** Of the newest loop that covered the account. */
  readonly fromDate: string;
  /** What stands from that day on, and what is pending; by our id. */
  readonly records: ReadonlyMap<string, ListedRecord>;
}

export interface ListedRecord {
  /** `null` where it is pending: then each window speaks of it. */
  readonly date: string | null;
  /** Hash of all that an insight rests on. */
  readonly content: string;
  /** Whether the insights' state has it. */
  readonly isCounted: boolean;
}

export const noWindows: Windows = new Map();

/** What follows each other under one page number is one page, in parts. */
export function mergeParts(pages: readonly PageEntry[]): readonly PageEntry[] {
  const merged: PageEntry[] = [];
  for (const page of pages) {
    const before = merged.at(-1);
    if (before?.loop.page !== page.loop.page) merged.push(page);
    else
      merged[merged.length - 1] = {
        ...page,
        added: [...before.added, ...page.added],
        modified: [...before.modified, ...page.modified],
        removed: [...before.removed, ...page.removed],
      };
  }
  return merged;
}

/** By account: the last one counts. */
export function coveredBy(pages: readonly PageEntry[]): ReadonlyMap<string, string> {
  const each = pages.flatMap(({ covers }): readonly Coverage[] => covers ?? []);
  return new Map(each.map(({ accountId, fromDate }) => [accountId, fromDate]));
}

/** @param covered by account: the day from which its newest window speaks @param told what stands */
export function windowsOf(covered: ReadonlyMap<string, string>, told: readonly Transaction[]): Windows {
  const byAccount = Map.groupBy(told, ({ accountId }) => accountId);
  return new Map(
    [...covered].map(([accountId, fromDate]) => {
      const inside = (byAccount.get(accountId) ?? []).filter((transaction) => isWithin(dateOf(transaction), fromDate));
      return [accountId, { fromDate, records: new Map(inside.map((each) => [each.transactionId, listed(each)])) }];
    }),
  );
}

export interface LoopChanges {
  readonly changes: StandingChanges;
  readonly windows: Windows;
}

/**
 * A whole loop against what stood before it.
 * @param pages merged, in order
 * @returns `undefined` where what it takes away is not among what is known, or may not be, or may not be believed
 */
export function takeLoop(windows: Windows, pages: readonly PageEntry[]): LoopChanges | undefined {
  const covered = coveredBy(pages);
  const { told, gone, replaced } = outcomeOf(pages);
  const missing: string[] = [];
  const leaving: string[] = [];
  for (const [accountId, fromDate] of covered) {
    const known = windows.get(accountId);
    if (known === undefined || fromDate < known.fromDate) return undefined;
    for (const [id, { date, isCounted }] of known.records) {
      if (!isWithin(date, fromDate) || told.has(id) || gone.has(id)) continue;
      missing.push(id);
      if (isCounted) leaving.push(id);
    }
  }
  if (missing.length >= suspectRecords) return undefined;
  const known = knownIn(windows);
  for (const id of gone) {
    // What a record replaces may never have stood: that is for the state to find.
    if (known.get(id)?.isCounted ?? !replaced.has(id)) leaving.push(id);
  }
  const news = [...told.values()].filter((transaction) => !isAsKnown(transaction, windows));
  if (news.some((transaction) => !known.has(transaction.transactionId) && mayHaveCounted(transaction, windows)))
    return undefined;
  const isModified = ({ transactionId }: Transaction) => known.get(transactionId)?.isCounted === true;
  return {
    changes: {
      added: news.filter((transaction) => !isModified(transaction)),
      modified: news.filter(isModified),
      removed: leaving,
    },
    windows: windowsAfter(windows, covered, told, new Set([...gone, ...missing])),
  };
}

interface Outcome {
  /** As stated last, without those that are gone behind it. */
  readonly told: ReadonlyMap<string, Transaction>;
  readonly gone: ReadonlySet<string>;
  readonly replaced: ReadonlySet<string>;
}

/** In the order of the fold: added, modified, what these replace, then removed. */
function outcomeOf(pages: readonly PageEntry[]): Outcome {
  const told = new Map<string, Transaction>();
  const gone = new Set<string>();
  const replaced = new Set<string>();
  const drop = (id: string) => {
    told.delete(id);
    gone.add(id);
  };
  for (const { added, modified, removed } of pages) {
    const stated = [...added, ...modified];
    for (const transaction of stated) {
      told.set(transaction.transactionId, transaction);
      gone.delete(transaction.transactionId);
    }
    for (const { supersedes, transactionId } of stated) {
      if (supersedes === null || supersedes === transactionId) continue;
      drop(supersedes);
      replaced.add(supersedes);
    }
    for (const id of removed) drop(id);
  }
  return { told, gone, replaced };
}

function knownIn(windows: Windows): ReadonlyMap<string, ListedRecord> {
  return new Map([...windows.values()].flatMap(({ records }) => [...records]));
}

/** What it replaces may be told beside it each time, and goes each time. */
function isAsKnown(transaction: Transaction, windows: Windows): boolean {
  const { accountId, transactionId, supersedes } = transaction;
  if (supersedes !== null) return false;
  const known = windows.get(accountId)?.records.get(transactionId);
  return known !== undefined && known.date === dateOf(transaction) && known.content === contentOf(transaction);
}

/**
 * It counts for nothing now. Of before a window it may have counted while it stood there, and since been moved to an account that is read
 * whole: the state, which is told of counted ones alone, would keep it.
 */
function mayHaveCounted(transaction: Transaction, windows: Windows): boolean {
  const date = dateOf(transaction);
  if (date === null || isCounted(transaction)) return false;
  return [...windows.values()].some(({ fromDate }) => date < fromDate);
}

function windowsAfter(
  windows: Windows,
  covered: ReadonlyMap<string, string>,
  told: Outcome['told'],
  gone: ReadonlySet<string>,
): Windows {
  const after = new Map<string, { readonly fromDate: string; readonly records: Map<string, ListedRecord> }>();
  for (const [accountId, window] of windows) {
    const fromDate = covered.get(accountId) ?? window.fromDate;
    const kept = [...window.records].filter(
      ([id, { date }]) => isWithin(date, fromDate) && !gone.has(id) && !told.has(id),
    );
    after.set(accountId, { fromDate, records: new Map(kept) });
  }
  for (const transaction of told.values()) {
    const window = after.get(transaction.accountId);
    if (window !== undefined && isWithin(dateOf(transaction), window.fromDate))
      window.records.set(transaction.transactionId, listed(transaction));
  }
  return after;
}

function listed(transaction: Transaction): ListedRecord {
  return { date: dateOf(transaction), content: contentOf(transaction), isCounted: isCounted(transaction) };
}

function dateOf(transaction: Transaction): string | null {
  return transaction.status === 'PDNG' ? null : readingDate(transaction);
}

function isWithin(date: string | null, fromDate: string): boolean {
  return date === null || date >= fromDate;
}

/** Characters of a content's hash: against accidents within one connection. */
export const contentChars = 11;

/** The record's own content hash leaves out what a provider may add later. */
function contentOf(transaction: Transaction): string {
  const { contentHash, flags, category, bankTransactionCode, merchantCategoryCode, merchantEntityId } = transaction;
  const { counterparties, location } = transaction;
  const added = [
    flags,
    category,
    bankTransactionCode,
    merchantCategoryCode,
    merchantEntityId,
    counterparties,
    location,
  ];
  return tupleHash([contentHash, canonicalJson(added.map((member) => member ?? null))]).slice(0, contentChars);
}
