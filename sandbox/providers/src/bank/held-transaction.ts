/** A transaction as the bank holds it: what decides, and the JSON that a reader is sent. */
import { amountText, type Currency } from '../story/currency.ts';

export interface HeldTransaction {
  readonly id: string;
  readonly accountId: string;
  /** Positive: money out of the account, or more owed. */
  readonly outMinor: number;
  readonly currency: Currency;
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly pending: boolean;
  /** The pending entry it replaces; `null` when there is none or the bank could not match it. */
  readonly pendingId: string | null;
  /** May be no text: a script may set it to anything. */
  readonly name: unknown;
  /** What the bank calls `original_description`. */
  readonly description: string;
  /** The whole record as JSON text, without its description. */
  readonly json: string;
}

/** What a script may change of a record. */
export interface TransactionEdit {
  readonly id?: string;
  readonly accountId?: string;
  readonly outMinor?: number;
  readonly currency?: Currency;
  readonly date?: string;
  readonly pending?: boolean;
  readonly pendingId?: string | null;
  /** Any other members of the record, as they are to be sent. */
  readonly members?: Readonly<Record<string, unknown>>;
}

const blankMembers = {
  account_owner: null,
  check_number: null,
  counterparties: [],
  datetime: null,
  authorized_date: null,
  authorized_datetime: null,
  location: {
    address: null,
    city: null,
    region: null,
    postal_code: null,
    country: null,
    lat: null,
    lon: null,
    store_number: null,
  },
  merchant_name: null,
  merchant_entity_id: null,
  logo_url: null,
  website: null,
  payment_channel: 'other',
  payment_meta: {
    by_order_of: null,
    payee: null,
    payer: null,
    payment_method: null,
    payment_processor: null,
    ppd_id: null,
    reason: null,
    reference_number: null,
  },
  personal_finance_category: null,
  transaction_code: null,
  transaction_type: 'special',
} as const;

type Facts = Omit<HeldTransaction, 'json' | 'name'>;

/** Writes the members that decide over the others; the amount as its own text, so that it stays exact. */
function written(facts: Facts, others: Readonly<Record<string, unknown>>): HeldTransaction {
  const { amount: _, ...rest } = others;
  const { currency } = facts;
  const unofficial = currency.unofficial === true;
  const members = JSON.stringify({
    ...rest,
    account_id: facts.accountId,
    iso_currency_code: unofficial ? null : currency.code,
    unofficial_currency_code: unofficial ? currency.code : null,
    date: facts.date,
    pending: facts.pending,
    pending_transaction_id: facts.pendingId,
    transaction_id: facts.id,
  });
  const json = `{"amount":${amountText(facts.outMinor, currency.exponent)},${members.slice(1)}`;
  return { ...facts, name: rest.name, json };
}

/** A record made by a script. */
export function newTransaction(
  facts: Facts,
  name: string,
  members: Readonly<Record<string, unknown>> = {},
): HeldTransaction {
  return written(facts, { ...blankMembers, name, ...members });
}

export function edited(transaction: HeldTransaction, { members, ...facts }: TransactionEdit): HeldTransaction {
  const before = JSON.parse(transaction.json) as Record<string, unknown>;
  const { json: _, name: __, ...kept } = transaction;
  return written({ ...kept, ...facts }, { ...before, ...members });
}

/** The record as a page carries it. */
export const heldTransactionJson = ({ json, description }: HeldTransaction, withDescription: boolean): string =>
  withDescription ? `{"original_description":${JSON.stringify(description)},${json.slice(1)}` : json;
