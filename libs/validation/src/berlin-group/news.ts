/** What a valid record holds beyond the published version. */
import { ExactNumber } from '../exact-json.ts';
import { countUnknownFields, type SchemaDrift } from '../schema-drift.ts';
import {
  accountMembers,
  accountsMembers,
  balanceMembers,
  balancesMembers,
  reportMembers,
  transactionMembers,
  transactionsMembers,
} from './validators.ts';
import type {
  BerlinAccount,
  BerlinAccounts,
  BerlinAmount,
  BerlinBalance,
  BerlinBalances,
  BerlinTransaction,
  BerlinTransactions,
} from './wire-types.ts';

const members = {
  accounts: new Set(accountsMembers),
  balances: new Set(balancesMembers),
  transactions: new Set(transactionsMembers),
  report: new Set(reportMembers),
  account: new Set(accountMembers),
  balance: new Set(balanceMembers),
  transaction: new Set(transactionMembers),
} satisfies Record<string, ReadonlySet<string>>;

const accountStatuses: ReadonlySet<string> = new Set(['enabled', 'deleted', 'blocked']);

/** Adds to `drift`, as do the others: one counter a page. */
export function countAccountsNews(body: BerlinAccounts, drift: SchemaDrift): void {
  countUnknownFields(body, members.accounts, drift);
}

export function countBalancesNews(body: BerlinBalances, drift: SchemaDrift): void {
  countUnknownFields(body, members.balances, drift);
}

export function countTransactionsNews(body: BerlinTransactions, drift: SchemaDrift): void {
  countUnknownFields(body, members.transactions, drift);
  countUnknownFields(body.transactions, members.report, drift);
}

export function countAccountNews(account: BerlinAccount, drift: SchemaDrift): void {
  countUnknownFields(account, members.account, drift);
  if (typeof account.status === 'string' && !accountStatuses.has(account.status)) drift.unknownEnums += 1;
}

/** @param isKnownType whether we know what the balance's type means */
export function countBalanceNews(balance: BerlinBalance, isKnownType: boolean, drift: SchemaDrift): void {
  countUnknownFields(balance, members.balance, drift);
  countAmountNews(balance.balanceAmount, drift);
  if (!isKnownType) drift.unknownEnums += 1;
}

export function countTransactionNews(transaction: BerlinTransaction, drift: SchemaDrift): void {
  countUnknownFields(transaction, members.transaction, drift);
  countAmountNews(transaction.transactionAmount, drift);
}

/** A number where the standard has a text is read exactly, and still is another type. */
function countAmountNews({ amount }: BerlinAmount, drift: SchemaDrift): void {
  if (amount instanceof ExactNumber) drift.unknownFields += 1;
}
