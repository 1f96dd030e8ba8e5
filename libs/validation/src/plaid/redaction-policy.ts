import type { RedactionPolicy } from '../redact-record.ts';

/** Of Plaid's members, those that say nothing of the person. Names, places, texts, masks and urls are not among them. */
export const plaidRedactionPolicy: RedactionPolicy = {
  account_id: 'id',
  persistent_account_id: 'id',
  transaction_id: 'id',
  pending_transaction_id: 'id',
  amount: 'amount',
  available: 'amount',
  current: 'amount',
  limit: 'amount',
  iso_currency_code: 'id',
  unofficial_currency_code: 'id',
  date: 'date',
  datetime: 'date',
  authorized_date: 'date',
  authorized_datetime: 'date',
  last_updated_datetime: 'date',
  payment_channel: 'word',
  transaction_code: 'word',
  transaction_type: 'word',
  type: 'word',
  subtype: 'word',
  primary: 'word',
  detailed: 'word',
  confidence_level: 'word',
};
