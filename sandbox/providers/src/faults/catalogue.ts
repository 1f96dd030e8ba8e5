/** Every fault the simulator can show. The README's table is held equal to this by a test. */
import { plaidErrorCodes } from '../plaid/error-body.ts';
import type { OptionSpecs, OptionValues } from './option-spec.ts';

interface FaultEntry {
  /** Which calls it can act on; others are not counted as matching. A page is a good answer of /transactions/sync. */
  readonly on:
    | 'any call'
    | 'a page'
    | 'a page with records'
    | 'a page behind the first of a loop'
    | 'a page that is not the very first'
    | 'a page with removals near';
  readonly does: string;
  readonly options: OptionSpecs;
}

const record = { type: 'integer', min: 0, max: 499, default: 0 } as const;

export const catalogue = {
  status: {
    on: 'any call',
    does: 'a gateway error: this status with an HTML body',
    options: { status: { type: 'integer', min: 400, max: 599, default: 500 } },
  },
  'error-500-plaid': { on: 'any call', does: "500 with Plaid's own body, `INTERNAL_SERVER_ERROR`", options: {} },
  'plaid-error': {
    on: 'any call',
    does: "any of Plaid's errors, with its own status; `reason` becomes `error_code_reason`",
    options: {
      code: { type: 'choice', of: plaidErrorCodes, default: 'INTERNAL_SERVER_ERROR' },
      reason: { type: 'text', default: '' },
    },
  },
  'too-many': {
    on: 'any call',
    does: '429 `TRANSACTIONS_SYNC_LIMIT` with a `Retry-After` in either form, none, or `verbatim` text',
    options: {
      form: { type: 'choice', of: ['seconds', 'http-date', 'none'], default: 'seconds' },
      retryAfterSeconds: { type: 'integer', min: 0, max: 1_000_000, default: 1 },
      verbatim: { type: 'text', default: '' },
    },
  },
  'login-required': { on: 'any call', does: '400 `ITEM_LOGIN_REQUIRED`: the user must act', options: {} },
  'institution-down': { on: 'any call', does: '400 `INSTITUTION_DOWN`: a 400 that means "later"', options: {} },
  delay: {
    on: 'any call',
    does: 'a right answer, late by so many ms on top of the latency',
    options: { ms: { type: 'integer', min: 1, max: 600_000, default: 1_000 } },
  },
  hang: { on: 'any call', does: 'no answer at all until the client gives up', options: {} },
  'connect-reset': { on: 'any call', does: 'the connection is reset before the first byte of an answer', options: {} },
  'reset-mid-body': { on: 'any call', does: 'right headers, half the body, then a reset', options: {} },
  truncated: { on: 'any call', does: 'a complete HTTP answer whose JSON is cut off in the middle', options: {} },
  'html-200': { on: 'any call', does: 'status 200 with an HTML page', options: {} },
  'empty-200': { on: 'any call', does: 'status 200, JSON content type, no body', options: {} },
  'wrong-content-type': {
    on: 'any call',
    does: 'the right body under another content type',
    options: { contentType: { type: 'text', default: 'text/plain' } },
  },
  'slow-body': {
    on: 'any call',
    does: 'the right body, one byte at a time',
    options: { byteEveryMs: { type: 'integer', min: 1, max: 60_000, default: 1_000 } },
  },
  'huge-body': {
    on: 'any call',
    does: 'valid JSON of this many bytes, streamed as fast as it is read',
    options: { bytes: { type: 'integer', min: 1_000, max: 1_000_000_000, default: 50_000_000 } },
  },
  mutation: {
    on: 'a page behind the first of a loop',
    does: '400 `TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION` behind the first page of a loop',
    options: {},
  },
  'cursor-unknown': { on: 'a page', does: '400 `INVALID_FIELD`, as for a cursor of another connection', options: {} },
  'not-ready': { on: 'a page', does: '`NOT_READY`: an empty page whose `next_cursor` is `""`', options: {} },
  endless: {
    on: 'a page',
    does: '`has_more` stays true on the last page: the loop goes on into the next step',
    options: {},
  },
  'duplicate-page': {
    on: 'a page that is not the very first',
    does: 'records again: `overlap` puts the page before in front of this one, `repeat` answers with it alone and the same cursor',
    options: { mode: { type: 'choice', of: ['overlap', 'repeat'], default: 'overlap' } },
  },
  reordered: { on: 'a page with records', does: 'the lists of the page in reverse order', options: {} },
  'bad-record': {
    on: 'a page with records',
    does: 'one record of `added` with this defect; the others are right',
    options: {
      defect: {
        type: 'choice',
        of: [
          'amount-text',
          'amount-missing',
          'amount-null',
          'id-missing',
          'id-blank',
          'id-number',
          'account-missing',
          'account-foreign',
          'date-missing',
          'date-impossible',
          'pending-text',
          'currency-missing',
          'currency-both',
          'not-an-object',
        ],
        default: 'amount-text',
      },
      record,
    },
  },
  'unknown-enum': {
    on: 'a page with records',
    does: 'a value that no list has yet, in this field of one record (`account_type`: of one account)',
    options: {
      field: {
        type: 'choice',
        of: [
          'transaction_code',
          'payment_channel',
          'transaction_type',
          'account_type',
          'account_subtype',
          'update_status',
        ],
        default: 'transaction_code',
      },
      record,
    },
  },
  'extra-field': {
    on: 'a page with records',
    does: 'members nobody knows: on the page, in one record, in one account',
    options: { record },
  },
  'hostile-json': {
    on: 'a page with records',
    does: 'members `__proto__` and `constructor` and 200 nested arrays in one record',
    options: { record },
  },
  'unknown-currency': {
    on: 'a page with records',
    does: 'one record in a currency that does not exist',
    options: { currency: { type: 'text', default: 'QQQ' }, record },
  },
  'over-precise': {
    on: 'a page with records',
    does: 'more decimals than the currency has, in one amount or in every balance',
    options: { where: { type: 'choice', of: ['amount', 'balance'], default: 'amount' }, record },
  },
  'odd-amount': {
    on: 'a page with records',
    does: "this JSON number, verbatim, as one record's amount",
    options: {
      number: {
        type: 'choice',
        of: ['0.30000000000000004', '1e21', '1E-7', '-0', '0', '123456789012345678901234567890', '12345678901234.56'],
        default: '0.30000000000000004',
      },
      record,
    },
  },
  'removed-returns': {
    on: 'a page with removals near',
    does: 'records that this page or the one before removes come again in `added`, late',
    options: {},
  },
  'reissued-ids': {
    on: 'a page that is not the very first',
    does: 'so many records published before come again under new ids, the old ones are not removed',
    options: { records: { type: 'integer', min: 1, max: 500, default: 20 } },
  },
} as const satisfies Record<string, FaultEntry>;

export type FaultKind = keyof typeof catalogue;

export const faultKinds = Object.keys(catalogue) as readonly FaultKind[];

/** A kind with its options, every one filled in. */
export type FaultSetting = {
  readonly [Kind in FaultKind]: {
    readonly kind: Kind;
    readonly options: OptionValues<(typeof catalogue)[Kind]['options']>;
  };
}[FaultKind];
