/**
 * What a connection's journal comes to for its insights: the state of its movements, the readings of its balances, and which insights
 * have been raised. A function of the entries: taken on entry by entry where that can be done, made again from all of them where not.
 */
import {
  applyChanges,
  type BalanceReadings,
  balanceOf,
  type ConnectionState,
  dayOf,
  emptyState,
  mayRepeat,
  packState,
  readingsWith,
  type StandingChanges,
  stateOf,
  unpackState,
} from '@quartersec/insights';
import {
  type ConnectionFold,
  createConnectionFold,
  type EntryContent,
  genesisHash,
  type JournalEntry,
  loopKindOf,
  type PageEntry,
} from '@quartersec/storage';
import type { Account, Transaction } from '@quartersec/validation';
import { type PackedWindows, packWindows, unpackWindows } from './packed-windows.ts';
import { coveredBy, mergeParts, noWindows, takeLoop, type Windows, windowsOf } from './windows.ts';

type Day = number;

export interface Derived {
  readonly version: number;
  /** Of that version's entry. */
  readonly hash: string;
  /** Of hidden records too: those are of accounts that count no more, and a page cannot tell which they are. */
  readonly state: ConnectionState;
  /** By account. */
  readonly balances: ReadonlyMap<string, BalanceReadings>;
  /** Fingerprints of insights raised and not cleared, in order. */
  readonly open: readonly string[];
  /** Of the newest look: insights depend on the day too. `null` before the first, and where a loop has come to its end since without one. */
  readonly assessedDay: Day | null;
  /** Pages of a loop that has not come to its end. */
  readonly loop: OpenLoop | null;
  /** Of a bank that is read by windows; empty elsewhere. */
  readonly windows: Windows;
  /** Of the pages to come. May say `mixed` for longer than the fold does: that costs a derivation from all entries, and nothing else. */
  readonly reach: Reach;
}

type Reach = ReturnType<ConnectionFold['reach']>;

interface OpenLoop {
  readonly id: string;
  /** `null` where its first page was before this began: what it changes cannot be taken on. */
  readonly pages: readonly PageEntry[] | null;
}

/** Before the first entry. */
export const nothingDerived: Derived = {
  version: 0,
  hash: genesisHash,
  state: emptyState,
  balances: new Map(),
  open: [],
  assessedDay: null,
  loop: null,
  windows: noWindows,
  reach: 'one',
};

/**
 * @param entries behind it, in their order; several at once cost little more than one
 * @returns `undefined` where it has to be made again: `deriveWhole`
 */
export function takeOn(derived: Derived, ...entries: readonly JournalEntry[]): Derived | undefined {
  const counting: StandingChanges[] = [];
  const mixed: Transaction[] = [];
  let place = derived;
  for (const { version, hash, content } of entries) {
    if (content.kind === 'returned') return undefined; // its place in the stream is further back
    const balances = balancesAfter(place.balances, content);
    place = { ...place, version, hash, balances };
    if (content.kind === 'linked') place = { ...place, loop: null };
    if (content.kind === 'accounts' && content.list.last && place.reach === 'unlisted') return undefined;
    if (content.kind !== 'page') continue;
    const pages = pagesOf(place.loop, content);
    if (!content.loop.last) {
      place = { ...place, loop: { id: content.loop.id, pages } };
      continue;
    }
    if (pages?.[0] === undefined || loopKindOf(pages[0]) !== 'delta') return undefined;
    if (derived.reach === 'unsettled') return undefined;
    const taken = changesOf(place.windows, mergeParts(pages));
    if (taken === undefined) return undefined;
    counting.push(...taken.changes);
    const { windows, reach } = taken;
    const isMixed = place.reach === 'mixed' || place.reach === 'unlisted';
    if (isMixed && reach === undefined) mixed.push(...taken.changes.flatMap(statedBy));
    const looked = { open: openAfter(place.open, content), assessedDay: lookedOn(content) };
    place = { ...place, ...looked, loop: null, windows, reach: reach ?? place.reach };
  }
  if (mayRepeat(derived.state, mixed)) return undefined;
  const state = applyChanges(derived.state, ...counting);
  return state && { ...place, state };
}

interface LoopTaken {
  readonly changes: readonly StandingChanges[];
  readonly windows: Windows;
  /** Where the loop changes it: windows speak of what they name and lack, and no more of what is like it. */
  readonly reach?: Reach;
}

function changesOf(windows: Windows, pages: readonly PageEntry[]): LoopTaken | undefined {
  const areWindows = pages.some(({ covers }) => covers !== undefined);
  if (windows.size === 0 && !areWindows) return { changes: pages, windows };
  const taken = takeLoop(windows, pages);
  return taken && { changes: [taken.changes], windows: taken.windows, ...(areWindows && { reach: 'one' }) };
}

function statedBy({ added, modified }: StandingChanges): readonly Transaction[] {
  return [...added, ...modified];
}

function pagesOf(open: OpenLoop | null, page: PageEntry): readonly PageEntry[] | null {
  if (open?.id === page.loop.id) return open.pages && [...open.pages, page];
  return page.loop.page === 1 ? [page] : null;
}

/** From a connection's first entry on. */
export interface WholeDerivation {
  add(entry: JournalEntry): void;
  /** Of all entries so far. */
  derived(): Derived;
}

export function deriveWhole(fold: ConnectionFold = createConnectionFold()): WholeDerivation {
  let last: Pick<Derived, 'version' | 'hash'> = nothingDerived;
  let { balances, open, assessedDay } = nothingDerived;
  let loop: OpenLoop | null = null;
  const covered = new Map<string, string>();
  return {
    add(entry) {
      const { version, hash, content } = entry;
      fold.add(entry);
      last = { version, hash };
      balances = balancesAfter(balances, content);
      if (content.kind === 'linked') loop = null;
      if (content.kind !== 'page') return;
      const pages = pagesOf(loop, content);
      loop = content.loop.last ? null : { id: content.loop.id, pages };
      if (!content.loop.last) return;
      for (const [accountId, fromDate] of coveredBy(pages ?? [content])) covered.set(accountId, fromDate);
      open = openAfter(open, content);
      assessedDay = lookedOn(content);
    },
    derived() {
      const told = fold.told();
      const windows = covered.size === 0 ? noWindows : windowsOf(covered, told);
      return { ...last, state: stateOf(told), balances, open, assessedDay, loop, windows, reach: fold.reach() };
    },
  };
}

function lookedOn({ insightsLeft, writtenEpochMs }: PageEntry): Day | null {
  return insightsLeft === true ? null : dayOfEpochMs(writtenEpochMs);
}

function openAfter(open: readonly string[], { insights }: PageEntry): readonly string[] {
  if (insights === undefined) return open;
  const cleared = new Set(insights.cleared);
  const raised = insights.raised.map(({ fingerprint }) => fingerprint);
  return [...new Set([...open.filter((fingerprint) => !cleared.has(fingerprint)), ...raised])].sort();
}

function balancesAfter(before: Derived['balances'], content: EntryContent): Derived['balances'] {
  if (content.kind !== 'page' && content.kind !== 'accounts') return before;
  const { accounts, accountsSeen = [], writtenEpochMs } = content;
  if (accounts.length + accountsSeen.length === 0) return before;
  const readDay = dayOfEpochMs(writtenEpochMs);
  const after = new Map(before);
  for (const account of accounts) {
    const readings = readingsAfter(before.get(account.accountId), account, readDay);
    if (readings === undefined) after.delete(account.accountId);
    else after.set(account.accountId, readings);
  }
  for (const accountId of accountsSeen) {
    const [newest] = before.get(accountId) ?? [];
    if (newest !== undefined) after.set(accountId, readingsWith(before.get(accountId), { ...newest, day: readDay }));
  }
  return after;
}

function readingsAfter(
  known: BalanceReadings | undefined,
  account: Account,
  readDay: Day,
): BalanceReadings | undefined {
  const balance = balanceOf(account, readDay);
  return balance && readingsWith(known, { minor: balance.minor, day: balance.day ?? readDay });
}

export function dayOfEpochMs(epochMs: number): Day {
  return dayOf(new Date(epochMs).toISOString()) ?? 0;
}

/** Bytes in front of the packed state: the length of the JSON, the higher byte first. */
const lengthBytes = 4;

/** Never of an open loop: a later reader would not know its earlier pages. */
export function packDerived({ state, balances, open, assessedDay, windows, reach }: Derived): Uint8Array {
  const readings = [...balances].map(([accountId, list]) => [
    accountId,
    ...list.flatMap(({ minor, day }) => [minor, day]),
  ]);
  const json = Buffer.from(
    JSON.stringify({
      balances: readings,
      open,
      assessedDay,
      ...(windows.size > 0 && { windows: packWindows(windows) }),
      ...(reach !== 'one' && { reach }),
    }),
  );
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32BE(json.length);
  return Buffer.concat([length, json, packState(state)]);
}

/** @returns `undefined` for bytes of another version: it is made again */
export function unpackDerived(bytes: Uint8Array, place: Pick<Derived, 'version' | 'hash'>): Derived | undefined {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const jsonEnd = lengthBytes + whole.readUInt32BE();
  const state = unpackState(whole.subarray(jsonEnd));
  if (state === undefined) return undefined;
  const {
    balances,
    open,
    assessedDay,
    windows = [],
    reach = 'one',
  } = JSON.parse(whole.toString('utf8', lengthBytes, jsonEnd)) as {
    readonly balances: readonly (readonly [string, ...number[]])[];
    readonly open: readonly string[];
    readonly assessedDay: Day | null;
    readonly windows?: PackedWindows;
    readonly reach?: Reach;
  };
  const known = { balances: new Map(balances.map(readingsOf)), windows: unpackWindows(windows) };
  return { ...place, state, ...known, open, assessedDay, loop: null, reach };
}

function readingsOf([accountId, ...numbers]: readonly [string, ...number[]]): [string, BalanceReadings] {
  const readings = numbers.flatMap((minor, at) => (at % 2 === 0 ? [{ minor, day: numbers[at + 1] ?? 0 }] : []));
  return [accountId, readings];
}
