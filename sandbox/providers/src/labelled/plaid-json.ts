/** A labelled household in Plaid's words: records, account lists, and the pages of `/transactions/sync`. */
import { type HeldAccount, heldAccountJson } from '../bank/held-account.ts';
import { type HeldTransaction, heldTransactionJson, newTransaction } from '../bank/held-transaction.ts';
import { calendarDay } from '../story/calendar.ts';
import type { HouseholdAccount, HouseholdTransaction, LabelledHousehold } from './household.ts';

const plaidTypes = {
  checking: { type: 'depository', subtype: 'checking' },
  savings: { type: 'depository', subtype: 'savings' },
  card: { type: 'credit', subtype: 'credit card' },
} as const;

const currencyOf = ({ currency, exponent }: HouseholdAccount) => ({
  code: currency,
  exponent,
  minorPerUnit: 1,
  share: 0,
});

/** @param isPending as it was told before it was booked */
export function householdTransactionJson(
  household: LabelledHousehold,
  transaction: HouseholdTransaction,
  isPending = false,
): string {
  return heldTransactionJson(heldOf(household, transaction, isPending), false);
}

/** As the bank holds it. */
export function heldOf(
  household: LabelledHousehold,
  transaction: HouseholdTransaction,
  isPending: boolean,
): HeldTransaction {
  const account = household.accounts[transaction.account];
  if (account === undefined) throw new RangeError(`no account ${transaction.account}`);
  const { merchantName, merchantEntityId, category, channel, city, statement, pendingId, id } = transaction;
  const counterparty = { name: merchantName, type: 'merchant', entity_id: merchantEntityId, confidence_level: 'HIGH' };
  const members = {
    merchant_name: merchantName,
    merchant_entity_id: merchantEntityId,
    counterparties: merchantName === null ? [] : [{ ...counterparty, logo_url: null, website: null }],
    personal_finance_category:
      category === null ? null : { primary: category[0], detailed: category[1], confidence_level: 'HIGH' },
    payment_channel: channel,
    authorized_date: household.isEnriched && channel !== 'other' ? calendarDay(transaction.day).text : null,
    location: {
      address: null,
      city,
      region: null,
      postal_code: null,
      country: null,
      lat: null,
      lon: null,
      store_number: null,
    },
  };
  const facts = {
    id: isPending ? (pendingId ?? id) : id,
    accountId: account.id,
    outMinor: transaction.outMinor,
    currency: currencyOf(account),
    date: calendarDay(isPending ? (transaction.pendingDay ?? transaction.day) : transaction.day).text,
    pending: isPending,
    pendingId: isPending ? null : pendingId,
    description: statement,
  };
  return newTransaction(facts, statement, members);
}

/** The account with its balance at the end of a day. @param day of the household's time */
export function householdAccountJson(household: LabelledHousehold, index: number, day: number): string {
  return heldAccountJson(heldAccountOf(household, index, day));
}

/** As the bank holds it at the end of that day. */
export function heldAccountOf(household: LabelledHousehold, index: number, day: number): HeldAccount {
  const account = household.accounts[index];
  if (account === undefined) throw new RangeError(`no account ${index}`);
  const balance = account.balances[day - household.firstDay] ?? account.openingMinor;
  const isCard = account.kind === 'card';
  return {
    id: account.id,
    persistentId: null,
    name: account.name,
    officialName: null,
    mask: String(1000 + index),
    ...plaidTypes[account.kind],
    currency: currencyOf(account),
    currentMinor: isCard ? -balance : balance,
    availableMinor: isCard ? null : balance,
    limitMinor: null,
    state: 'open',
    replacedBy: null,
    inFullReads: true,
  };
}

/**
 * What one bank has told from the end of `afterDay` to the end of `day`, as one page.
 * @param afterDay before the household's first day for all that there is
 */
export function householdPageJson(
  household: LabelledHousehold,
  connection: number,
  afterDay: number,
  day: number,
): string {
  const added: string[] = [];
  const removed: string[] = [];
  for (const transaction of household.transactions) {
    if (transaction.connection !== connection || transaction.isMissing) continue;
    const { toldDay, pendingDay, pendingId } = transaction;
    const isToldNow = toldDay > afterDay && toldDay <= day;
    if (isToldNow) added.push(householdTransactionJson(household, transaction));
    if (pendingDay === null || pendingId === null) continue;
    if (pendingDay > afterDay && pendingDay <= day && toldDay > day) {
      added.push(householdTransactionJson(household, transaction, true));
    }
    if (isToldNow && pendingDay <= afterDay) removed.push(`{"transaction_id":"${pendingId}"}`);
  }
  const accounts = household.accounts
    .map((account, index) => ({ account, index }))
    .filter(({ account }) => account.connection === connection)
    .map(({ index }) => householdAccountJson(household, index, day));
  return (
    `{"transactions_update_status":"HISTORICAL_UPDATE_COMPLETE","accounts":[${accounts.join(',')}],"added":[${added.join(',')}],` +
    `"modified":[],"removed":[${removed.join(',')}],"next_cursor":"${household.seed}/${connection}/${day}","has_more":false,"request_id":"labelled"}`
  );
}
