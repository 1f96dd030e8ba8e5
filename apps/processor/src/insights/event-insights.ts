/**
 * The derive step of an event: what its page raises and clears, from the connection's derived state, which is read while the provider
 * is asked. It never costs the page itself: what cannot be derived now is derived by the next event, from the journal.
 */
import { dayOf, diffInsights } from '@quartersec/insights';
import type { Deadline } from '@quartersec/sla';
import {
  foldHead,
  type Head,
  type InsightNews,
  type JournalEntry,
  type PageEntry,
  StorageError,
} from '@quartersec/storage';
import { insightsOfConnection } from './assess.ts';
import { type Derived, dayOfEpochMs, takeOn, type WholeDerivation } from './derived.ts';
import type { DerivedRead } from './read-derived.ts';

export interface InsightsDependencies {
  /** @returns `undefined` where it has to be made from all entries */
  readDerived(head: Head, deadline: Deadline): Promise<DerivedRead | undefined>;
  readWhole(head: Head, deadline: Deadline): Promise<WholeDerivation>;
  /** @param replaces whether what is stored is of no use */
  saveDerived(connectionId: string, derived: Derived, replaces: boolean, deadline: Deadline): Promise<void>;
}

export interface EventInsights {
  /** An entry of this run. */
  take(entry: JournalEntry): void;
  /** Entries of another run are there: begins anew. */
  restart(head: Head): void;
  /**
   * Of the last page of a loop, before it is stored.
   * @param head in front of the page
   * @returns `undefined` where it changes nothing; `left` where it is for a later event to look
   * @throws {StorageError} where what is needed cannot be read
   */
  newsOf(head: Head, page: PageEntry, today: string): Promise<InsightNews | 'left' | undefined>;
  /** @param head behind that page */
  isSaveDue(head: Head): boolean;
  /** @throws {StorageError} */
  save(head: Head): Promise<void>;
}

/**
 * The state is stored once it is so many entries old: a read of a few entries costs less than a write of it with each event
 * (`npm run cost`).
 */
const saveBehind = 8;
/**
 * A connection that is read again within this time is looked at about so often: what is new is told by then, or with the first event after
 * a pause. A look costs as much CPU as the rest of an event (`npm run perf`).
 */
const lookEachMs = 120_000;
/** Of one that is read more than twice a minute, which no bank's news asks for: then looks would be a tenth of all that an event costs. */
const busyLookEachMs = 300_000;
const busyGapMs = 30_000;
/** Events between two looks at most. */
const mostLeft = 32;
/** So much is never left for later: a history that has just come. */
const manyRecords = 20;
/** An event that somebody waits for does not begin to read a whole history with less time than this left. */
const wholeReserveMs = 500;

export function beginInsights(
  head: Head,
  deadline: Deadline,
  nowEpochMs: number,
  deps: InsightsDependencies,
): EventInsights {
  let isDue = isLookDue(head, nowEpochMs);
  // While the provider is asked.
  let reading = isDue ? read(head) : undefined;
  let taken: JournalEntry[] = [];
  let storedVersion = 0;
  let isWhole = false;
  let next: Derived | undefined;

  function read(from: Head): Promise<DerivedRead | undefined> {
    const promise = deps.readDerived(from, deadline);
    promise.catch(() => {}); // told where it is waited for
    return promise;
  }

  async function known(): Promise<Derived | undefined> {
    reading ??= read(head);
    const found = await reading;
    storedVersion = found?.storedVersion ?? 0;
    return found && takeOn(found.derived, ...taken);
  }

  /** Together with the page, which is not in the table yet. */
  async function made(before: Head, candidate: JournalEntry): Promise<{ derived: Derived; after: Derived }> {
    if (deadline.remainingMs() < wholeReserveMs) throw new StorageError('DEADLINE_EXCEEDED', { step: 'insights' });
    const whole = await deps.readWhole(before, deadline);
    const derived = whole.derived();
    whole.add(candidate);
    isWhole = true;
    return { derived, after: whole.derived() };
  }

  return {
    take: (entry) => void taken.push(entry),
    restart(from) {
      taken = [];
      isDue = true;
      reading = read(from);
    },
    async newsOf(before, page, today) {
      next = undefined;
      isWhole = false;
      if (!isDue && newRecordsOf(page) < manyRecords) return 'left';
      const day = dayOf(today) ?? 0;
      const candidate = entryOf(before, page);
      const derived = await known();
      if (derived !== undefined && isQuiet(derived, page, day)) {
        next = takeOn(derived, candidate);
        return undefined;
      }
      const after = derived && takeOn(derived, candidate);
      const both = derived && after ? { derived, after } : await made(before, candidate);
      const found = insightsOfConnection({ head: foldHead(before, candidate), derived: both.after }, day, day);
      const { raised, cleared } = diffInsights(both.derived.open, found);
      next = { ...both.after, open: found.map(({ fingerprint }) => fingerprint).sort() };
      return raised.length + cleared.length === 0 ? undefined : { raised, cleared };
    },
    isSaveDue({ version }) {
      return next !== undefined && next.loop === null && (isWhole || version - storedVersion >= saveBehind);
    },
    async save({ connectionId, version, hash }) {
      if (next === undefined) return;
      await deps.saveDerived(connectionId, { ...next, version, hash }, storedVersion === 0, deadline);
    },
  };
}

/** As the fold sees it; its hash is that of no entry, and nothing is compared with it. */
function entryOf({ connectionId, version, hash }: Head, content: PageEntry): JournalEntry {
  return { connectionId, version: version + 1, previousHash: hash, hash, content };
}

function isLookDue({ connectionId, lastSync, version }: Head, nowEpochMs: number): boolean {
  if (lastSync === null) return true;
  const gapMs = nowEpochMs - lastSync.completedEpochMs;
  // The day's first event looks: a payment may have become late.
  if (gapMs >= lookEachMs || dayOfEpochMs(lastSync.completedEpochMs) !== dayOfEpochMs(nowEpochMs)) return true;
  // By powers of two, so that the turn stays the same while events come a little sooner or later.
  const eachMs = gapMs < busyGapMs ? busyLookEachMs : lookEachMs;
  const lookEvery = Math.min(mostLeft, 2 ** Math.ceil(Math.log2(eachMs / Math.max(1, gapMs))));
  return (version + 1 + turnOf(connectionId)) % lookEvery === 0;
}

/** Connections that are read in step must not all be looked at in the same seconds. */
function turnOf(connectionId: string): number {
  let sum = 0;
  for (const character of connectionId) sum += character.charCodeAt(0);
  return sum;
}

function recordsOf({ added, modified, removed }: PageEntry): number {
  return added.length + modified.length + removed.length;
}

/** A window says again what stands in it. */
function newRecordsOf(page: PageEntry): number {
  return page.covers === undefined ? recordsOf(page) : 0;
}

/** Nothing has changed, and the day is the one on which it was looked at last. */
function isQuiet({ assessedDay, loop }: Derived, page: PageEntry, day: number): boolean {
  return recordsOf(page) + page.accounts.length === 0 && assessedDay === day && loop === null;
}
