/**
 * Plaid's records, and what a defect in one costs: a member that no total depends on is left out and named; a defect in an id, an amount,
 * a date of posting, a currency or the pending state costs the record.
 */
import { recordKind } from '../record-kind.ts';
import { validateAccount, validateTransaction } from './validators.ts';
import type { PlaidAccount, PlaidTransaction } from './wire-types.ts';

export const transactionRecord = recordKind<PlaidTransaction>(validateTransaction, {
  essential: [
    'transaction_id',
    'pending_transaction_id',
    'account_id',
    'amount',
    'iso_currency_code',
    'unofficial_currency_code',
    'date',
    'pending',
  ],
  standIns: {
    pending_transaction_id: null,
    iso_currency_code: null,
    unofficial_currency_code: null,
    datetime: null,
    authorized_date: null,
    authorized_datetime: null,
    name: '',
    payment_channel: '',
    payment_meta: {},
    transaction_code: null,
    location: {},
    account_owner: null,
  } satisfies Partial<PlaidTransaction>,
  innerEssential: {
    personal_finance_category: new Set(['primary', 'detailed']),
    counterparties: new Set(['name', 'type']),
  },
});

const noBalances = {
  available: null,
  current: null,
  limit: null,
  iso_currency_code: null,
  unofficial_currency_code: null,
} satisfies PlaidAccount['balances'];

export const accountRecord = recordKind<PlaidAccount>(validateAccount, {
  essential: ['account_id'],
  standIns: {
    balances: noBalances,
    mask: null,
    name: '',
    official_name: null,
    type: '',
    subtype: null,
  } satisfies Partial<PlaidAccount>,
  innerStandIns: { balances: noBalances },
});
