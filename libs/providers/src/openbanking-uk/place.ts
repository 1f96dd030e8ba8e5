/**
 * Where a read of a connection stands: the cursor of a standard that has none. A read is a loop over the account list and, for each account
 * in it, its balances and its transactions; the cursor behind a complete read says where the windows of the next one begin.
 */

import { addDays, isLocalDate } from '@quartersec/validation';

/** A day whose entries without ids may go on on the next page: how many of each there were, on however many pages. */
export interface OpenDay {
  readonly day: string;
  readonly counts: Readonly<Record<string, number>>;
}

export type Windows = Readonly<Record<string, string>>;

export interface Place {
  readonly step: 'accounts' | 'balances' | 'transactions';
  /**
   * By account: the first day of its window. An account that is not here is read whole. The day follows from what the bank has listed, and not
   * from our clock: an account that rests is read from its last entries on.
   */
  readonly read: Windows;
  /** The same for the next read, as far as this one has come. */
  readonly next: Windows;
  /** By account: a mark of what its window listed, and how often in a row: `tellingsOf`. */
  readonly told: Windows;
  readonly nextTold: Windows;
  /** The newest day on which the account under way has something booked; `null` while none is seen. */
  readonly newest: string | null;
  /** Local date on which the read began; `null` until it does. */
  readonly begun: string | null;
  /** Accounts of the list, as far as it has been read. */
  readonly all: readonly string[];
  /** Of these, the one that is being read. */
  readonly at: number;
  /** Query of the next page of the list under way, as the bank has linked it; `null` for its first page. */
  readonly link: string | null;
  /** Pages of that list, from 1, and the link that led to the one whose number was the last power of two. */
  readonly page: number;
  readonly mark: string | null;
  readonly openDay: OpenDay | null;
  /** Accounts in which one id was seen on several entries: there entries are told by what they say. */
  readonly reused: readonly string[];
}

/** Of everything. */
export const wholeRead: Place = {
  step: 'accounts',
  read: {},
  next: {},
  told: {},
  nextTold: {},
  newest: null,
  begun: null,
  all: [],
  at: 0,
  link: null,
  page: 1,
  mark: null,
  openDay: null,
  reused: [],
};

export function encodePlace(place: Place): string {
  // What is at its first value is left out: the cursor is stored with every page.
  const news = Object.entries(place).filter(([name, value]) => {
    const first = wholeRead[name as keyof Place];
    return typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : value !== first;
  });
  return JSON.stringify({ v: 1, ...Object.fromEntries(news) });
}

/** @returns `undefined` for a text that `encodePlace` did not make */
export function decodePlace(cursor: string): Place | undefined {
  const given = parse(cursor);
  if (given?.v !== 1) return undefined;
  const { v: _, ...members } = given;
  const place = { ...wholeRead, ...members } as Place;
  return isPlace(place) ? place : undefined;
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isPlace({
  step,
  read,
  next,
  told,
  nextTold,
  newest,
  begun,
  all,
  at,
  link,
  page,
  mark,
  reused,
}: Place): boolean {
  const texts = [newest, begun, link, mark].every((each) => each === null || typeof each === 'string');
  const lists = [all, reused].every((list) => Array.isArray(list) && list.every((each) => typeof each === 'string'));
  const days = [read, next].flatMap((windows) => Object.values(windows)).every((day) => isLocalDate(String(day)));
  const numbers = Number.isInteger(at) && at >= 0 && Number.isInteger(page) && page >= 1;
  const marks = [told, nextTold].flatMap((each) => Object.values(each)).every((each) => typeof each === 'string');
  if (!texts || !lists || !days || !marks || !numbers) return false;
  return step === 'accounts' || ((step === 'balances' || step === 'transactions') && all[at] !== undefined);
}

/** The account that is being read. @returns `undefined` in the account list */
export function accountAt({ step, all, at }: Place): string | undefined {
  return step === 'accounts' ? undefined : all[at];
}

/** First day of the account's window; `null` where its history is read whole. */
export function windowOf(place: Place): string | null {
  const account = accountAt(place);
  return account !== undefined && Object.hasOwn(place.read, account) ? (place.read[account] ?? null) : null;
}

/**
 * The next page of the same list.
 * @returns `undefined` where the link leads back: to this page, or to one that was read before
 */
export function alongLink(place: Place, link: string, openDay: OpenDay | null): Place | undefined {
  if (link === place.link || link === place.mark) return undefined;
  const page = place.page + 1;
  const isPowerOfTwo = (page & (page - 1)) === 0;
  return { ...place, link, page, mark: isPowerOfTwo ? link : place.mark, openDay };
}

/** More often nobody needs to be told the same: a list that lacks much is believed at its second telling. */
const tellingsMost = 2;

/**
 * How often in a row the account's window has listed the same, this time included: from 1.
 * @param mark of what it lists now
 */
export function tellingsOf(place: Place, mark: string): number {
  const { told } = place;
  const account = accountAt(place) ?? '';
  const [before, tellings] = (Object.hasOwn(told, account) ? (told[account] ?? '') : '').split(' ');
  return before === mark ? Math.min(tellingsMost + 1, Number(tellings) + 1) : 1;
}

/** Whether that has been said often enough. */
export function isOldNews(tellings: number): boolean {
  return tellings > tellingsMost;
}

export function withTelling(place: Place, mark: string, tellings: number): Place {
  const account = accountAt(place);
  if (account === undefined) return place;
  return { ...place, nextTold: { ...place.nextTold, [account]: `${mark} ${Math.min(tellings, tellingsMost)}` } };
}

/** Behind the last page of an account's transactions: where its next window begins. @param overlapDays that it looks back */
export function withWindow(place: Place, overlapDays: number): Place {
  const account = accountAt(place);
  if (account === undefined || place.begun === null) return place;
  const { newest, begun } = place;
  const day = newest === null || newest > begun ? begun : newest;
  const from = (newest === null ? windowOf(place) : null) ?? addDays(day, -overlapDays);
  return { ...place, next: { ...place.next, [account]: from } };
}

/** Behind a list: the next one of the read. @returns `undefined` behind the last */
export function behindList(place: Place): Place | undefined {
  const first = { ...place, link: null, page: 1, mark: null, openDay: null, newest: null };
  if (place.step === 'balances') return { ...first, step: 'transactions' };
  const at = place.step === 'accounts' ? 0 : place.at + 1;
  return at < place.all.length ? { ...first, step: 'balances', at } : undefined;
}
