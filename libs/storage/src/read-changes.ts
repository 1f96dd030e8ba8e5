/** A connection's journal as a feed of changes: from any place on, as many as asked for, and where to go on. */
import { changesBetween, type FoldView, type JournalChange, touchesRecords, viewOf } from './fold-changes.ts';
import type { FoldMemory } from './fold-memory.ts';
import { type ConnectionFold, createConnectionFold } from './fold-transactions.ts';
import type { Head, JournalEntry } from './model.ts';
import { blockEnd, type ReadOptions, readBlockBehind, readFold } from './read-transactions.ts';
import { StorageError } from './storage-error.ts';
import type { CallOptions, Table } from './table.ts';

/** How far a reader is: all changes up to `version`, and the first `given` of the version behind it. */
export interface ChangePosition {
  readonly version: number;
  readonly given: number;
  /** How the hash of the entry of `version` begins: another history has another. Empty before the first entry. */
  readonly mark: string;
}

export interface PlacedChange {
  readonly version: number;
  /** Among the changes of its version, from 0. */
  readonly index: number;
  /** Hash of the version's entry. */
  readonly entryHash: string;
  readonly change: JournalChange;
}

export interface ChangesRead {
  readonly changes: readonly PlacedChange[];
  readonly position: ChangePosition;
  /** Whether the head has more. */
  readonly more: boolean;
}

/** Before the first change of all. */
export const firstPosition: ChangePosition = { version: 0, given: 0, mark: '' };

const markCharacters = 8;
/** Left of the deadline when a reading that has come forward stops, rather than lose what it has. */
const stopMs = 300;

export function positionAt({ version, hash }: Pick<Head, 'version' | 'hash'>): ChangePosition {
  return { version, given: 0, mark: hash.slice(0, markCharacters) };
}

/**
 * @param head as new as the answer has to be
 * @param options `limit`: changes, from 1. One version may have more than that: `given` says how many of them were told
 * @throws {StorageError} `VERSION_UNKNOWN` when the position is of a history that the connection does not have;
 *   `ENTRY_CORRUPT` where entries are altered or missing; and as `Table.query`
 */
export async function readChanges(
  table: Table,
  head: Pick<Head, 'connectionId' | 'version' | 'hash'>,
  from: ChangePosition,
  options: ReadOptions & { readonly limit: number },
): Promise<ChangesRead> {
  const { connectionId } = head;
  if (from.version > head.version) throw unknown(connectionId, from);
  const base = from.version === 0 ? createConnectionFold() : await readFold(table, head, from.version, options);
  if ((base.head()?.hash ?? '').slice(0, from.mark.length) !== from.mark) throw unknown(connectionId, from);
  const walk = { table, head, from, base, options };
  return readOn(walk, false).catch((error: unknown) => {
    if (!(error instanceof StorageError) || error.code !== 'ENTRY_CORRUPT') throw error;
    return readOn(walk, true); // a cache may still hold entries of an erased connection of this name
  });
}

interface Walk {
  readonly table: Table;
  readonly head: Pick<Head, 'connectionId' | 'version' | 'hash'>;
  readonly from: ChangePosition;
  readonly base: ConnectionFold;
  readonly options: ReadOptions & { readonly limit: number };
}

async function readOn({ table, head, from, base, options }: Walk, fresh: boolean): Promise<ChangesRead> {
  const { limit, deadline, memory } = options;
  const changes: PlacedChange[] = [];
  let fold = base;
  let view: FoldView = viewOf(base);
  while (fold.head()?.version !== head.version) {
    const version = fold.head()?.version ?? 0;
    if (version > from.version && deadline.remainingMs() < stopMs) break;
    for (const entry of await readBlock(table, head, version, { deadline, fresh: fresh || version === 0 })) {
      const before = fold;
      fold = before.copy(); // a reader that stops within this version needs the one before
      fold.add(entry);
      const next: FoldView = touchesRecords(entry) ? viewOf(fold) : { ...view, head: fold.head() };
      const all = changesBetween(view, next, entry);
      const given = entry.version === from.version + 1 ? from.given : 0;
      const room = limit - changes.length;
      changes.push(...placed(all.slice(given, given + room), given, entry));
      if (all.length > given + room) {
        keep(memory, before);
        keep(memory, fold);
        return { changes, position: { ...at(before), given: given + room }, more: true };
      }
      view = next;
      if (changes.length === limit) break;
    }
    if (changes.length === limit) break;
  }
  keep(memory, fold);
  return { changes, position: at(fold), more: (fold.head()?.version ?? 0) < head.version };
}

async function readBlock(
  table: Table,
  head: Walk['head'],
  behind: number,
  options: CallOptions,
): Promise<readonly JournalEntry[]> {
  const entries = await readBlockBehind(table, head, behind, options);
  const last = entries.at(-1);
  const toVersion = blockEnd(behind, head.version);
  // The fold refuses what does not continue its chain; this is about what a range lacks, and about the head itself.
  const isWhole = last?.version === toVersion && (toVersion < head.version || last.hash === head.hash);
  if (!isWhole) throw new StorageError('ENTRY_CORRUPT', { connectionId: head.connectionId, version: toVersion });
  return entries;
}

function placed(changes: readonly JournalChange[], firstIndex: number, entry: JournalEntry): readonly PlacedChange[] {
  const { version, hash: entryHash } = entry;
  return changes.map((change, at) => ({ version, index: firstIndex + at, entryHash, change }));
}

function at(fold: ConnectionFold): ChangePosition {
  const head = fold.head();
  return head === undefined ? firstPosition : positionAt(head);
}

/** What is kept of a connection is of one history. */
function keep(memory: FoldMemory | undefined, fold: ConnectionFold): void {
  const head = fold.head();
  if (memory === undefined || head === undefined) return;
  const [other] = memory.of(head.connectionId).values();
  if (other !== undefined && other.origin() !== fold.origin()) memory.drop(head.connectionId);
  memory.keep(head.connectionId, head.version, fold);
}

function unknown(connectionId: string, { version }: ChangePosition): StorageError {
  return new StorageError('VERSION_UNKNOWN', { connectionId, version });
}
