/** From the bytes of an answer to a page of known shape, and to the place behind it. Pure. */
import {
  isLocalDate,
  parseExact,
  type QuarantinedRecord,
  type SchemaDrift,
  stringifyExact,
  tupleHash,
  ValidationError,
  type ValidationIssue,
} from '@quartersec/validation';
import type { RawPage, ValidPage } from '../connector.ts';
import { ProviderError } from '../provider-error.ts';
import { createQuarantine } from '../quarantine.ts';
import { countEquals, hasRepeatedId, readList } from './lists.ts';
import { queryOfNext } from './next-link.ts';
import {
  accountAt,
  alongLink,
  behindList,
  decodePlace,
  encodePlace,
  isOldNews,
  keyAt,
  type Place,
  tellingsOf,
  wholeRead,
  windowOf,
  withTelling,
  withUnread,
  withWindow,
} from './place.ts';
import type { AccountRef, ListedEntry, ListPage, ListStandard, Lists, PageSettings } from './standard.ts';

/**
 * A page that is not one fails as a whole, and so does one that has another account's records. A record that is not one is set aside and
 * costs only itself.
 * @throws {ProviderError} `BODY_UNREADABLE`, `PAGE_INVALID`; `URL_REFUSED` for a next link to another origin
 */
export function validateListPage<A, B, E>(
  raw: RawPage,
  standard: ListStandard<A, B, E>,
  settings: PageSettings,
): ValidPage<ListPage<A, B, E>> {
  const { provider } = standard;
  const place = decodePlace(raw.asked ?? '');
  if (place === undefined) throw new ProviderError('CURSOR_UNKNOWN', { provider });
  const drift: SchemaDrift = { unknownFields: 0, unknownEnums: 0 };
  const lists = readLists(raw, standard, place, drift);
  const query = queryOfNext(lists.next, settings.listUrl(place), linkRules(standard));
  const { wire, window, ...counted } = readRecords(lists, place, { isLast: query === undefined, drift }, standard);
  const seen = { ...place, reused: counted.reused, newest: newestIn(wire, place.newest, standard) };
  const told = window === undefined ? seen : withTelling(seen, window.mark, window.tellings);
  const isAccountOver = wire.kind === 'transactions' && query === undefined;
  const read = isAccountOver ? withWindow(told, settings.overlapDays) : told;
  const listed = wire.kind === 'accounts' ? withAccounts(read, wire, standard) : read;
  const next = query === undefined ? behindList(listed) : alongLink(listed, query, counted);
  const isOver = query === undefined && next === undefined;
  return {
    wire,
    // A link that leads back is handed on as the cursor that stands still.
    nextCursor: isOver ? encodePlace(behindRead(listed)) : next === undefined ? (raw.asked ?? '') : encodePlace(next),
    hasMore: !isOver,
    history: isOver ? (listed.cut ? 'recent' : 'complete') : 'unknown',
    requestId: raw.requestId,
    ...drift,
  };
}

export function linkRules<A, B, E>({ provider, nextMember, linkTailFrom }: ListStandard<A, B, E>) {
  return { provider, member: nextMember, ...(linkTailFrom !== undefined && { tailFrom: linkTailFrom }) };
}

/** Where the next read begins; with the accounts of this one, so that it can ask for their lists at once. */
function behindRead(place: Place): Place {
  const { next, nextTold, reused, cut, all, keys, lacks } = withUnread(place);
  return { ...wholeRead, read: next, told: nextTold, reused, cut, all, keys, lacks };
}

/** Of what is booked: the expected day of another entry may never come. */
function newestIn<A, B, E>(
  page: ListPage<A, B, E>,
  before: string | null,
  { dayOf }: ListStandard<A, B, E>,
): string | null {
  if (page.kind !== 'transactions') return before;
  const days = page.entries
    .filter(({ status }) => status === 'BOOK')
    .map(({ wire, status }) => dayOf(wire, status))
    .filter((day) => day !== null && isLocalDate(day));
  return days.reduce((newest, day) => (newest === null || (day ?? '') > newest ? day : newest), before);
}

function withAccounts<A, B, E>(
  place: Place,
  { accounts }: Extract<ListPage<A, B, E>, { kind: 'accounts' }>,
  { listedAccounts, placeOf }: ListStandard<A, B, E>,
): Place {
  const all = [...place.all];
  const keys = [...place.keys];
  const lacks = [...place.lacks];
  for (const { wire } of listedAccounts(accounts)) {
    const account = placeOf(wire);
    if (account === undefined || all.includes(account.id)) continue;
    if (account.key !== undefined) keys.push(account.key);
    for (const list of account.lacks ?? []) lacks.push(`${list} ${all.length}`);
    all.push(account.id);
  }
  return { ...place, all, keys, lacks };
}

/** The account whose lists are being read; `undefined` in the account list. */
function refAt(place: Place): AccountRef | undefined {
  const [id, key] = [accountAt(place), keyAt(place)];
  return id === undefined || key === undefined ? undefined : { id, key };
}

interface Reading {
  readonly isLast: boolean;
  readonly drift: SchemaDrift;
}

interface RecordsRead<A, B, E> extends Pick<Place, 'openDay' | 'undated' | 'reused'> {
  readonly wire: ListPage<A, B, E>;
  /** Of an account's window that is on one page. */
  readonly window?: { readonly mark: string; readonly tellings: number };
}

function readRecords<A, B, E>(
  { lists }: Lists,
  place: Place,
  { isLast, drift }: Reading,
  standard: ListStandard<A, B, E>,
): RecordsRead<A, B, E> {
  const { reused } = place;
  const refused: QuarantinedRecord[] = [];
  const { quarantine, setAside } = createQuarantine(standard.policy);
  const reading = { setAside: quarantine, refused, drift };
  const nothingOpen = { openDay: null, undated: {}, reused };
  const account = refAt(place);
  if (place.step === 'accounts' || account === undefined) {
    const accounts = lists.flatMap((list) => readList(list, standard.account, reading));
    return { wire: { kind: 'accounts', accounts, refused }, ...nothingOpen };
  }
  if (place.step === 'balances') {
    const balances = lists.flatMap((list) => readList(list, standard.balance, reading));
    return { wire: { kind: 'balances', account, balances, isFirst: place.link === null, refused }, ...nothingOpen };
  }
  const stated = lists.flatMap((list) => {
    // A record that may come back is kept as it was sent.
    const kept: typeof setAside = (path, record, fault) =>
      setAside(path, record, fault, standard.keepWith(record, account, list));
    return readList(list, standard.entry, { ...reading, setAside: kept }).map((each) => ({
      ...each,
      status: standard.statusOf(each.wire, list),
    }));
  });
  const isReused = reused.includes(account.key) || hasRepeatedId(stated, standard);
  const { entries, ...open } = countEquals(stated, isReused, place, standard);
  const from = place.narrowed ?? windowOf(place);
  const isWindow = windowOf(place) !== null && place.link === null && isLast;
  const window = isWindow ? windowTold(place, lists) : undefined;
  const isOld = window !== undefined && isOldNews(window.tellings);
  return {
    wire: pageOf({ account, entries, from: windowOf(place) === null ? null : from, isLast, isOld, refused }),
    ...open,
    reused: isReused ? [...new Set([...reused, account.key])] : reused,
    ...(window !== undefined && { window }),
  };
}

function pageOf<E>(read: {
  readonly account: AccountRef;
  readonly entries: readonly ListedEntry<E>[];
  readonly from: string | null;
  readonly isLast: boolean;
  readonly isOld: boolean;
  readonly refused: readonly QuarantinedRecord[];
}) {
  const { account, entries, from, isLast, isOld, refused } = read;
  const kind = 'transactions' as const;
  return { kind, account, entries, from, isLast, isOldNews: isOld, refused: isOld ? [] : refused };
}

/** Whatever the order is in which it lists them. */
function windowTold(
  place: Place,
  lists: Lists['lists'],
): NonNullable<RecordsRead<unknown, unknown, unknown>['window']> {
  const texts = lists.flatMap(({ records, status }) =>
    records.map((record) => `${status ?? ''}${stringifyExact(record).toWellFormed()}`),
  );
  const mark = tupleHash(texts.sort());
  return { mark, tellings: tellingsOf(place, mark) };
}

/** @throws {ProviderError} `BODY_UNREADABLE`, `PAGE_INVALID` */
export function readLists<A, B, E>(
  raw: RawPage,
  standard: ListStandard<A, B, E>,
  place: Place,
  drift: SchemaDrift,
): Lists {
  const lists = standard.listsOf(readBody(raw, standard), place.step, refAt(place), drift);
  if (lists.ok) return lists.value;
  throw invalidPage(lists.issue, raw, standard);
}

function readBody<A, B, E>(raw: RawPage, { provider }: ListStandard<A, B, E>): unknown {
  try {
    return parseExact(raw.text);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    throw new ProviderError('BODY_UNREADABLE', { provider, detail: error.message, ...idOf(raw) }, { cause: error });
  }
}

function invalidPage<A, B, E>(
  { path, expected, received }: ValidationIssue,
  raw: RawPage,
  { provider }: ListStandard<A, B, E>,
): ProviderError {
  const detail = `${path}: expected ${expected}, received ${received}`;
  return new ProviderError('PAGE_INVALID', { provider, detail, ...idOf(raw) });
}

function idOf({ requestId }: RawPage): { readonly requestId?: string } {
  return requestId === null ? {} : { requestId };
}
