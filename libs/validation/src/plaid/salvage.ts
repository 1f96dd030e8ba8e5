/**
 * What is sound in a record that has not the pinned shape. A defect costs what it touches: a member that no total
 * depends on is left out and named; a defect in an id, an amount, a date of posting, a currency or the pending state
 * costs the record. Only records that `checkTransaction` or `checkAccount` refused come here.
 */
import { type Plan, type Salvage, salvage } from '../salvage.ts';
import { validateAccount, validateTransaction } from './validators.ts';
import type { PlaidAccount, PlaidTransaction } from './wire-types.ts';

const transactionPlan: Plan = {
  essential: new Set<keyof PlaidTransaction>([
    'transaction_id',
    'pending_transaction_id',
    'account_id',
    'amount',
    'iso_currency_code',
    'unofficial_currency_code',
    'date',
    'pending',
  ]),
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
  innerStandIns: {},
  innerEssential: {
    personal_finance_category: new Set(['primary', 'detailed']),
    counterparties: new Set(['name', 'type']),
  },
};

const noBalances = {
  available: null,
  current: null,
  limit: null,
  iso_currency_code: null,
  unofficial_currency_code: null,
} satisfies PlaidAccount['balances'];

const accountPlan: Plan = {
  essential: new Set<keyof PlaidAccount>(['account_id']),
  standIns: {
    balances: noBalances,
    mask: null,
    name: '',
    official_name: null,
    type: '',
    subtype: null,
  } satisfies Partial<PlaidAccount>,
  innerStandIns: { balances: noBalances },
  innerEssential: {},
};

/** Values from `parseExact`. */
export const salvageTransaction = (record: unknown): Salvage<PlaidTransaction> =>
  salvage(record, validateTransaction, transactionPlan);

/** Values from `parseExact`. */
export const salvageAccount = (record: unknown): Salvage<PlaidAccount> => salvage(record, validateAccount, accountPlan);
