/** A valid page of `/transactions/sync` in our words. Pure; never throws for anything the page may hold. */
import {
  type Account,
  addDays,
  type CanonicalPage,
  type QuarantinedRecord,
  type Transaction,
  transactionId,
} from '@quartersec/validation';
import { type PlaidRemovedTransaction, plaidRedactionPolicy } from '@quartersec/validation/plaid';
import type { NormaliseContext, ValidPage } from '../connector.ts';
import { createQuarantine, idFault } from '../quarantine.ts';
import { normaliseAccount } from './normalise-account.ts';
import { normaliseTransaction, type TransactionContext } from './normalise-transaction.ts';
import type { PlaidSyncPage } from './validate-page.ts';

const { quarantine, setAside } = createQuarantine(plaidRedactionPolicy);

/** Banks post a day ahead around weekends and date lines. */
const PLAUSIBLE_DAYS_AHEAD = 2;

/** @returns records in the provider's order, each id once: of several under one id the last one counts */
export function normalisePlaidPage(page: ValidPage<PlaidSyncPage>, context: NormaliseContext): CanonicalPage {
  const { wire } = page;
  const quarantined = [...wire.refused];
  const accounts = normaliseAccounts(wire, context, quarantined);
  const transactionContext: TransactionContext = {
    connectionId: context.connectionId,
    accountIds: new Map(
      [...context.knownAccounts, ...accounts].map((account) => [account.providerAccountId, account.accountId]),
    ),
    latestDate: addDays(context.today, PLAUSIBLE_DAYS_AHEAD),
  };
  const added = normaliseTransactions('added', wire, transactionContext, quarantined);
  const modified = normaliseTransactions('modified', wire, transactionContext, quarantined);
  const latest = new Map([...added, ...modified].map((transaction) => [transaction.transactionId, transaction]));
  const isLatest = (transaction: Transaction) => latest.get(transaction.transactionId) === transaction;
  return {
    added: added.filter(isLatest),
    modified: modified.filter(isLatest),
    removed: removedIds(wire.removed, context.connectionId, quarantined),
    accounts: [...new Map(accounts.map((account) => [account.accountId, account])).values()],
    quarantined,
  };
}

function normaliseAccounts(
  page: PlaidSyncPage,
  context: NormaliseContext,
  quarantined: QuarantinedRecord[],
): readonly Account[] {
  const accountContext = {
    institutionId: context.institutionId,
    known: new Map(context.knownAccounts.map((account) => [account.providerAccountId, account])),
    asOfBasis: 'item-update',
  } as const;
  const accounts: Account[] = [];
  for (const [index, wire] of page.accounts.entries()) {
    if (wire === null) continue;
    const { account, faults } = normaliseAccount(wire, accountContext, page.dropped.get(wire));
    for (const fault of faults) quarantined.push(quarantine(`$input.accounts[${index}]`, wire, fault));
    if (account !== null) accounts.push(account);
  }
  return accounts;
}

function normaliseTransactions(
  list: 'added' | 'modified',
  page: PlaidSyncPage,
  context: TransactionContext,
  quarantined: QuarantinedRecord[],
): readonly Transaction[] {
  const transactions: Transaction[] = [];
  for (const [index, wire] of page[list].entries()) {
    if (wire === null) continue;
    const reading = normaliseTransaction(wire, context, page.dropped.get(wire));
    if (reading.ok) transactions.push(reading.transaction);
    else quarantined.push(setAside(`$input.${list}[${index}]`, wire, reading.fault));
  }
  return transactions;
}

/** By transaction id alone, whatever account the notice names, if any. */
function removedIds(
  wires: readonly (PlaidRemovedTransaction | null)[],
  connectionId: string,
  quarantined: QuarantinedRecord[],
): readonly string[] {
  const ids = new Set<string>();
  for (const [index, wire] of wires.entries()) {
    if (wire === null) continue;
    const providerTransactionId = wire.transaction_id;
    const reason = idFault(providerTransactionId);
    if (reason === undefined) ids.add(transactionId({ provider: 'plaid', connectionId, providerTransactionId }));
    else {
      const fault = { reason, member: '.transaction_id', received: 'string' } as const;
      quarantined.push(quarantine(`$input.removed[${index}]`, wire, fault));
    }
  }
  return [...ids];
}
