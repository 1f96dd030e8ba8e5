/** A transaction as JSON text. Written directly: what a payee always says is put together once, at start. */
import { hashText } from '../random.ts';
import { calendarDay } from '../story/calendar.ts';
import { amountText } from '../story/currency.ts';
import type { Household } from '../story/household.ts';
import type { Entry } from '../story/origin.ts';
import { allPayees, type Payee } from '../story/payees.ts';
import { categories } from './categories.ts';
import { transactionId } from './identifiers.ts';

/** Texts of a connection that every record repeats. */
export interface ConnectionText {
  readonly index: number;
  readonly idPrefix: string;
  readonly accountIds: readonly string[];
}

interface PayeeText {
  readonly beforeDate: string;
  readonly beforePending: string;
  readonly beforeId: string;
  /** Behind the id, with and without the bank's code. */
  readonly coded: string;
  readonly uncoded: string;
  readonly description: string;
  readonly authorised: boolean;
}

const NO_PAYMENT_META =
  '"payment_meta":{"by_order_of":null,"payee":null,"payer":null,"payment_method":null,"payment_processor":null,"ppd_id":null,"reason":null,"reference_number":null}';

function location(city: string | null): string {
  const shop = { address: null, city, region: null, postal_code: null, country: null };
  return JSON.stringify({ ...shop, lat: null, lon: null, store_number: null });
}

function payeeText(payee: Payee): PayeeText {
  const [primary, detailed, code] = categories[payee.kind];
  const name = JSON.stringify(payee.name);
  const entity =
    payee.name === null ? 'null' : JSON.stringify(`ent-${payee.kind}-${hashText(0, payee.name).toString(36)}`);
  const party = `{"name":${name},"type":"merchant","logo_url":null,"website":null,"entity_id":${entity},"confidence_level":"HIGH"}`;
  const type = { online: 'digital', 'in store': 'place', other: 'special' }[payee.channel];
  const tail = (codeText: string) => `","transaction_code":${codeText},"transaction_type":"${type}"}`;
  return {
    beforeDate: `"unofficial_currency_code":null,"check_number":null,"counterparties":[${payee.name === null ? '' : party}],"date":"`,
    beforePending: `"location":${location(payee.city)},"name":${JSON.stringify(payee.statement)},"merchant_name":${name},"merchant_entity_id":${entity},"logo_url":null,"website":null,${NO_PAYMENT_META},"payment_channel":"${payee.channel}","pending":`,
    beforeId: `"personal_finance_category":{"primary":"${primary}","detailed":"${detailed}","confidence_level":"HIGH"},"transaction_id":"`,
    coded: tail(`"${code}"`),
    uncoded: tail('null'),
    description: `"original_description":${JSON.stringify(payee.statement.toUpperCase())},`,
    authorised: payee.name !== null,
  };
}

const payeeTexts = new Map(allPayees.map((payee) => [payee, payeeText(payee)]));

/** A time of day in the look of a bank; one in eight is midnight, which means "unknown". */
function timeText(date: string, id: string): string {
  const draw = hashText(0, id);
  if (draw % 8 === 0) return `"${date}T00:00:00Z"`;
  const two = (value: number) => String(value).padStart(2, '0');
  return `"${date}T${two(7 + (draw % 15))}:${two((draw >>> 8) % 60)}:${two((draw >>> 16) % 60)}Z"`;
}

export const entryId = (text: ConnectionText, { origin, pending }: Entry): string =>
  transactionId(text.idPrefix, text.index, origin.step, origin.ordinal, pending);

export function transactionJson(
  text: ConnectionText,
  { currency, givesTimes, codesTransactions }: Household,
  entry: Entry,
  withDescription: boolean,
): string {
  const { origin, pending, outMinor } = entry;
  const payee = payeeTexts.get(origin.payee) ?? payeeText(origin.payee);
  const id = entryId(text, entry);
  const date = calendarDay(entry.day).text;
  const purchase = calendarDay(origin.purchaseDay).text;
  const twin =
    !pending && origin.linked
      ? `"${transactionId(text.idPrefix, text.index, origin.step, origin.ordinal, true)}"`
      : 'null';
  return (
    `{"account_id":"${text.accountIds[origin.account] ?? ''}","account_owner":null,"amount":${amountText(outMinor, currency.exponent)},"iso_currency_code":"${currency.code}",` +
    `${payee.beforeDate}${date}","datetime":${givesTimes && !pending ? timeText(date, id) : 'null'},` +
    `"authorized_date":${payee.authorised ? `"${purchase}"` : 'null'},"authorized_datetime":${givesTimes && payee.authorised ? timeText(purchase, id) : 'null'},` +
    `${withDescription ? payee.description : ''}${payee.beforePending}${pending},"pending_transaction_id":${twin},` +
    `${payee.beforeId}${id}${codesTransactions ? payee.coded : payee.uncoded}`
  );
}

export const removedJson = (text: ConnectionText, entry: Entry): string =>
  `{"account_id":"${text.accountIds[entry.origin.account] ?? ''}","transaction_id":"${entryId(text, entry)}"}`;
