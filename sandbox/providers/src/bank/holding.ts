/** What a bank holds now, for tests to hold a reader's copy against. Faults do not change it. */
import { amountText } from '../story/currency.ts';
import type { HeldAccount } from './held-account.ts';
import type { HeldTransaction } from './held-transaction.ts';
import type { Extraction, ItemBank } from './item-bank.ts';

/** A transaction as it must stand in a reader's copy. */
export interface TrueTransaction {
  readonly account_id: string;
  /** The JSON number's text on the wire, exact. Positive = money out. */
  readonly amount: string;
  /** An unofficial code where the currency has no other. */
  readonly iso_currency_code: string;
  readonly date: string;
  readonly pending: boolean;
  /** Text, unless a script has spoilt it. */
  readonly name: unknown;
}

export interface TrueAccount {
  readonly account_id: string;
  readonly persistent_account_id: string | null;
  readonly name: string;
  /** Last digits of its number. */
  readonly mask: string | null;
  readonly type: HeldAccount['type'];
  readonly subtype: string;
  readonly currency: string;
  /** Texts of the JSON numbers on the wire. */
  readonly current: string | null;
  readonly available: string | null;
  readonly limit: string | null;
  readonly state: HeldAccount['state'];
  readonly replaced_by: string | null;
  /** False: a read from the empty cursor leaves its transactions out, though they are history and no removals. */
  readonly in_full_reads: boolean;
}

export interface BankHolding {
  readonly extraction: Extraction;
  /** Held by the bank, not yet fetched by the provider, and in no list below. */
  readonly waiting: number;
  /** Every account there ever was. */
  readonly accounts: readonly TrueAccount[];
  /** By `transaction_id`: everything that no reader was ever told is removed. */
  readonly transactions: Readonly<Record<string, TrueTransaction & { readonly pending_transaction_id: string | null }>>;
}

export const trueTransaction = (held: HeldTransaction): TrueTransaction => ({
  account_id: held.accountId,
  amount: amountText(held.outMinor, held.currency.exponent),
  iso_currency_code: held.currency.code,
  date: held.date,
  pending: held.pending,
  name: held.name,
});

function trueAccount(held: HeldAccount): TrueAccount {
  const text = (minor: number | null) => (minor === null ? null : amountText(minor, held.currency.exponent));
  return {
    account_id: held.id,
    persistent_account_id: held.persistentId,
    name: held.name,
    mask: held.mask,
    type: held.type,
    subtype: held.subtype,
    currency: held.currency.code,
    current: text(held.currentMinor),
    available: text(held.availableMinor),
    limit: text(held.limitMinor),
    state: held.state,
    replaced_by: held.replacedBy,
    in_full_reads: held.inFullReads,
  };
}

export function holdingOf(bank: ItemBank): BankHolding {
  const transactions = bank.ledger
    .held()
    .map((held) => [held.id, { ...trueTransaction(held), pending_transaction_id: held.pendingId }] as const);
  return {
    extraction: bank.extraction,
    waiting: bank.waiting,
    accounts: bank.accounts().map(trueAccount),
    transactions: Object.fromEntries(transactions),
  };
}
