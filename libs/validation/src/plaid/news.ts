/** What a valid document holds beyond the pinned version. */
import { countUnknownFields, type SchemaDrift } from '../schema-drift.ts';
import {
  accountMembers,
  accountTypes,
  balancesMembers,
  counterpartyMembers,
  financeCategoryMembers,
  locationMembers,
  paymentChannels,
  paymentMetaMembers,
  removedMembers,
  syncEnvelopeMembers,
  transactionCodes,
  transactionMembers,
  updateStatuses,
} from './validators.ts';
import type { PlaidAccount, PlaidRemovedTransaction, PlaidSyncEnvelope, PlaidTransaction } from './wire-types.ts';

export type News = SchemaDrift;

const known = {
  envelope: new Set(syncEnvelopeMembers),
  transaction: new Set(transactionMembers),
  paymentMeta: new Set(paymentMetaMembers),
  financeCategory: new Set(financeCategoryMembers),
  location: new Set(locationMembers),
  counterparty: new Set(counterpartyMembers),
  removed: new Set(removedMembers),
  account: new Set(accountMembers),
  balances: new Set(balancesMembers),
  updateStatus: new Set(updateStatuses),
  paymentChannel: new Set(paymentChannels),
  transactionCode: new Set(transactionCodes),
  accountType: new Set(accountTypes),
} satisfies Record<string, ReadonlySet<string>>;

/** Adds to `news`, as do the others: one counter a page, whatever the number of records. */
export function countEnvelopeNews(envelope: PlaidSyncEnvelope, news: News): void {
  countUnknownFields(envelope, known.envelope, news);
  for (const list of [envelope.added, envelope.modified, envelope.removed, envelope.accounts]) {
    if (!Array.isArray(list)) news.unknownFields += 1;
  }
  if (typeof envelope.request_id !== 'string') news.unknownFields += 1;
  const status = envelope.transactions_update_status;
  if (typeof status === 'string') countEnum(status, known.updateStatus, news);
  else news.unknownFields += 1;
}

export function countTransactionNews(transaction: PlaidTransaction, news: News): void {
  countUnknownFields(transaction, known.transaction, news);
  countUnknownFields(transaction.payment_meta, known.paymentMeta, news);
  countUnknownFields(transaction.location, known.location, news);
  if (transaction.personal_finance_category) {
    countUnknownFields(transaction.personal_finance_category, known.financeCategory, news);
  }
  for (const counterparty of transaction.counterparties ?? [])
    countUnknownFields(counterparty, known.counterparty, news);
  countEnum(transaction.payment_channel, known.paymentChannel, news);
  countEnum(transaction.transaction_code, known.transactionCode, news);
}

export function countRemovedNews(removed: PlaidRemovedTransaction, news: News): void {
  countUnknownFields(removed, known.removed, news);
  if (typeof removed.account_id !== 'string') news.unknownFields += 1;
}

/** `subtype` is not counted: its list has 78 values and is open by design. */
export function countAccountNews(account: PlaidAccount, news: News): void {
  countUnknownFields(account, known.account, news);
  countUnknownFields(account.balances, known.balances, news);
  countEnum(account.type, known.accountType, news);
}

function countEnum(value: string | null, values: ReadonlySet<string>, news: News): void {
  if (value !== null && value !== '' && !values.has(value)) news.unknownEnums += 1;
}
