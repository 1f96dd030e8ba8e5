/** A valid page in our words. Pure; never throws for anything the page may hold. */
import {
  type Account,
  type AccountFlag,
  addDays,
  type CanonicalPage,
  type QuarantinedRecord,
  type Transaction,
} from '@quartersec/validation';
import type { NormaliseContext, ValidPage } from '../connector.ts';
import { createQuarantine, type Fault } from '../quarantine.ts';
import type { EntryContext, Listed, ListPage, ListStandard } from './standard.ts';

/** Banks book a day ahead around weekends. */
const PLAUSIBLE_DAYS_AHEAD = 2;

const nothing = { added: [], modified: [], removed: [], accounts: [] } as const;

export function normaliseListPage<A, B, E>(
  { wire }: ValidPage<ListPage<A, B, E>>,
  context: NormaliseContext,
  standard: ListStandard<A, B, E>,
): CanonicalPage {
  switch (wire.kind) {
    case 'accounts':
      return { ...nothing, accounts: accountsOf(wire.accounts, context, standard), quarantined: wire.refused };
    case 'balances':
      return balancesOf(wire, context, standard);
    case 'transactions':
      return transactionsOf(wire, context, standard);
  }
}

export function accountsOf<A, B, E>(
  accounts: readonly Listed<A>[],
  { institutionId, knownAccounts }: Pick<NormaliseContext, 'institutionId' | 'knownAccounts'>,
  { listedAccounts, readAccount }: ListStandard<A, B, E>,
): readonly Account[] {
  const listed = listedAccounts(accounts).map((each) => readAccount(each, institutionId, knownAccounts));
  return [...new Map(listed.map((account) => [account.accountId, account])).values()];
}

function balancesOf<A, B, E>(
  page: Extract<ListPage<A, B, E>, { kind: 'balances' }>,
  { knownAccounts }: NormaliseContext,
  standard: ListStandard<A, B, E>,
): CanonicalPage {
  const known = standard.findAccount(page.account, knownAccounts);
  if (known === undefined) return { ...nothing, quarantined: page.refused };
  const { quarantine } = createQuarantine(standard.policy);
  const { account, faults } = withBalances(known, page, standard);
  const aside = faults.map(({ of: { path, wire }, fault }) => quarantine(path, wire, fault));
  return { ...nothing, accounts: [account], quarantined: [...page.refused, ...aside] };
}

interface BalancesReading<B> {
  readonly account: Account;
  readonly faults: readonly { readonly of: Listed<B>; readonly fault: Fault }[];
}

/** Without what its standing adds. */
function factsOf(account: Account): Account {
  const { accountId, identityBasis, providerAccountId, currency, type, nature, name, mask } = account;
  return { accountId, identityBasis, providerAccountId, currency, type, nature, name, mask, balances: [] };
}

/** Those of a page behind the first stand beside those of the pages before. */
function withBalances<A, B, E>(
  known: Account,
  { balances: listed, refused, isFirst }: Extract<ListPage<A, B, E>, { kind: 'balances' }>,
  { readBalance }: ListStandard<A, B, E>,
): BalancesReading<B> {
  const faults: { readonly of: Listed<B>; readonly fault: Fault }[] = [];
  const read = listed.flatMap((each) => {
    const balance = readBalance(each.wire, known);
    if ('fault' in balance) faults.push({ of: each, fault: balance.fault });
    return 'fault' in balance ? [] : [balance];
  });
  const wasDropped = known.flags?.includes('MEMBER_DROPPED') === true;
  const wasAside = !isFirst && known.flags?.includes('BALANCE_SET_ASIDE') === true;
  const flags: AccountFlag[] = wasDropped ? ['MEMBER_DROPPED'] : [];
  if (wasAside || refused.length + faults.length > 0) flags.push('BALANCE_SET_ASIDE');
  const balances = isFirst ? read : [...known.balances, ...read];
  return { account: { ...factsOf(known), balances, ...(flags.length > 0 && { flags }) }, faults };
}

function transactionsOf<A, B, E>(
  page: Extract<ListPage<A, B, E>, { kind: 'transactions' }>,
  context: NormaliseContext,
  standard: ListStandard<A, B, E>,
): CanonicalPage {
  if (page.isOldNews) return { ...nothing, quarantined: [] };
  const account = standard.findAccount(page.account, context.knownAccounts);
  const from = page.from === null ? null : addDays(page.from, standard.daysOfDoubt);
  const { setAside } = createQuarantine(standard.policy);
  const aside = (path: string, wire: E, status: Transaction['status'] | undefined, fault: Fault) => {
    const list = { path, records: [], ...(status !== undefined && { status }) };
    return setAside(path, wire, fault, standard.keepWith(wire, page.account, list));
  };
  const quarantined: QuarantinedRecord[] = [...page.refused];
  const transactions = new Map<string, Transaction>();
  const pending = page.entries.filter(({ status }) => status === 'PDNG');
  const pendingIds = new Set(pending.map(({ id }) => id).filter((id) => id !== null));
  const entryContext = account && contextOf(account, context, pendingIds);
  for (const listed of page.entries) {
    const { path, wire, status } = listed;
    if (entryContext === undefined) {
      const fault = { reason: 'ACCOUNT_UNKNOWN', member: '', received: 'object' } as const;
      quarantined.push(aside(path, wire, status, fault));
      continue;
    }
    // Before the window another read has spoken.
    const day = standard.dayOf(wire, status);
    if (from !== null && day !== null && day < from) continue;
    const reading = standard.readEntry(listed, entryContext);
    if (reading.ok) transactions.set(reading.transaction.transactionId, reading.transaction);
    else quarantined.push(aside(path, wire, status, reading.fault));
  }
  const covers =
    account !== undefined && from !== null && page.isLast
      ? [{ accountId: account.accountId, fromDate: from }]
      : undefined;
  return { ...nothing, added: [...transactions.values()], quarantined, ...(covers && { covers }) };
}

export function contextOf(
  account: Account,
  { connectionId, today }: NormaliseContext,
  pendingIds: ReadonlySet<string>,
): EntryContext {
  return { connectionId, account, latestDate: addDays(today, PLAUSIBLE_DAYS_AHEAD), pendingIds };
}
