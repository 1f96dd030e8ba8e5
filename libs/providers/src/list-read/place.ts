/**
 * Where a read of a connection stands: the cursor of a standard that has none. A read is a loop over the account list and, for each account
 * in it, its balances and its transactions; the cursor behind a complete read says where the windows of the next one begin.
 */

import { addDays, isLocalDate } from '@quartersec/validation';
import { parseObject } from '../json-object.ts';

/** By what entries say: how many say it. */
export type Counts = Readonly<Record<string, number>>;

/** A day whose entries without ids may go on on the next page: how many of each there were, on however many pages. */
export interface OpenDay {
  readonly day: string;
  readonly counts: Counts;
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
  /** Accounts of the list, as far as it has been read: the bank's ids, as they stand in addresses. */
  readonly all: readonly string[];
  /** By place in `all`: what the account is called in what outlives the read. Empty where the bank's ids are for good. */
  readonly keys: readonly string[];
  /** Lists that an account does not have, e.g. `transactions 2` for the third account. */
  readonly lacks: readonly string[];
  /** Of these, the one that is being read. */
  readonly at: number;
  /** Query of the next page of the list under way, as the bank has linked it; `null` for its first page. */
  readonly link: string | null;
  /** Pages of that list, from 1, and the link that led to the one whose number was the last power of two. */
  readonly page: number;
  readonly mark: string | null;
  readonly openDay: OpenDay | null;
  /** The same for entries that have no day: they may go on on any page. */
  readonly undated: Counts;
  /** First day that was asked for, where the bank lists less than was wanted; `null` where it did not refuse. */
  readonly narrowed: string | null;
  /** A history that was wanted whole was cut by the bank. */
  readonly cut: boolean;
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
  keys: [],
  lacks: [],
  at: 0,
  link: null,
  page: 1,
  mark: null,
  openDay: null,
  undated: {},
  narrowed: null,
  cut: false,
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
  const given = parseObject(cursor);
  if (given?.v !== 1) return undefined;
  const { v: _, ...members } = given;
  const place = { ...wholeRead, ...members } as Place;
  return isPlace(place) ? place : undefined;
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
  keys,
  lacks,
  at,
  link,
  page,
  mark,
  undated,
  narrowed,
  cut,
  reused,
}: Place): boolean {
  const texts = [newest, begun, link, mark, narrowed].every((each) => each === null || typeof each === 'string');
  const lists = [all, keys, lacks, reused].every(
    (list) => Array.isArray(list) && list.every((each) => typeof each === 'string'),
  );
  const days = [read, next].flatMap((windows) => Object.values(windows)).every((day) => isLocalDate(String(day)));
  const numbers = Number.isInteger(at) && at >= 0 && Number.isInteger(page) && page >= 1;
  const marks = [told, nextTold].flatMap((each) => Object.values(each)).every((each) => typeof each === 'string');
  const others = typeof cut === 'boolean' && typeof undated === 'object' && undated !== null;
  if (!texts || !lists || !days || !marks || !numbers || !others) return false;
  return step === 'accounts' || ((step === 'balances' || step === 'transactions') && all[at] !== undefined);
}

/** The account that is being read. @returns `undefined` in the account list */
export function accountAt({ step, all, at }: Place): string | undefined {
  return step === 'accounts' ? undefined : all[at];
}

/** What that account is called in what outlives the read. @returns `undefined` in the account list */
export function keyAt(place: Place): string | undefined {
  const account = accountAt(place);
  return account === undefined ? undefined : (place.keys[place.at] ?? account);
}

/** First day of the account's window; `null` where its history is read whole. */
export function windowOf(place: Place): string | null {
  const key = keyAt(place);
  return key !== undefined && Object.hasOwn(place.read, key) ? (place.read[key] ?? null) : null;
}

/**
 * The next page of the same list.
 * @returns `undefined` where the link leads back: to this page, or to one that was read before
 */
export function alongLink(
  place: Place,
  link: string,
  { openDay, undated }: Pick<Place, 'openDay' | 'undated'>,
): Place | undefined {
  if (link === place.link || link === place.mark) return undefined;
  const page = place.page + 1;
  const isPowerOfTwo = (page & (page - 1)) === 0;
  return { ...place, link, page, mark: isPowerOfTwo ? link : place.mark, openDay, undated };
}

/** More often nobody needs to be told the same: a list that lacks much is believed at its second telling. */
const tellingsMost = 2;

/**
 * How often in a row the account's window has listed the same, this time included: from 1.
 * @param mark of what it lists now
 */
export function tellingsOf(place: Place, mark: string): number {
  const { told } = place;
  const key = keyAt(place) ?? '';
  const [before, tellings] = (Object.hasOwn(told, key) ? (told[key] ?? '') : '').split(' ');
  return before === mark ? Math.min(tellingsMost + 1, Number(tellings) + 1) : 1;
}

/** Whether that has been said often enough. */
export function isOldNews(tellings: number): boolean {
  return tellings > tellingsMost;
}

export function withTelling(place: Place, mark: string, tellings: number): Place {
  const key = keyAt(place);
  if (key === undefined) return place;
  return { ...place, nextTold: { ...place.nextTold, [key]: `${mark} ${Math.min(tellings, tellingsMost)}` } };
}

/** Behind the last page of an account's transactions: where its next window begins. @param overlapDays that it looks back */
export function withWindow(place: Place, overlapDays: number): Place {
  const key = keyAt(place);
  if (key === undefined || place.begun === null) return place;
  const { newest, begun } = place;
  const day = newest === null || newest > begun ? begun : newest;
  const from = (newest === null ? windowOf(place) : null) ?? addDays(day, -overlapDays);
  return { ...place, next: { ...place.next, [key]: from } };
}

/** Behind a list: the next one of the read. @returns `undefined` behind the last */
export function behindList(place: Place): Place | undefined {
  const first = { ...place, link: null, page: 1, mark: null, openDay: null, undated: {}, newest: null, narrowed: null };
  let { step, at } = place;
  do {
    if (step === 'balances') step = 'transactions';
    else [step, at] = ['balances', step === 'accounts' ? 0 : at + 1];
    if (at >= place.all.length) return undefined;
  } while (place.lacks.includes(`${step} ${at}`));
  return { ...first, step, at };
}

/** An account of which transactions were not read keeps its window. */
export function withUnread(place: Place): Place {
  const unread = place.all
    .map((id, at) => [place.keys[at] ?? id, at] as const)
    .filter(([key, at]) => place.lacks.includes(`transactions ${at}`) && Object.hasOwn(place.read, key));
  if (unread.length === 0) return place;
  const kept = Object.fromEntries(unread.map(([key]) => [key, place.read[key] ?? '']));
  return { ...place, next: { ...kept, ...place.next } };
}
