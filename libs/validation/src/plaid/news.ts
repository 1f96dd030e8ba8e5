/** Counts what a valid document holds beyond the pinned version: accepted, and worth a metric before it is worth an incident. */
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

export interface News {
  /** Members that the types do not name, and members that they require and that are missing or of another type. */
  unknownFields: number;
  unknownEnums: number;
}

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
  countFields(envelope, known.envelope, news);
  for (const list of [envelope.added, envelope.modified, envelope.removed, envelope.accounts]) {
    if (!Array.isArray(list)) news.unknownFields += 1;
  }
  if (typeof envelope.request_id !== 'string') news.unknownFields += 1;
  const status = envelope.transactions_update_status;
  if (typeof status === 'string') countEnum(status, known.updateStatus, news);
  else news.unknownFields += 1;
}

export function countTransactionNews(transaction: PlaidTransaction, news: News): void {
  countFields(transaction, known.transaction, news);
  countFields(transaction.payment_meta, known.paymentMeta, news);
  countFields(transaction.location, known.location, news);
  if (transaction.personal_finance_category) {
    countFields(transaction.personal_finance_category, known.financeCategory, news);
  }
  for (const counterparty of transaction.counterparties ?? []) countFields(counterparty, known.counterparty, news);
  countEnum(transaction.payment_channel, known.paymentChannel, news);
  countEnum(transaction.transaction_code, known.transactionCode, news);
}

export function countRemovedNews(removed: PlaidRemovedTransaction, news: News): void {
  countFields(removed, known.removed, news);
  if (typeof removed.account_id !== 'string') news.unknownFields += 1;
}

/** `subtype` is not counted: its list has 78 values and is open by design. */
export function countAccountNews(account: PlaidAccount, news: News): void {
  countFields(account, known.account, news);
  countFields(account.balances, known.balances, news);
  countEnum(account.type, known.accountType, news);
}

function countFields(value: object, members: ReadonlySet<string>, news: News): void {
  for (const name of Object.keys(value)) if (!members.has(name)) news.unknownFields += 1;
}

function countEnum(value: string | null, values: ReadonlySet<string>, news: News): void {
  if (value !== null && value !== '' && !values.has(value)) news.unknownEnums += 1;
}
