/** What the Berlin Group's standard says of its lists; how they are read is in `list-read`. Pure. */
import { type Checked, jsonTypeOf, type SchemaDrift, type ValidationIssue } from '@quartersec/validation';
import {
  accountRecord,
  type BerlinAccount,
  type BerlinAccountReference,
  type BerlinBalance,
  type BerlinLinks,
  type BerlinTransaction,
  balanceRecord,
  berlinRedactionPolicy,
  checkAccounts,
  checkBalances,
  checkTransactions,
  countAccountNews,
  countAccountsNews,
  countBalanceNews,
  countBalancesNews,
  countTransactionNews,
  countTransactionsNews,
  transactionRecord,
} from '@quartersec/validation/berlin-group';
import type { AccountPlace, AccountRef, Listed, ListPage, ListStandard, Lists } from '../list-read/standard.ts';
import { idFault } from '../quarantine.ts';
import { isKnownBalanceType } from './balance-types.ts';
import { dayOf, fingerprintParts, statedId } from './fingerprint.ts';
import { identityOf, isSameAccount, keyOf, readKey, severalCurrencies } from './identity.ts';
import { readAccount, readBalance } from './read-account.ts';
import { readEntry } from './read-entry.ts';

export type BerlinPage = ListPage<BerlinAccount, BerlinBalance, BerlinTransaction>;
export type BerlinStandard = ListStandard<BerlinAccount, BerlinBalance, BerlinTransaction>;

/** What an entry that is set aside is kept with: its page alone says whose it is, and whether it is booked. */
const keptMember = 'quartersec';

interface Kept {
  readonly accountId: string;
  readonly isBooked: boolean;
}

/** @param institutionId whose accounts they are: it is part of their ids */
export function createBerlinStandard(institutionId: string): BerlinStandard {
  return {
    provider: 'berlin-group',
    policy: berlinRedactionPolicy,
    account: { ...accountRecord, count: countAccountNews },
    balance: {
      ...balanceRecord,
      count: (record, drift) => countBalanceNews(record, isKnownBalanceType(record.balanceType), drift),
    },
    entry: { ...transactionRecord, count: countTransactionNews },
    nextMember: '$input._links.next',
    linkTailFrom: '/accounts',
    // Filters are dates, as entries have them.
    daysOfDoubt: 0,
    listsOf: (body, step, account, drift) => listsOf(body, step, { account, drift, institutionId }),
    listedAccounts,
    placeOf: (account) => placeOf(account, institutionId),
    findAccount: ({ key }, known) => known.findLast(({ accountId }) => accountId === readKey(key).accountId),
    readAccount,
    readBalance,
    statusOf: (_, { status }) => status,
    statedId,
    dayOf,
    fingerprintParts,
    readEntry: (listed, context) => readEntry(listed, context, institutionId),
    recordOf(original, known) {
      const { accountId, isBooked } = (original as { readonly [keptMember]?: Partial<Kept> })[keptMember] ?? {};
      const account = known.findLast((each) => each.accountId === accountId);
      const status = isBooked === true ? 'BOOK' : 'PDNG';
      return account && { account, list: { path: '$input', records: [], status } };
    },
    keepWith(record, { key }, { status }) {
      if (jsonTypeOf(record) !== 'object') return record;
      const kept: Kept = { accountId: readKey(key).accountId, isBooked: status === 'BOOK' };
      return { ...(record as object), [keptMember]: kept };
    },
  };
}

/**
 * One that can be told, and that the bank does not call deleted. The sum of sub-accounts is left out where they are listed beside it: its
 * entries are theirs.
 */
function listedAccounts(accounts: readonly Listed<BerlinAccount>[]): readonly Listed<BerlinAccount>[] {
  const told = accounts.filter(({ wire }) => wire.status !== 'deleted' && identityOf(wire) !== undefined);
  const numbers = new Set(
    told.filter(({ wire }) => wire.currency !== severalCurrencies).map(({ wire }) => identityOf(wire)?.identifier),
  );
  return told.filter(({ wire }) => wire.currency !== severalCurrencies || !numbers.has(identityOf(wire)?.identifier));
}

/** @returns `undefined` for an account of which nothing can be asked */
function placeOf(account: BerlinAccount, institutionId: string): AccountPlace | undefined {
  const { resourceId, _links: links } = account;
  const key = keyOf(account, institutionId);
  if (typeof resourceId !== 'string' || idFault(resourceId) !== undefined || key === undefined) return undefined;
  const lacks = links ? (['balances', 'transactions'] as const).filter((list) => !links[list]) : [];
  return { id: resourceId, key, lacks };
}

interface ListContext {
  readonly account: AccountRef | undefined;
  readonly drift: SchemaDrift;
  readonly institutionId: string;
}

function listsOf(body: unknown, step: 'accounts' | 'balances' | 'transactions', context: ListContext): Checked<Lists> {
  switch (step) {
    case 'accounts':
      return accountLists(body, context);
    case 'balances':
      return balanceLists(body, context);
    case 'transactions':
      return entryLists(body, context);
  }
}

function accountLists(body: unknown, { drift }: ListContext): Checked<Lists> {
  const checked = checkAccounts(body);
  if (!checked.ok) return checked;
  countAccountsNews(checked.value, drift);
  const { accounts, _links } = checked.value;
  return withNext([{ path: '$input.accounts', records: accounts }], _links);
}

function balanceLists(body: unknown, context: ListContext): Checked<Lists> {
  const checked = checkBalances(body);
  if (!checked.ok) return checked;
  countBalancesNews(checked.value, context.drift);
  const { account, balances, _links } = checked.value;
  return foreign(account, context) ?? withNext([{ path: '$input.balances', records: balances }], _links);
}

function entryLists(body: unknown, context: ListContext): Checked<Lists> {
  const checked = checkTransactions(body);
  if (!checked.ok) return checked;
  countTransactionsNews(checked.value, context.drift);
  const { account, transactions, _links } = checked.value;
  if (Object.keys(transactions).length === 0) {
    return issue({ path: '$input.transactions.booked', expected: 'array', received: 'absent' });
  }
  const { booked, pending } = transactions;
  const lists = [
    { path: '$input.transactions.booked', records: booked ?? [], status: 'BOOK' },
    { path: '$input.transactions.pending', records: pending ?? [], status: 'PDNG' },
  ] as const;
  return (
    foreign(account, context) ?? withNext(lists, transactions._links?.next === undefined ? _links : transactions._links)
  );
}

/** A list that says itself that it is another account's. */
function foreign(
  reference: BerlinAccountReference | null | undefined,
  { account, institutionId }: ListContext,
): Checked<never> | undefined {
  if (account === undefined || isSameAccount(reference, readKey(account.key), institutionId) !== false)
    return undefined;
  return issue({ path: '$input.account', expected: 'the account that was asked for', received: 'object' });
}

/** A link that cannot be read is no end of the list. */
function withNext(lists: Lists['lists'], links: BerlinLinks | null | undefined): Checked<Lists> {
  const next = links?.next;
  const href = jsonTypeOf(next) === 'object' ? (next as { readonly href?: unknown }).href : next;
  if (href === undefined || href === null || typeof href === 'string')
    return { ok: true, value: { lists, next: href } };
  return issue({ path: '$input._links.next', expected: 'an address', received: jsonTypeOf(href) });
}

function issue(found: ValidationIssue): { readonly ok: false; readonly issue: ValidationIssue } {
  return { ok: false, issue: found };
}
