/** From the bytes of an answer to a page of known shape, and to the place behind it. Pure. */
import {
  type Checked,
  isLocalDate,
  issueUnder,
  jsonTypeOf,
  parseExact,
  type QuarantinedRecord,
  stringifyExact,
  tupleHash,
  ValidationError,
  type ValidationIssue,
} from '@quartersec/validation';
import {
  checkAccount,
  checkBalance,
  checkEnvelope,
  checkTransaction,
  countAccountNews,
  countBalanceNews,
  countEnvelopeNews,
  countTransactionNews,
  type ObukAccount,
  type ObukBalance,
  type ObukEnvelope,
  type ObukNews,
  type ObukTransaction,
  obukRedactionPolicy,
  salvageAccount,
  salvageBalance,
  salvageTransaction,
} from '@quartersec/validation/openbanking-uk';
import type { RawPage, ValidPage } from '../connector.ts';
import { ProviderError } from '../provider-error.ts';
import { createQuarantine } from '../quarantine.ts';
import { isKnownBalanceType } from './balance-types.ts';
import { dayOf, fingerprintParts, statedId } from './fingerprint.ts';
import { queryOfNext } from './next-link.ts';
import {
  accountAt,
  alongLink,
  behindList,
  decodePlace,
  encodePlace,
  isOldNews,
  type OpenDay,
  type Place,
  tellingsOf,
  wholeRead,
  windowOf,
  withTelling,
  withWindow,
} from './place.ts';
import { statusOf } from './statuses.ts';

type ObukRecord = ObukAccount | ObukBalance | ObukTransaction;

/** A record that is sound, with its place in the list. */
export interface Listed<Wire> {
  readonly index: number;
  readonly wire: Wire;
  /** What was left out of it. */
  readonly dropped: readonly ValidationIssue[];
}

export interface ListedTransaction extends Listed<ObukTransaction> {
  /** That can be relied on; `null` where there is none, or the account's ids are used again. */
  readonly id: string | null;
  /** Of several without ids that say the same on one day: which one, from 0. */
  readonly occurrence: number;
}

export type ObukPage = { readonly refused: readonly QuarantinedRecord[] } & (
  | { readonly kind: 'accounts'; readonly accounts: readonly Listed<ObukAccount>[] }
  | {
      readonly kind: 'balances';
      readonly account: string;
      readonly balances: readonly Listed<ObukBalance>[];
      /** The first page of the account's balances: what stood before is old. */
      readonly isFirst: boolean;
    }
  | {
      readonly kind: 'transactions';
      readonly account: string;
      readonly transactions: readonly ListedTransaction[];
      /** First day of the window; `null`: the whole history. */
      readonly from: string | null;
      readonly isLast: boolean;
      /** The window lists what it has listed before, and more than once: nothing is to be said of it. */
      readonly isOldNews: boolean;
    }
);

export interface PageSettings {
  /** Of a list, without a query. */
  readonly listUrl: (place: Place) => string;
  /** Days before the day of a read from which on the next one reads again. */
  readonly overlapDays: number;
}

const { quarantine, setAside } = createQuarantine(obukRedactionPolicy);

/**
 * A page that is not one fails as a whole, and so does one that has another account's records: nobody knows whose they are. A record that is
 * not one is set aside and costs only itself.
 * @throws {ProviderError} `BODY_UNREADABLE`, `PAGE_INVALID`; `URL_REFUSED` for a next link to another origin
 */
export function validateObukPage(raw: RawPage, settings: PageSettings): ValidPage<ObukPage> {
  const place = decodePlace(raw.asked ?? '');
  if (place === undefined) throw new ProviderError('CURSOR_UNKNOWN', { provider: 'openbanking-uk' });
  const envelope = readEnvelope(raw);
  const news: ObukNews = { unknownFields: 0, unknownEnums: 0 };
  countEnvelopeNews(envelope, news);
  const query = queryOfNext(envelope.Links?.Next, settings.listUrl(place));
  const { wire, openDay, reused, window } = readRecords(envelope, place, { isLast: query === undefined, news, raw });
  const seen = { ...place, reused, newest: newestIn(wire, place.newest) };
  const told = window === undefined ? seen : withTelling(seen, window.mark, window.tellings);
  const isAccountOver = wire.kind === 'transactions' && query === undefined;
  const read = isAccountOver ? withWindow(told, settings.overlapDays) : told;
  const listed = wire.kind === 'accounts' ? withAccounts(read, wire) : read;
  const next = query === undefined ? behindList(listed) : alongLink(listed, query, openDay);
  const isOver = query === undefined && next === undefined;
  return {
    wire,
    // A link that leads back is handed on as the cursor that stands still.
    nextCursor: isOver ? encodePlace(behindRead(listed)) : next === undefined ? (raw.asked ?? '') : encodePlace(next),
    hasMore: !isOver,
    history: isOver ? 'complete' : 'unknown',
    requestId: raw.requestId,
    ...news,
  };
}

/** Where the next read begins. */
function behindRead({ next, nextTold, reused }: Place): Place {
  return { ...wholeRead, read: next, told: nextTold, reused };
}

/** Of what is booked: the expected day of another entry may never come. */
function newestIn(page: ObukPage, before: string | null): string | null {
  if (page.kind !== 'transactions') return before;
  const days = page.transactions
    .filter(({ wire }) => statusOf(wire) === 'BOOK')
    .map(({ wire }) => wire.BookingDateTime.slice(0, 10))
    .filter(isLocalDate);
  return days.reduce((newest, day) => (newest === null || day > newest ? day : newest), before);
}

/** An account that the bank calls deleted has nothing to be read. */
export function isListedAccount({ AccountId, Status }: ObukAccount): boolean {
  return Status !== 'Deleted' && AccountId.trim() !== '' && AccountId.isWellFormed();
}

function withAccounts(place: Place, { accounts }: Extract<ObukPage, { kind: 'accounts' }>): Place {
  const ids = accounts.filter(({ wire }) => isListedAccount(wire)).map(({ wire }) => wire.AccountId);
  return { ...place, all: [...new Set([...place.all, ...ids])] };
}

interface Reading {
  readonly isLast: boolean;
  readonly news: ObukNews;
  readonly raw: RawPage;
}

interface RecordsRead {
  readonly wire: ObukPage;
  readonly openDay: OpenDay | null;
  readonly reused: readonly string[];
  /** Of an account's window that is on one page. */
  readonly window?: { readonly mark: string; readonly tellings: number };
}

function readRecords(envelope: ObukEnvelope, place: Place, reading: Reading): RecordsRead {
  const { reused } = place;
  const refused: QuarantinedRecord[] = [];
  const account = accountAt(place);
  if (place.step === 'accounts' || account === undefined) {
    const list = requiredList(envelope, 'Account', reading.raw);
    const accounts = readList('Account', list, { ...kinds.account, refused, news: reading.news });
    return { wire: { kind: 'accounts', accounts, refused }, openDay: null, reused };
  }
  if (place.step === 'balances') {
    const list = requiredList(envelope, 'Balance', reading.raw);
    refuseForeign('Balance', list, account, reading.raw);
    const balances = readList('Balance', list, { ...kinds.balance, refused, news: reading.news });
    return {
      wire: { kind: 'balances', account, balances, isFirst: place.link === null, refused },
      openDay: null,
      reused,
    };
  }
  // The schema requires the list of no transactions neither.
  const list =
    envelope.Data.Transaction ?? (hasOtherList(envelope) ? requiredList(envelope, 'Transaction', reading.raw) : []);
  refuseForeign('Transaction', list, account, reading.raw);
  const sound = readList('Transaction', list, { ...kinds.transaction, refused, news: reading.news });
  const isReused = reused.includes(account) || hasRepeatedId(sound);
  const { transactions, openDay } = counted(sound, isReused, place.openDay);
  const from = windowOf(place);
  const window = from !== null && place.link === null && reading.isLast ? windowTold(place, list) : undefined;
  const isOld = window !== undefined && isOldNews(window.tellings);
  const wire = {
    kind: 'transactions',
    account,
    transactions,
    from,
    isLast: reading.isLast,
    isOldNews: isOld,
    refused: isOld ? [] : refused,
  } as const;
  return {
    wire,
    openDay,
    reused: isReused ? [...new Set([...reused, account])] : reused,
    ...(window !== undefined && { window }),
  };
}

/** Whatever the order is in which it lists them. */
function windowTold(place: Place, list: readonly unknown[]): NonNullable<RecordsRead['window']> {
  const mark = tupleHash(list.map((record) => stringifyExact(record).toWellFormed()).sort());
  return { mark, tellings: tellingsOf(place, mark) };
}

function hasOtherList({ Data: { Account, Balance } }: ObukEnvelope): boolean {
  return Account !== undefined || Balance !== undefined;
}

type Salvaged<Wire> =
  | { readonly ok: true; readonly value: Wire; readonly dropped: readonly ValidationIssue[]; readonly missing: number }
  | { readonly ok: false; readonly issue: ValidationIssue };

const kinds = {
  account: { check: checkAccount, salvage: salvageAccount, count: countAccountNews, isKept: false },
  balance: {
    check: checkBalance,
    salvage: salvageBalance,
    count: (record: ObukBalance, news: ObukNews) => countBalanceNews(record, isKnownBalanceType(record.Type), news),
    isKept: false,
  },
  transaction: { check: checkTransaction, salvage: salvageTransaction, count: countTransactionNews, isKept: true },
} as const;

function readList<Wire extends ObukRecord>(
  name: 'Account' | 'Balance' | 'Transaction',
  list: readonly unknown[],
  how: {
    readonly check: (record: unknown) => Checked<Wire>;
    readonly salvage: (record: unknown) => Salvaged<Wire>;
    readonly count: (record: Wire, news: ObukNews) => void;
    /** A record that may come back is kept as it was sent. */
    readonly isKept: boolean;
    readonly refused: QuarantinedRecord[];
    readonly news: ObukNews;
  },
): readonly Listed<Wire>[] {
  return list.flatMap((record, index) => {
    const checked = how.check(record);
    const sound = checked.ok ? { ...checked, dropped: [], missing: 0 } : how.salvage(record);
    if (!sound.ok) {
      const issue = issueUnder('', sound.issue);
      const fault = {
        reason: 'SCHEMA',
        member: issue.path,
        expected: issue.expected,
        received: issue.received,
      } as const;
      const path = `$input.Data.${name}[${index}]`;
      how.refused.push(how.isKept ? setAside(path, record, fault) : quarantine(path, record, fault));
      return [];
    }
    how.count(sound.value, how.news);
    how.news.unknownFields += sound.dropped.length + sound.missing;
    return [{ index, wire: sound.value, dropped: sound.dropped }];
  });
}

/** One page has no entry twice: an id that it has twice is of two entries. */
function hasRepeatedId(list: readonly Listed<ObukTransaction>[]): boolean {
  const ids = list.map(({ wire }) => statedId(wire)).filter((id) => id !== null);
  return new Set(ids).size < ids.length;
}

/** Counts those without ids among their equals, on from the page before where their day began there. */
function counted(
  list: readonly Listed<ObukTransaction>[],
  isReused: boolean,
  open: OpenDay | null,
): { readonly transactions: readonly ListedTransaction[]; readonly openDay: OpenDay | null } {
  const counts = new Map<string, { readonly day: string; readonly seen: number }>(
    Object.entries(open?.counts ?? {}).map(([mark, seen]) => [mark, { day: open?.day ?? '', seen }]),
  );
  const transactions = list.map((listed) => {
    const id = isReused ? null : statedId(listed.wire);
    if (id !== null) return { ...listed, id, occurrence: 0 };
    const mark = tupleHash(fingerprintParts(listed.wire).map((part) => part.toWellFormed()));
    const occurrence = counts.get(mark)?.seen ?? 0;
    counts.set(mark, { day: dayOf(listed.wire), seen: occurrence + 1 });
    return { ...listed, id, occurrence };
  });
  const last = transactions.at(-1);
  if (last === undefined) return { transactions, openDay: open };
  const day = dayOf(last.wire);
  const ofDay = [...counts].filter((each) => each[1].day === day).map(([mark, { seen }]) => [mark, seen] as const);
  const openDay = ofDay.length === 0 ? null : { day, counts: Object.fromEntries(ofDay) };
  return { transactions, openDay };
}

/** @throws {ProviderError} `PAGE_INVALID` */
function requiredList(
  envelope: ObukEnvelope,
  name: 'Account' | 'Balance' | 'Transaction',
  raw: RawPage,
): readonly unknown[] {
  const list = envelope.Data[name];
  if (Array.isArray(list)) return list;
  throw invalid({ path: `$input.Data.${name}`, expected: 'array', received: jsonTypeOf(list) }, raw);
}

/** @throws {ProviderError} `PAGE_INVALID` for a list with records of an account that was not asked for */
function refuseForeign(name: 'Balance' | 'Transaction', list: readonly unknown[], account: string, raw: RawPage): void {
  const foreign = list.findIndex((record) => {
    const id: unknown =
      jsonTypeOf(record) === 'object' ? (record as { readonly AccountId?: unknown }).AccountId : account;
    return typeof id === 'string' && id !== account;
  });
  if (foreign === -1) return;
  const path = `$input.Data.${name}[${foreign}].AccountId`;
  throw invalid({ path, expected: 'the account that was asked for', received: 'string' }, raw);
}

export function readEnvelope(raw: RawPage): ObukEnvelope {
  const checked = checkEnvelope(readBody(raw));
  if (checked.ok) return checked.value;
  throw invalid(checked.issue, raw);
}

function readBody(raw: RawPage): unknown {
  try {
    return parseExact(raw.text);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    const facts = { provider: 'openbanking-uk', detail: error.message, ...idOf(raw) };
    throw new ProviderError('BODY_UNREADABLE', facts, { cause: error });
  }
}

function invalid({ path, expected, received }: ValidationIssue, raw: RawPage): ProviderError {
  const detail = `${path}: expected ${expected}, received ${received}`;
  return new ProviderError('PAGE_INVALID', { provider: 'openbanking-uk', detail, ...idOf(raw) });
}

function idOf({ requestId }: RawPage): { readonly requestId?: string } {
  return requestId === null ? {} : { requestId };
}
