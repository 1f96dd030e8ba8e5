/** What is derived of a connection, as of its head: from the stored state and the entries behind it, else from all entries. */
import type { Deadline } from '@quartersec/sla';
import {
  type CallOptions,
  type Head,
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
  const derived = before && (await rollForward(table, before, head, { deadline }));
  return derived && { derived, storedVersion: before.version };
}

/** @returns `undefined` where what lies between the two cannot be taken on, or does not follow one on the other */
async function rollForward(
  table: Table,
  before: Derived,
  { connectionId, version, hash }: HeadRef,
  options: CallOptions,
): Promise<Derived | undefined> {
  const behind = version - before.version;
  if (behind === 0) return before.hash === hash ? before : undefined;
  if (behind < 0 || behind > mostBehind) return undefined;
  const range = { fromVersion: before.version + 1, toVersion: version };
  const entries = await readEntries(table, connectionId, range, options);
  // Each entry follows the one before it, which their reading has seen to.
  if (entries[0]?.previousHash !== before.hash) return undefined;
  const derived = takeOn(before, ...entries);
  return derived?.version === version && derived.hash === hash ? derived : undefined;
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
 * @param kept of the same connection, where the reader has one: then only the entries behind it are read
 * @throws {StorageError} as `readWhole`
 */
export async function readDerivedOrWhole(
  tables: DerivedTables,
  table: Table,
  head: HeadRef,
  deadline: Deadline,
  kept?: Derived,
): Promise<Derived> {
  // Nobody asks for this range again, so no cache has it; and its last entry may have been written a moment ago.
  const rolled = kept && (await rollForward(table, kept, head, { deadline, fresh: true }));
  if (rolled !== undefined) return rolled;
  const read = await readDerived(tables, head, deadline);
  return read?.derived ?? (await readWhole(table, head, deadline)).derived();
}
