/** What a valid record holds beyond the published versions. */
import { countUnknownFields, type SchemaDrift } from '../schema-drift.ts';
import { accountMembers, balanceMembers, envelopeMembers, transactionMembers } from './validators.ts';
import type { ObukAccount, ObukBalance, ObukEnvelope, ObukTransaction } from './wire-types.ts';

const members = {
  envelope: new Set(envelopeMembers),
  account: new Set(accountMembers),
  balance: new Set(balanceMembers),
  transaction: new Set(transactionMembers),
} satisfies Record<string, ReadonlySet<string>>;

const accountStatuses: ReadonlySet<string> = new Set(['Enabled', 'Disabled', 'Deleted', 'Pending', 'ProForma']);

/** Adds to `news`, as do the others: one counter a page. */
export function countEnvelopeNews(envelope: ObukEnvelope, news: SchemaDrift): void {
  countUnknownFields(envelope, members.envelope, news);
}

export function countAccountNews(account: ObukAccount, news: SchemaDrift): void {
  countUnknownFields(account, members.account, news);
  if (typeof account.Status === 'string' && !accountStatuses.has(account.Status)) news.unknownEnums += 1;
}

/** @param isKnownType whether we know what the balance's `Type` means */
export function countBalanceNews(balance: ObukBalance, isKnownType: boolean, news: SchemaDrift): void {
  countUnknownFields(balance, members.balance, news);
  if (!isKnownType) news.unknownEnums += 1;
}

/** An unknown status or indicator is no news but a defect: the record cannot be counted without it. */
export function countTransactionNews(transaction: ObukTransaction, news: SchemaDrift): void {
  countUnknownFields(transaction, members.transaction, news);
}
