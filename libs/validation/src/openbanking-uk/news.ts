/** Counts what a valid record holds beyond the published versions: accepted, and worth a metric before it is worth an incident. */
import { accountMembers, balanceMembers, envelopeMembers, transactionMembers } from './validators.ts';
import type { ObukAccount, ObukBalance, ObukEnvelope, ObukTransaction } from './wire-types.ts';

export interface ObukNews {
  unknownFields: number;
  unknownEnums: number;
}

const members = {
  envelope: new Set(envelopeMembers),
  account: new Set(accountMembers),
  balance: new Set(balanceMembers),
  transaction: new Set(transactionMembers),
} satisfies Record<string, ReadonlySet<string>>;

const accountStatuses: ReadonlySet<string> = new Set(['Enabled', 'Disabled', 'Deleted', 'Pending', 'ProForma']);

/** Adds to `news`, as do the others: one counter a page. */
export function countEnvelopeNews(envelope: ObukEnvelope, news: ObukNews): void {
  countFields(envelope, members.envelope, news);
}

export function countAccountNews(account: ObukAccount, news: ObukNews): void {
  countFields(account, members.account, news);
  if (typeof account.Status === 'string' && !accountStatuses.has(account.Status)) news.unknownEnums += 1;
}

/** @param isKnownType whether we know what the balance's `Type` means */
export function countBalanceNews(balance: ObukBalance, isKnownType: boolean, news: ObukNews): void {
  countFields(balance, members.balance, news);
  if (!isKnownType) news.unknownEnums += 1;
}

/** An unknown status or indicator is no news but a defect: the record cannot be counted without it. */
export function countTransactionNews(transaction: ObukTransaction, news: ObukNews): void {
  countFields(transaction, members.transaction, news);
}

function countFields(value: object, known: ReadonlySet<string>, news: ObukNews): void {
  for (const name of Object.keys(value)) if (!known.has(name)) news.unknownFields += 1;
}
