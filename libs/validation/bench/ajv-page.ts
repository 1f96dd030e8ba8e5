/** `wire-types.ts` once more, as JSON schema for ajv 8: same members, same types, same lengths, unknown members allowed. */
import { Ajv } from 'ajv';
import { ExactNumber } from '../src/exact-json.ts';

type Schema = Readonly<Record<string, unknown>>;

const id: Schema = { type: 'string', maxLength: 256 };
const text: Schema = { type: 'string', maxLength: 4096 };
const amount: Schema = { exactNumber: true };
const nullable = (schema: Schema): Schema => ({ anyOf: [{ type: 'null' }, schema] });
const nullableText: Schema = { type: ['string', 'null'], maxLength: 4096 };
const nullableId: Schema = { type: ['string', 'null'], maxLength: 256 };

/** Members named in `optional` may be absent; all others are required. */
function object(required: Readonly<Record<string, Schema>>, optional: Readonly<Record<string, Schema>> = {}): Schema {
  return { type: 'object', required: Object.keys(required), properties: { ...required, ...optional } };
}

function texts(...names: readonly string[]): Record<string, Schema> {
  return Object.fromEntries(names.map((name) => [name, nullableText]));
}

const counterparty = object(
  { name: text, type: text },
  texts('entity_id', 'logo_url', 'website', 'phone_number', 'confidence_level'),
);

const transaction = object(
  {
    transaction_id: id,
    pending_transaction_id: nullableId,
    account_id: id,
    amount,
    ...texts('iso_currency_code', 'unofficial_currency_code', 'datetime', 'authorized_date', 'authorized_datetime'),
    date: text,
    pending: { type: 'boolean' },
    name: text,
    payment_channel: text,
    payment_meta: object(
      {},
      texts(
        'by_order_of',
        'payee',
        'payer',
        'payment_method',
        'payment_processor',
        'ppd_id',
        'reason',
        'reference_number',
      ),
    ),
    ...texts('transaction_code', 'account_owner'),
    location: object(
      {},
      {
        ...texts('address', 'city', 'region', 'postal_code', 'country', 'store_number'),
        lat: nullable(amount),
        lon: nullable(amount),
      },
    ),
  },
  {
    ...texts('merchant_name', 'original_description', 'check_number', 'merchant_entity_id', 'logo_url', 'website'),
    ...texts('personal_finance_category_icon_url', 'transaction_type'),
    personal_finance_category: nullable(
      object({ primary: text, detailed: text }, texts('confidence_level', 'version')),
    ),
    counterparties: nullable({ type: 'array', items: counterparty }),
  },
);

const account = object(
  {
    account_id: id,
    balances: object(
      {
        available: nullable(amount),
        current: nullable(amount),
        limit: nullable(amount),
        ...texts('iso_currency_code', 'unofficial_currency_code'),
      },
      texts('last_updated_datetime'),
    ),
    ...texts('mask', 'official_name', 'subtype'),
    name: text,
    type: text,
  },
  { persistent_account_id: nullableId, ...texts('holder_category', 'verification_status', 'verification_name') },
);

const page = object(
  { next_cursor: { type: 'string', maxLength: 1024 }, has_more: { type: 'boolean' } },
  {
    added: nullable({ type: 'array', items: transaction }),
    modified: nullable({ type: 'array', items: transaction }),
    removed: nullable({ type: 'array', items: object({ transaction_id: id }) }),
    accounts: nullable({ type: 'array', items: account }),
  },
);

// `unicode: false` counts UTF-16 units, as typia and zod do, and is the faster of ajv's two ways; ajv logs that it is old.
const ajv = new Ajv({ allowUnionTypes: true, unicode: false, logger: false } as ConstructorParameters<typeof Ajv>[0]);
ajv.addKeyword({ keyword: 'exactNumber', validate: (_: unknown, value: unknown) => value instanceof ExactNumber });
const accepts = ajv.compile(page);

export function ajvAccepts(value: unknown): boolean {
  return accepts(value);
}
