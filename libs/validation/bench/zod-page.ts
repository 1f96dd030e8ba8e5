/** `wire-types.ts` once more, for zod 4: same members, same types, same lengths, unknown members allowed. */
import { z } from 'zod';
import { ExactNumber } from '../src/exact-json.ts';

const id = z.string().max(256);
const text = z.string().max(4096);
const amount = z.instanceof(ExactNumber);
const optionalText = text.nullish();

const transaction = z.looseObject({
  transaction_id: id,
  pending_transaction_id: id.nullable(),
  account_id: id,
  amount,
  iso_currency_code: text.nullable(),
  unofficial_currency_code: text.nullable(),
  date: text,
  datetime: text.nullable(),
  authorized_date: text.nullable(),
  authorized_datetime: text.nullable(),
  pending: z.boolean(),
  name: text,
  merchant_name: optionalText,
  original_description: optionalText,
  payment_channel: text,
  payment_meta: z.looseObject({
    by_order_of: optionalText,
    payee: optionalText,
    payer: optionalText,
    payment_method: optionalText,
    payment_processor: optionalText,
    ppd_id: optionalText,
    reason: optionalText,
    reference_number: optionalText,
  }),
  transaction_code: text.nullable(),
  personal_finance_category: z
    .looseObject({ primary: text, detailed: text, confidence_level: optionalText, version: optionalText })
    .nullish(),
  location: z.looseObject({
    address: optionalText,
    city: optionalText,
    region: optionalText,
    postal_code: optionalText,
    country: optionalText,
    lat: amount.nullish(),
    lon: amount.nullish(),
    store_number: optionalText,
  }),
  account_owner: text.nullable(),
  check_number: optionalText,
  counterparties: z
    .array(
      z.looseObject({
        name: text,
        type: text,
        entity_id: optionalText,
        logo_url: optionalText,
        website: optionalText,
        phone_number: optionalText,
        confidence_level: optionalText,
      }),
    )
    .nullish(),
  merchant_entity_id: optionalText,
  logo_url: optionalText,
  website: optionalText,
  personal_finance_category_icon_url: optionalText,
  transaction_type: optionalText,
});

const account = z.looseObject({
  account_id: id,
  balances: z.looseObject({
    available: amount.nullable(),
    current: amount.nullable(),
    limit: amount.nullable(),
    iso_currency_code: text.nullable(),
    unofficial_currency_code: text.nullable(),
    last_updated_datetime: optionalText,
  }),
  mask: text.nullable(),
  name: text,
  official_name: text.nullable(),
  type: text,
  subtype: text.nullable(),
  persistent_account_id: id.nullish(),
  holder_category: optionalText,
  verification_status: optionalText,
  verification_name: optionalText,
});

const page = z.looseObject({
  added: z.array(transaction).nullish(),
  modified: z.array(transaction).nullish(),
  removed: z.array(z.looseObject({ transaction_id: id })).nullish(),
  accounts: z.array(account).nullish(),
  next_cursor: z.string().max(1024),
  has_more: z.boolean(),
});

export function zodAccepts(value: unknown): boolean {
  return page.safeParse(value).success;
}
