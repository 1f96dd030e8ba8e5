/** What is derived of a connection, as of its head: from the stored state and the entries behind it, else from all entries. */
import type { Deadline } from '@quartersec/sla';
import {
  type Head,
  type JournalEntry,
  readEntries,
  readInsightState,
  StorageError,
  type Table,
  walkEntries,
} from '@quartersec/storage';
import { type Derived, deriveWhole, takeOn, unpackDerived, type WholeDerivation } from './derived.ts';

export interface DerivedTables {
  /** The state's item is read through it (DAX): an older one is as good, with more entries behind it. */
  readonly cache: Table;
  /** Entries: those of a range of versions never change. */
  readonly entries: Table;
}

export interface DerivedRead {
  readonly derived: Derived;
  /** Of the stored state that this came from; 0 where there was none of any use. */
  readonly storedVersion: number;
}

type HeadRef = Pick<Head, 'connectionId' | 'version' | 'hash'>;

/** More are not taken on one by one: then all are read. */
const mostBehind = 64;

/**
 * @returns `undefined` where it has to be made from all entries
 * @throws {StorageError} as `readEntries`
 */
export async function readDerived(
  { cache, entries: table }: DerivedTables,
  head: HeadRef,
  deadline: Deadline,
): Promise<DerivedRead | undefined> {
  const stored = await readInsightState(cache, head, { deadline });
  const before = stored && unpackDerived(stored.body, stored);
  if (before === undefined || head.version - before.version > mostBehind) return undefined;
  const entries = await entriesBehind(table, before, head, deadline);
  // Each entry follows the one before it, which their reading has seen to.
  if (entries.length > 0 && entries[0]?.previousHash !== before.hash) return undefined;
  const derived = takeOn(before, ...entries);
  const isHeads = derived?.version === head.version && derived.hash === head.hash;
  return isHeads ? { derived, storedVersion: before.version } : undefined;
}

async function entriesBehind(
  table: Table,
  { version }: Derived,
  head: HeadRef,
  deadline: Deadline,
): Promise<readonly JournalEntry[]> {
  if (version === head.version) return [];
  return readEntries(table, head.connectionId, { fromVersion: version + 1, toVersion: head.version }, { deadline });
}

/**
 * From all entries up to the head: time grows with the history.
 * @throws {StorageError} `ENTRY_CORRUPT` where they do not lead to the head; and as `readEntries`
 */
export async function readWhole(table: Table, head: HeadRef, deadline: Deadline): Promise<WholeDerivation> {
  const whole = deriveWhole();
  let hash = '';
  for await (const entry of walkEntries(table, head.connectionId, 1, { deadline })) {
    if (entry.version > head.version) break; // a newer run's
    whole.add(entry);
    hash = entry.hash;
  }
  if (hash !== head.hash)
    throw new StorageError('ENTRY_CORRUPT', { connectionId: head.connectionId, version: head.version });
  return whole;
}

/**
 * For a reader, who writes nothing.
 * @throws {StorageError} as `readWhole`
 */
export async function readDerivedOrWhole(
  tables: DerivedTables,
  table: Table,
  head: HeadRef,
  deadline: Deadline,
): Promise<Derived> {
  const read = await readDerived(tables, head, deadline);
  return read?.derived ?? (await readWhole(table, head, deadline)).derived();
}
