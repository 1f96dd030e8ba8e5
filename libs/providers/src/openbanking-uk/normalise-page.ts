/** A valid page in our words. Pure; never throws for anything the page may hold. */
import {
  type Account,
  addDays,
  type CanonicalPage,
  type QuarantinedRecord,
  type Transaction,
} from '@quartersec/validation';
import { obukRedactionPolicy } from '@quartersec/validation/openbanking-uk';
import type { NormaliseContext, ValidPage } from '../connector.ts';
import { createQuarantine } from '../quarantine.ts';
import { normaliseAccount, withBalances } from './normalise-account.ts';
import { normaliseTransaction, type TransactionContext } from './normalise-transaction.ts';
import { statusOf } from './statuses.ts';
import { isListedAccount, type ObukPage } from './validate-page.ts';

type PageOf<Kind extends ObukPage['kind']> = Extract<ObukPage, { kind: Kind }>;

const { quarantine, setAside } = createQuarantine(obukRedactionPolicy);

/** Banks book a day ahead around weekends. */
const PLAUSIBLE_DAYS_AHEAD = 2;

/** A filter has no time zone: on its first day, what the bank lists depends on how it reads the time. */
const DAYS_OF_DOUBT = 1;

const nothing = { added: [], modified: [], removed: [], accounts: [] } as const;

export function normaliseObukPage({ wire }: ValidPage<ObukPage>, context: NormaliseContext): CanonicalPage {
  switch (wire.kind) {
    case 'accounts':
      return { ...nothing, accounts: accountsOf(wire, context), quarantined: wire.refused };
    case 'balances':
      return balancesOf(wire, context);
    case 'transactions':
      return transactionsOf(wire, context);
  }
}

/** Later pages of a read come later in the list. */
function knownAs(
  providerAccountId: string,
  { knownAccounts }: Pick<NormaliseContext, 'knownAccounts'>,
): Account | undefined {
  return knownAccounts.findLast((account) => account.providerAccountId === providerAccountId);
}

export function accountsOf(
  { accounts }: Pick<PageOf<'accounts'>, 'accounts'>,
  context: Pick<NormaliseContext, 'institutionId' | 'knownAccounts'>,
): readonly Account[] {
  const listed = accounts
    .filter(({ wire }) => isListedAccount(wire))
    .map((each) => normaliseAccount(each, context.institutionId, knownAs(each.wire.AccountId, context)));
  return [...new Map(listed.map((account) => [account.accountId, account])).values()];
}

function balancesOf(page: PageOf<'balances'>, context: NormaliseContext): CanonicalPage {
  const known = knownAs(page.account, context);
  if (known === undefined) return { ...nothing, quarantined: page.refused };
  const { account, faults } = withBalances(known, page.balances, {
    refused: page.refused.length,
    isFirst: page.isFirst,
  });
  const wires = new Map(page.balances.map(({ index, wire }) => [index, wire]));
  const aside = faults.map(({ index, fault }) => quarantine(`$input.Data.Balance[${index}]`, wires.get(index), fault));
  return { ...nothing, accounts: [account], quarantined: [...page.refused, ...aside] };
}

function transactionsOf(page: PageOf<'transactions'>, context: NormaliseContext): CanonicalPage {
  if (page.isOldNews) return { ...nothing, quarantined: [] };
  const account = knownAs(page.account, context);
  const from = page.from === null ? null : addDays(page.from, DAYS_OF_DOUBT);
  const quarantined: QuarantinedRecord[] = [...page.refused];
  const transactions = new Map<string, Transaction>();
  const pending = page.transactions.filter(({ wire }) => statusOf(wire) === 'PDNG');
  const pendingIds = new Set(pending.map(({ id }) => id).filter((id) => id !== null));
  for (const listed of page.transactions) {
    const path = `$input.Data.Transaction[${listed.index}]`;
    if (account === undefined) {
      quarantined.push(
        setAside(path, listed.wire, { reason: 'ACCOUNT_UNKNOWN', member: '.AccountId', received: 'string' }),
      );
      continue;
    }
    // Before the window another read has spoken.
    if (from !== null && listed.wire.BookingDateTime.slice(0, 10) < from) continue;
    const reading = normaliseTransaction(listed, transactionContext(account, context, pendingIds));
    if (reading.ok) transactions.set(reading.transaction.transactionId, reading.transaction);
    else quarantined.push(setAside(path, listed.wire, reading.fault));
  }
  const covers =
    account !== undefined && from !== null && page.isLast
      ? [{ accountId: account.accountId, fromDate: from }]
      : undefined;
  return { ...nothing, added: [...transactions.values()], quarantined, ...(covers && { covers }) };
}

export function transactionContext(
  { accountId }: Account,
  { connectionId, today }: NormaliseContext,
  pendingIds: ReadonlySet<string>,
): TransactionContext {
  return { connectionId, accountId, latestDate: addDays(today, PLAUSIBLE_DAYS_AHEAD), pendingIds };
}
