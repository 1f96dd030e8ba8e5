/**
 * What two standards without a cursor differ in. Both list accounts and, for each account, balances and transactions; neither tells of
 * changes or removals. How they are read is the same for both, and is in the other files of this folder.
 */
import type {
  Account,
  Balance,
  Checked,
  QuarantinedRecord,
  RecordKind,
  RedactionPolicy,
  SchemaDrift,
  Transaction,
  ValidationIssue,
} from '@quartersec/validation';
import type { ProviderName } from '../connector.ts';
import type { Fault } from '../quarantine.ts';
import type { Place } from './place.ts';

/** A record that is sound, with its place in the page. */
export interface Listed<Wire> {
  /** E.g. `$input.Data.Account[3]`. */
  readonly path: string;
  readonly wire: Wire;
  /** What was left out of it. */
  readonly dropped: readonly ValidationIssue[];
}

export interface ListedEntry<Entry> extends Listed<Entry> {
  /** `undefined` for a status that nobody published: whether it counts cannot be told. */
  readonly status: Transaction['status'] | undefined;
  /** That can be relied on; `null` where there is none, or the account's ids are used again. */
  readonly id: string | null;
  /** Of several without ids that say the same on one day: which one, from 0. */
  readonly occurrence: number;
}

/** One list of a page. */
export interface RecordList {
  /** E.g. `$input.Data.Account`. */
  readonly path: string;
  readonly records: readonly unknown[];
  /** Of its entries, where the list decides it. */
  readonly status?: Transaction['status'];
}

export interface Lists {
  readonly lists: readonly RecordList[];
  /** As the bank links the next page; `null` and blank for none. */
  readonly next: string | null | undefined;
}

/** What an account of the list is in the read. */
export interface AccountPlace {
  /** The bank's. */
  readonly id: string;
  /** What the account is called in what outlives the read, where the bank's id does not. */
  readonly key?: string;
  readonly lacks?: readonly ('balances' | 'transactions')[];
}

/** The account whose balances or transactions a page has. */
export interface AccountRef {
  readonly id: string;
  readonly key: string;
}

export interface EntryContext {
  readonly connectionId: string;
  readonly account: Account;
  /** Local date: what is booked later is implausible. */
  readonly latestDate: string;
  /** Ids that pending entries of the same page have: under such an id a booked entry replaces none. */
  readonly pendingIds: ReadonlySet<string>;
}

export type EntryReading =
  | { readonly ok: true; readonly transaction: Transaction }
  | { readonly ok: false; readonly fault: Fault };

/** One kind of record, and what of it is new. */
export interface CountedKind<Wire> extends RecordKind<Wire> {
  count(record: Wire, drift: SchemaDrift): void;
}

export interface ListStandard<AccountWire, BalanceWire, Entry> {
  readonly provider: ProviderName;
  readonly policy: RedactionPolicy;
  readonly account: CountedKind<AccountWire>;
  readonly balance: CountedKind<BalanceWire>;
  readonly entry: CountedKind<Entry>;
  /** Where the next link stands: for an error. */
  readonly nextMember: string;
  /** As in `next-link.ts`. */
  readonly linkTailFrom?: string;
  /** Days at the beginning of a window of which it cannot be told what the bank lists. */
  readonly daysOfDoubt: number;
  /**
   * The lists of a page. Those with records of another account are an issue: nobody knows whose they are.
   * @param account `undefined` in the account list
   */
  listsOf(body: unknown, step: Place['step'], account: AccountRef | undefined, drift: SchemaDrift): Checked<Lists>;
  /** Of the accounts of one page, those that can be read and are no other's sum. */
  listedAccounts(accounts: readonly Listed<AccountWire>[]): readonly Listed<AccountWire>[];
  placeOf(account: AccountWire): AccountPlace | undefined;
  /** @returns `undefined` for one that is not known */
  findAccount(account: AccountRef, known: readonly Account[]): Account | undefined;
  readAccount(listed: Listed<AccountWire>, institutionId: string, known: readonly Account[]): Account;
  readBalance(balance: BalanceWire, account: Account): Balance | { readonly fault: Fault };
  statusOf(entry: Entry, list: RecordList): Transaction['status'] | undefined;
  /** @returns the id verbatim; `null` where there is none, or a blank one */
  statedId(entry: Entry): string | null;
  /** As the bank prints it: equals are counted among the entries of one day; `null` for an entry without one. */
  dayOf(entry: Entry, status: Transaction['status'] | undefined): string | null;
  /** All that an entry without an id says of itself, apart from what the bank may add later. */
  fingerprintParts(entry: Entry, status: Transaction['status'] | undefined): readonly string[];
  readEntry(listed: ListedEntry<Entry>, context: EntryContext): EntryReading;
  /** A record that had been set aside: whose it is, and what its list said of it. */
  recordOf(
    original: unknown,
    known: readonly Account[],
  ): { readonly account: Account; readonly list: RecordList } | undefined;
  /** The record as it is set aside, so that `recordOf` can tell whose it is. */
  keepWith(record: unknown, account: AccountRef, list: RecordList): unknown;
}

export type ListPage<AccountWire, BalanceWire, Entry> = { readonly refused: readonly QuarantinedRecord[] } & (
  | { readonly kind: 'accounts'; readonly accounts: readonly Listed<AccountWire>[] }
  | {
      readonly kind: 'balances';
      readonly account: AccountRef;
      readonly balances: readonly Listed<BalanceWire>[];
      /** The first page of the account's balances: what stood before is old. */
      readonly isFirst: boolean;
    }
  | {
      readonly kind: 'transactions';
      readonly account: AccountRef;
      readonly entries: readonly ListedEntry<Entry>[];
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
