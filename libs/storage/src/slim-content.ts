/**
 * The stored text leaves out what a reader can restore: members at their usual value, and ids and hashes that follow from
 * the rest (random texts do not compress). Form 1; a stored form never changes its meaning, so a change of any list here
 * is a new form. Members that are not named here are stored as they are. Pure.
 */
import {
  type Account,
  type Balance,
  hasOwnContentHash,
  type Money,
  type Transaction,
  transactionId,
  withContentHash,
} from '@quartersec/validation';
import type { EntryContent, Head, OpenList, OpenLoop, PageEntry, StandingAccount } from './model.ts';

/** Members that are always there and may be null. One that is optional is absent instead, and not listed. */
type Nulls<Shape> = {
  readonly [Name in keyof Shape as undefined extends Shape[Name]
    ? never
    : null extends Shape[Name]
      ? Name
      : never]: null;
};
type Members = Readonly<Record<string, unknown>>;

const none: readonly never[] = Object.freeze([]);

const moneyNulls = { currency: null, unofficialCurrency: null } as const satisfies Nulls<Money>;
const moneyUsual: Members = { ...moneyNulls, exponent: 2 };

const transactionNulls = {
  providerTransactionId: null,
  bookingDate: null,
  valueDate: null,
  executionDate: null,
  bookingDateTime: null,
  executionDateTime: null,
  counterpartyName: null,
  merchantName: null,
  description: null,
  category: null,
  channel: null,
  bankTransactionCode: null,
  supersedes: null,
} as const satisfies Nulls<Transaction>;
const transactionUsual: Members = {
  ...transactionNulls,
  idBasis: 'provider',
  status: 'BOOK',
  remittance: none,
  flags: none,
};

const accountNulls = { currency: null, name: null, mask: null } as const satisfies Nulls<Account>;
const accountUsual: Members = { ...accountNulls, identityBasis: 'providerId', nature: 'asset' };

const standingUsual: Members = { ...accountUsual, state: 'open', replacedBy: null };

const balanceNulls = { creditLine: null, asOf: null } as const satisfies Nulls<Balance>;
const balanceUsual: Members = { ...balanceNulls, creditIncluded: false, asOfBasis: 'item-update' };

const pageUsual: Members = { added: none, modified: none, removed: none, accounts: none, quarantined: 0 };
const headNulls = {
  statusReason: null,
  nextAttemptEpochMs: null,
  cursor: null,
  loop: null,
  lastSync: null,
  accountsReadEpochMs: null,
  openList: null,
} as const satisfies Nulls<Head>;
const headUsual: Members = { ...headNulls, status: 'active', history: 'complete', accounts: none, aside: 0 };

/** Whose ids the records of an entry have: from these and the provider's own id follows ours. */
export interface IdSource {
  readonly provider: string;
  readonly connectionId: string;
}

/**
 * @param source where it is known; without it transaction ids are stored as they are
 * @returns what to store, for canonical JSON
 */
export function slimContent(content: EntryContent, source: IdSource | undefined): Members {
  if (content.kind === 'accounts') return { ...content, accounts: content.accounts.map(slimAccount) };
  if (content.kind !== 'page') return { ...content };
  const slim = (transaction: Transaction) => slimTransaction(transaction, source);
  const lists = {
    added: content.added.map(slim),
    modified: content.modified.map(slim),
    accounts: content.accounts.map(slimAccount),
  };
  const idsOf = source === undefined ? {} : { idsOf: source.provider };
  return { ...without(content, pageUsual), ...without(lists, pageUsual), ...idsOf };
}

/**
 * The inverse of `slimContent`.
 * @param slim as it was stored
 * @throws {TypeError} for what `slimContent` never makes
 */
export function fullContent(slim: Members, connectionId: string): EntryContent {
  if (slim.kind === 'accounts') {
    return { ...slim, accounts: list(slim.accounts).map(fullAccount) } as unknown as EntryContent;
  }
  if (slim.kind !== 'page') return slim as unknown as EntryContent;
  const { idsOf, ...page } = { ...pageUsual, ...slim } as unknown as PageEntry & { readonly idsOf?: string };
  const source = idsOf === undefined ? undefined : { provider: idsOf, connectionId };
  const full = (transaction: Members) => fullTransaction(transaction, source);
  return {
    ...page,
    added: list(page.added).map(full),
    modified: list(page.modified).map(full),
    accounts: list(page.accounts).map(fullAccount),
  };
}

type HeadBody = Omit<Head, 'connectionId' | 'version' | 'hash'>;

export function slimHead(body: HeadBody): Members {
  const { accounts, loop, openList } = body;
  const slim = {
    accounts: accounts.map(slimStanding),
    loop: loop && { ...loop, accounts: loop.accounts.map(slimAccount) },
    openList: openList && { ...openList, accounts: openList.accounts.map(slimAccount) },
  };
  return { ...without(body, headUsual), ...without(slim, headUsual) };
}

/** The inverse of `slimHead`. @throws {TypeError} for what `slimHead` never makes */
export function fullHead(slim: Members): HeadBody {
  const head = { ...headUsual, ...slim } as unknown as HeadBody;
  return {
    ...head,
    accounts: list(head.accounts).map(fullStanding),
    loop: withFullAccounts<OpenLoop>(head.loop),
    openList: withFullAccounts<OpenList>(head.openList),
  };
}

function withFullAccounts<Shape extends { readonly accounts: readonly Account[] }>(slim: Shape | null): Shape | null {
  return slim && { ...slim, accounts: list(slim.accounts).map(fullAccount) };
}

function slimTransaction(transaction: Transaction, source: IdSource | undefined): Members {
  const { contentHash } = transaction;
  const derived = { ...derivedOf(transaction, source), ...(hasOwnContentHash(transaction) && { contentHash }) };
  const left: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(transaction)) {
    if (!isUsual(transactionUsual, name, value) && value !== derived[name as keyof typeof derived]) left[name] = value;
  }
  left.amount = slimMoney(transaction.amount);
  return left;
}

function fullTransaction(slim: Members, source: IdSource | undefined): Transaction {
  const stated = { ...transactionUsual, ...slim, amount: fullMoney(slim.amount as Members) } as unknown as Transaction;
  const whole: Transaction = { ...derivedOf(stated, source), ...stated };
  if (typeof whole.transactionId !== 'string') throw new TypeError('a transaction without its id');
  return typeof whole.contentHash === 'string' ? whole : withContentHash(whole);
}

/** What follows from the rest of a record, but for the hash of its content. */
function derivedOf({ amount, providerTransactionId }: Transaction, source: IdSource | undefined): Members {
  const direction = amount.minor.startsWith('-') ? 'DBIT' : 'CRDT';
  if (source === undefined || providerTransactionId === null) return { direction };
  return { direction, transactionId: transactionId({ ...source, providerTransactionId }) };
}

function slimAccount(account: Account): Members {
  return { ...without(account, accountUsual), balances: account.balances.map(slimBalance) };
}

function fullAccount(slim: Members): Account {
  return { ...accountUsual, ...slim, balances: list(slim.balances).map(fullBalance) } as unknown as Account;
}

function slimStanding(account: StandingAccount): Members {
  return without(slimAccount(account), standingUsual);
}

function fullStanding(slim: Members): StandingAccount {
  return { ...standingUsual, ...fullAccount(slim) } as unknown as StandingAccount;
}

function slimBalance(balance: Balance): Members {
  const { amount, creditLine } = balance;
  const money = { amount: slimMoney(amount), ...(creditLine && { creditLine: slimMoney(creditLine) }) };
  return { ...without(balance, balanceUsual), ...money };
}

function fullBalance(slim: Members): Balance {
  const { amount, creditLine } = slim;
  const money = {
    amount: fullMoney(amount as Members),
    creditLine: creditLine ? fullMoney(creditLine as Members) : null,
  };
  return { ...balanceUsual, ...slim, ...money } as unknown as Balance;
}

function slimMoney(money: Money): Members {
  return without(money, moneyUsual);
}

function fullMoney(slim: Members): Money {
  if (typeof slim?.minor !== 'string') throw new TypeError('money without an amount');
  return { ...moneyUsual, ...slim } as unknown as Money;
}

/** The members that do not have the given value. */
function without(record: object, values: Members): Members {
  const left: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(record)) {
    if (!isUsual(values, name, value)) left[name] = value;
  }
  return left;
}

/** Values are never undefined, so a member that is not listed is not usual. */
function isUsual(values: Members, name: string, value: unknown): boolean {
  const usual = values[name];
  return (value === usual && value !== undefined) || (usual === none && Array.isArray(value) && value.length === 0);
}

function list(value: unknown): readonly Members[] {
  if (!Array.isArray(value)) throw new TypeError('no list');
  return value as readonly Members[];
}
