/** Every fault the simulator can show. The README's table is held equal to this by a test. */
import { messageCodes } from '../berlin-group/error-body.ts';
import { obieCodes } from '../openbanking-uk/error-body.ts';
import type { OptionSpecs, OptionValues } from './option-spec.ts';

interface FaultEntry {
  /** Which calls it can act on; others are not counted as matching. A page is a good answer of /transactions/sync. */
  readonly on:
    | 'any call'
    | 'a call of Open Banking'
    | 'a call of the Berlin Group'
    | 'a page'
    | 'a page with records'
    | 'a page behind the first of a loop'
    | 'a page with a cursor'
    | 'a page from the empty cursor'
    | 'a page that removes'
    | 'a list of accounts'
    | 'a page that is not the very first'
    | 'a page with removals near';
  readonly does: string;
  readonly options: OptionSpecs;
  /** Also of the other standards: what is wrong is in no provider's words. */
  readonly inAnyStandard?: true;
  /** Ends for a connection once it has read a page from the empty cursor. */
  readonly endsAtFullRead?: true;
}

const record = { type: 'integer', min: 0, max: 499, default: 0 } as const;

export const catalogue = {
  status: {
    on: 'any call',
    inAnyStandard: true,
    does: 'a gateway error: this status with an HTML body',
    options: { status: { type: 'integer', min: 400, max: 599, default: 500 } },
  },
  'error-500-plaid': { on: 'any call', does: "500 with Plaid's own body, `INTERNAL_SERVER_ERROR`", options: {} },
  'plaid-error': {
    on: 'any call',
    does: "any of Plaid's errors, with its own type and status unless told; `reason` becomes `error_code_reason`",
    options: {
      code: { type: 'code', default: 'INTERNAL_SERVER_ERROR' },
      type: { type: 'text', default: '' },
      status: { type: 'integer', min: 0, max: 599, default: 0 },
      reason: { type: 'text', default: '' },
    },
  },
  'too-many': {
    on: 'any call',
    inAnyStandard: true,
    does: '429 `TRANSACTIONS_SYNC_LIMIT` with a `Retry-After` in either form, none, or `verbatim` text',
    options: {
      form: { type: 'choice', of: ['seconds', 'http-date', 'none'], default: 'seconds' },
      retryAfterSeconds: { type: 'integer', min: 0, max: 1_000_000, default: 1 },
      verbatim: { type: 'text', default: '' },
    },
  },
  'login-required': { on: 'any call', does: '400 `ITEM_LOGIN_REQUIRED`: the user must act', options: {} },
  'wrong-environment': {
    on: 'any call',
    does: '400 `INVALID_ACCESS_TOKEN`, as when the tokens are of another environment',
    options: {},
  },
  'institution-down': { on: 'any call', does: '400 `INSTITUTION_DOWN`: a 400 that means "later"', options: {} },
  'obie-error': {
    on: 'a call of Open Banking',
    does: 'an OBErrorResponse1 with this code and status; 4.0 sends its four characters',
    options: {
      code: { type: 'choice', of: obieCodes, default: 'UK.OBIE.UnexpectedError' },
      status: { type: 'integer', min: 400, max: 599, default: 500 },
    },
  },
  'tpp-error': {
    on: 'a call of the Berlin Group',
    does: 'an error of the standard with this message code and status, in the form that the bank is set to',
    options: {
      code: { type: 'choice', of: messageCodes, default: 'SERVICE_BLOCKED' },
      status: { type: 'integer', min: 400, max: 599, default: 403 },
    },
  },
  delay: {
    on: 'any call',
    inAnyStandard: true,
    does: 'a right answer, late by so many ms on top of the latency',
    options: { ms: { type: 'integer', min: 1, max: 600_000, default: 1_000 } },
  },
  'slow-by-count': {
    on: 'a page',
    does: 'a right answer, the later the more records were asked for: so many ms for a `count` of 500, in proportion below',
    options: { msFor500: { type: 'integer', min: 1, max: 600_000, default: 1_200 } },
  },
  hang: { on: 'any call', inAnyStandard: true, does: 'no answer at all until the client gives up', options: {} },
  'connect-reset': {
    on: 'any call',
    inAnyStandard: true,
    does: 'the connection is reset before the first byte of an answer',
    options: {},
  },
  'reset-mid-body': {
    on: 'any call',
    inAnyStandard: true,
    does: 'right headers, half the body, then a reset',
    options: {},
  },
  truncated: {
    on: 'any call',
    inAnyStandard: true,
    does: 'a complete HTTP answer whose JSON is cut off in the middle',
    options: {},
  },
  'html-200': { on: 'any call', inAnyStandard: true, does: 'status 200 with an HTML page', options: {} },
  'empty-200': { on: 'any call', inAnyStandard: true, does: 'status 200, JSON content type, no body', options: {} },
  'wrong-content-type': {
    on: 'any call',
    inAnyStandard: true,
    does: 'the right body under another content type',
    options: { contentType: { type: 'text', default: 'text/plain' } },
  },
  'slow-body': {
    on: 'any call',
    inAnyStandard: true,
    does: 'the right body, one byte at a time',
    options: { byteEveryMs: { type: 'integer', min: 1, max: 60_000, default: 1_000 } },
  },
  'huge-body': {
    on: 'any call',
    inAnyStandard: true,
    does: 'valid JSON of this many bytes, streamed as fast as it is read',
    options: { bytes: { type: 'integer', min: 1_000, max: 1_000_000_000, default: 50_000_000 } },
  },
  mutation: {
    on: 'a page behind the first of a loop',
    does: '400 `TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION` behind the first page of a loop',
    options: {},
  },
  'cursor-unknown': { on: 'a page', does: '400 `INVALID_FIELD`, as for a cursor of another connection', options: {} },
  'mutation-at-cursor': {
    on: 'a page with a cursor',
    does: 'the same refusal whatever cursor is sent, until the connection is read from the empty cursor',
    options: {},
    endsAtFullRead: true,
  },
  'cursor-lost': {
    on: 'a page with a cursor',
    does: '400 `INVALID_FIELD` whatever cursor is sent, until the connection is read from the empty cursor',
    options: {},
    endsAtFullRead: true,
  },
  'cursor-stuck': {
    on: 'a page',
    does: '`has_more` is true and `next_cursor` is the one that was sent, or `""`',
    options: { cursor: { type: 'choice', of: ['same', 'empty'], default: 'same' } },
  },
  'cursor-cycle': {
    on: 'a page',
    does: '`has_more` is true and the cursors go round: so many of them, each answered by the same records, until the bank changes',
    options: { length: { type: 'integer', min: 2, max: 100, default: 3 } },
  },
  'tiny-read': {
    on: 'a page from the empty cursor',
    does: 'a read from the start is over after so many records, and claims to be complete or only the `INITIAL_UPDATE_COMPLETE`',
    options: {
      records: { type: 'integer', min: 0, max: 500, default: 1 },
      status: {
        type: 'choice',
        of: ['HISTORICAL_UPDATE_COMPLETE', 'INITIAL_UPDATE_COMPLETE'],
        default: 'HISTORICAL_UPDATE_COMPLETE',
      },
    },
  },
  'null-list': {
    on: 'a page',
    does: 'lists that would be empty are `null`: this one, or every one',
    options: {
      list: { type: 'choice', of: ['every', 'added', 'modified', 'removed', 'accounts'], default: 'modified' },
    },
  },
  'member-missing': {
    on: 'a page',
    does: 'the page lacks this member',
    options: {
      member: {
        type: 'choice',
        of: [
          'request_id',
          'transactions_update_status',
          'accounts',
          'added',
          'modified',
          'removed',
          'next_cursor',
          'has_more',
        ],
        default: 'request_id',
      },
    },
  },
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
  'bad-bytes': {
    on: 'a page with records',
    does: 'bytes in the name of one record that are no UTF-8 or no JSON, or a member that comes twice (`amount-twice`: with another value)',
    options: {
      form: {
        type: 'choice',
        of: ['invalid-utf8', 'control-character', 'amount-twice', 'name-twice'],
        default: 'invalid-utf8',
      },
      record,
    },
  },
  'bad-label': {
    on: 'a page with records',
    does: 'a defect in a member of one record on which no total depends',
    options: {
      defect: {
        type: 'choice',
        of: [
          'half-emoji',
          'long-name',
          'null-name',
          'null-category',
          'null-counterparty',
          'latitude-text',
          'long-website',
          'number-as-text',
          'date-time-nonsense',
        ],
        default: 'half-emoji',
      },
      record,
    },
  },
  'removed-without-account': {
    on: 'a page that removes',
    does: 'removals name no account, or one that does not exist',
    options: { account: { type: 'choice', of: ['missing', 'null', 'foreign'], default: 'missing' } },
  },
  'bad-account': {
    on: 'a list of accounts',
    does: 'a defect in one account of a page, or of an account list',
    options: {
      defect: {
        type: 'choice',
        of: [
          'half-emoji',
          'null-name',
          'long-name',
          'mask-number',
          'subtype-number',
          'balances-null',
          'balances-missing',
          'current-text',
          'currency-none',
          'float-noise',
          'id-missing',
        ],
        default: 'half-emoji',
      },
      account: { type: 'integer', min: 0, max: 5_000, default: 0 },
    },
  },
  'short-account-list': {
    on: 'a list of accounts',
    does: 'only so many accounts, the others are missing',
    options: { accounts: { type: 'integer', min: 0, max: 5_000, default: 1 } },
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
