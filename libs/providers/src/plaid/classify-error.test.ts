import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Outcome, ProviderErrorCode } from '../provider-error.ts';
import { classifyPlaidError, findPlaidError, type PlaidAnswer } from './classify-error.ts';

const errorBody = (error_type: string, error_code: string, more: object = {}) =>
  JSON.stringify({
    error_type,
    error_code,
    error_message: 'unstable text',
    display_message: null,
    request_id: 'HNTDNrA8F1shFEW',
    ...more,
  });

const classify = (answer: Partial<PlaidAnswer>) =>
  classifyPlaidError({
    status: 400,
    text: null,
    retryAfterMs: undefined,
    sentCursor: true,
    foreignToken: false,
    ...answer,
  });

type Row = [type: string, code: string, status: number, expected: ProviderErrorCode, outcome: Outcome];

const rows: Row[] = [
  ['TRANSACTIONS_ERROR', 'TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION', 400, 'MUTATED_DURING_PAGINATION', 'restart'],
  ['ITEM_ERROR', 'PRODUCT_NOT_READY', 400, 'NOT_READY', 'not-ready'],
  ['ASSET_REPORT_ERROR', 'PRODUCT_NOT_READY', 400, 'NOT_READY', 'not-ready'],
  ['ITEM_ERROR', 'ITEM_LOGIN_REQUIRED', 400, 'LOGIN_REQUIRED', 'user-action'],
  ['ITEM_ERROR', 'ITEM_LOCKED', 400, 'LOGIN_REQUIRED', 'user-action'],
  ['ITEM_ERROR', 'INVALID_CREDENTIALS', 400, 'LOGIN_REQUIRED', 'user-action'],
  ['ITEM_ERROR', 'USER_SETUP_REQUIRED', 400, 'LOGIN_REQUIRED', 'user-action'],
  ['ITEM_ERROR', 'ITEM_NOT_FOUND', 400, 'ACCESS_REVOKED', 'terminal'],
  ['ITEM_ERROR', 'USER_PERMISSION_REVOKED', 400, 'ACCESS_REVOKED', 'terminal'],
  ['INVALID_INPUT', 'INVALID_ACCESS_TOKEN', 400, 'TOKEN_REFUSED', 'configuration'],
  ['ITEM_ERROR', 'INVALID_ACCESS_TOKEN', 400, 'TOKEN_REFUSED', 'configuration'],
  ['ITEM_ERROR', 'NO_ACCOUNTS', 400, 'STATE_UNCLEAR', 'unclear'],
  ['INVALID_INPUT', 'ADDITIONAL_CONSENT_REQUIRED', 400, 'CONSENT_REQUIRED', 'user-action'],
  ['ITEM_ERROR', 'ACCESS_NOT_GRANTED', 400, 'CONSENT_REQUIRED', 'user-action'],
  ['ITEM_ERROR', 'ITEM_NOT_SUPPORTED', 400, 'RELINK_REQUIRED', 'user-action'],
  ['INSTITUTION_ERROR', 'INSTITUTION_DOWN', 400, 'INSTITUTION_DOWN', 'later'],
  ['INSTITUTION_ERROR', 'INSTITUTION_NOT_RESPONDING', 400, 'INSTITUTION_DOWN', 'later'],
  ['INSTITUTION_ERROR', 'INSTITUTION_NOT_AVAILABLE', 400, 'INSTITUTION_DOWN', 'later'],
  ['INSTITUTION_ERROR', 'A_CODE_OF_NEXT_YEAR', 400, 'INSTITUTION_DOWN', 'later'],
  ['INSTITUTION_ERROR', 'INSTITUTION_NO_LONGER_SUPPORTED', 400, 'NO_LONGER_SUPPORTED', 'terminal'],
  ['INSTITUTION_ERROR', 'UNSUPPORTED_RESPONSE', 400, 'STATE_UNCLEAR', 'unclear'],
  ['RATE_LIMIT_EXCEEDED', 'TRANSACTIONS_SYNC_LIMIT', 429, 'THROTTLED', 'throttled'],
  ['RATE_LIMIT_EXCEEDED', 'ACCOUNTS_LIMIT', 429, 'THROTTLED', 'throttled'],
  ['RATE_LIMIT_EXCEEDED', 'ACCOUNTS_BALANCE_GET_LIMIT', 429, 'THROTTLED', 'throttled'],
  ['RATE_LIMIT_EXCEEDED', 'BALANCE_LIMIT', 429, 'THROTTLED', 'throttled'],
  ['RATE_LIMIT_EXCEEDED', 'INSTITUTION_RATE_LIMIT', 429, 'THROTTLED', 'throttled'],
  ['RATE_LIMIT_EXCEEDED', 'RATE_LIMIT', 429, 'THROTTLED', 'throttled'],
  ['RATE_LIMIT_EXCEEDED', 'RATE_LIMIT', 400, 'THROTTLED', 'throttled'],
  ['API_ERROR', 'INTERNAL_SERVER_ERROR', 500, 'SERVER_ERROR', 'soon'],
  ['API_ERROR', 'INTERNAL_SERVER_ERROR', 400, 'SERVER_ERROR', 'soon'],
  ['API_ERROR', 'PLANNED_MAINTENANCE', 503, 'INSTITUTION_DOWN', 'later'],
  ['INVALID_REQUEST', 'LAST_UPDATED_DATETIME_OUT_OF_RANGE', 400, 'REQUEST_REJECTED', 'defect'],
  ['INVALID_REQUEST', 'MISSING_FIELDS', 400, 'REQUEST_REJECTED', 'defect'],
  ['INVALID_INPUT', 'INVALID_API_KEYS', 401, 'CONFIGURATION_REFUSED', 'configuration'],
  ['RATE_LIMIT_EXCEEDED', 'CREDITS_EXHAUSTED', 429, 'CONFIGURATION_REFUSED', 'configuration'],
  ['INSTITUTION_ERROR', 'INSTITUTION_REGISTRATION_REQUIRED', 400, 'CONFIGURATION_REFUSED', 'configuration'],
  ['ITEM_ERROR', 'PRODUCT_NOT_ENABLED', 400, 'CONFIGURATION_REFUSED', 'configuration'],
  ['ITEM_ERROR', 'A_CODE_OF_NEXT_YEAR', 400, 'LOGIN_REQUIRED', 'user-action'],
  ['INVALID_INPUT', 'A_CODE_OF_NEXT_YEAR', 400, 'REQUEST_REJECTED', 'defect'],
  ['A_TYPE_OF_NEXT_YEAR', 'SOMETHING', 400, 'REQUEST_REJECTED', 'defect'],
  ['A_TYPE_OF_NEXT_YEAR', 'SOMETHING', 429, 'THROTTLED', 'throttled'],
  ['A_TYPE_OF_NEXT_YEAR', 'SOMETHING', 502, 'SERVER_ERROR', 'soon'],
  ['constructor', 'toString', 400, 'REQUEST_REJECTED', 'defect'],
];

describe('classifyPlaidError', () => {
  it.each(rows)('%s %s with %i is %s', (type, code, status, expected, outcome) => {
    const error = classify({ status, text: errorBody(type, code) });
    expect(error).toMatchObject({ code: expected, outcome });
    expect(error.facts).toMatchObject({ provider: 'plaid', status, providerCode: code, requestId: 'HNTDNrA8F1shFEW' });
  });

  it.each([
    ['OAUTH_CONSENT_EXPIRED', 'CONSENT_EXPIRED'],
    ['OAUTH_INVALID_TOKEN', 'LOGIN_REQUIRED'],
    ['OAUTH_USER_REVOKED', 'LOGIN_REQUIRED'],
    [null, 'LOGIN_REQUIRED'],
  ])('a login required because of %s is %s', (error_code_reason, expected) => {
    const text = errorBody('ITEM_ERROR', 'ITEM_LOGIN_REQUIRED', { error_code_reason });
    expect(classify({ text })).toMatchObject({ code: expected, outcome: 'user-action' });
  });

  it.each([
    ['INVALID_INPUT', 'INVALID_ACCESS_TOKEN', 'WRONG_ENVIRONMENT'],
    ['ITEM_ERROR', 'ITEM_NOT_FOUND', 'WRONG_ENVIRONMENT'],
    ['INVALID_INPUT', 'USER_PERMISSION_REVOKED', 'WRONG_ENVIRONMENT'],
    ['ITEM_ERROR', 'ITEM_LOGIN_REQUIRED', 'LOGIN_REQUIRED'],
    ['API_ERROR', 'INTERNAL_SERVER_ERROR', 'SERVER_ERROR'],
  ])('%s %s for a token of another environment is %s', (type, code, expected) => {
    expect(classify({ text: errorBody(type, code), foreignToken: true })).toMatchObject({ code: expected });
  });

  it.each([
    ['ITEM_ERROR', 'ITEM_LOGIN_REQUIRED', undefined],
    ['A_TYPE_OF_NEXT_YEAR', 'ITEM_LOGIN_REQUIRED', undefined],
    ['ITEM_ERROR', 'A_CODE_OF_NEXT_YEAR', true],
    ['A_TYPE_OF_NEXT_YEAR', 'SOMETHING', true],
  ])('%s %s is marked as unlisted: %s', (type, code, expected) => {
    expect(classify({ text: errorBody(type, code) }).facts.unlisted).toBe(expected);
  });

  it('finds an error body under any status, and takes a page for no error', () => {
    const answer = { status: 200, retryAfterMs: undefined, sentCursor: true, foreignToken: false };
    const text = errorBody('ITEM_ERROR', 'ITEM_LOGIN_REQUIRED');
    expect(findPlaidError({ ...answer, text })).toMatchObject({ code: 'LOGIN_REQUIRED', facts: { status: 200 } });
    for (const page of [
      '{"added":[{"name":"\\"error_code\\""}]}',
      '{"added":[],"error_code":null}',
      '{"error_code"',
      null,
    ]) {
      expect(findPlaidError({ ...answer, text: page })).toBeUndefined();
    }
    expect(findPlaidError({ ...answer, text: `${text}${' '.repeat(70_000)}` })).toBeUndefined();
  });

  describe('an invalid field', () => {
    const text = errorBody('INVALID_REQUEST', 'INVALID_FIELD', {
      error_message: 'cursor not associated with access_token',
    });

    it('that is the cursor means reading from the start', () => {
      expect(classify({ text })).toMatchObject({ code: 'CURSOR_UNKNOWN', outcome: 'resync' });
    });

    it('cannot be a cursor that was not sent: reading from the start again would never end', () => {
      expect(classify({ text, sentCursor: false })).toMatchObject({ code: 'REQUEST_REJECTED' });
    });

    it.each(['count must be at most 500', 'precursory checks failed', 7])(
      'that is another one (%j) is our mistake',
      (error_message) => {
        const other = errorBody('INVALID_REQUEST', 'INVALID_FIELD', { error_message });
        expect(classify({ text: other })).toMatchObject({ code: 'REQUEST_REJECTED' });
      },
    );
  });

  it('takes a minute for a quota window where none is named', () => {
    expect(classify({ status: 429, text: errorBody('RATE_LIMIT_EXCEEDED', 'RATE_LIMIT') }).facts.retryAfterMs).toBe(
      60_000,
    );
    expect(classify({ status: 429 }).facts.retryAfterMs).toBe(60_000);
  });

  it('takes the Retry-After of any answer that has one', () => {
    const throttled = errorBody('RATE_LIMIT_EXCEEDED', 'RATE_LIMIT');
    expect(classify({ status: 429, text: throttled, retryAfterMs: 1_500 }).facts.retryAfterMs).toBe(1_500);
    expect(classify({ status: 503, retryAfterMs: 9_000 }).facts.retryAfterMs).toBe(9_000);
    expect(classify({ status: 500 }).facts).not.toHaveProperty('retryAfterMs');
  });

  it.each([
    [400, 'BODY_UNREADABLE'],
    [404, 'BODY_UNREADABLE'],
    [408, 'BODY_UNREADABLE'],
    [204, 'BODY_UNREADABLE'],
    [401, 'REQUEST_REJECTED'],
    [403, 'REQUEST_REJECTED'],
    [429, 'THROTTLED'],
    [500, 'SERVER_ERROR'],
    [503, 'SERVER_ERROR'],
  ])("a %i without Plaid's own body is %s", (status, expected) => {
    const error = classify({ status, text: null });
    expect(error).toMatchObject({ code: expected, facts: { detail: "not the provider's error shape" } });
    expect(error.facts).not.toHaveProperty('providerCode');
  });

  it.each([
    ['cut off', '{"error_type":"ITEM_ERROR","error_code":"ITEM_LO'],
    ['wrapped by an upstream', '{"error":{"statusCode":400,"name":"Error","message":"Transaction data with error"}}'],
    ['of a gateway', '{"faultcode":"Server","faultstring":"Recipient not found"}'],
    ['with a type only', '{"error_type":"ITEM_ERROR"}'],
    ['with a code that is no text', '{"error_type":"ITEM_ERROR","error_code":7}'],
    ['with a type that is no text', '{"error_type":null,"error_code":"ITEM_LOGIN_REQUIRED"}'],
    ['an array', '[]'],
    ['null', 'null'],
    ['a number', '7'],
    ['with the members on a prototype', '{"__proto__":{"error_type":"ITEM_ERROR","error_code":"ITEM_LOGIN_REQUIRED"}}'],
    ['very deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ])('a 400 whose body is %s is transient', (_title, text) => {
    expect(classify({ text })).toMatchObject({ code: 'BODY_UNREADABLE', outcome: 'soon' });
  });

  it('keeps nothing of the body but the code and the request id', () => {
    const text = errorBody('ITEM_ERROR', 'account 4000123412341234 of Jane Doe', {
      error_message: 'Jane Doe',
      display_message: 'Jane Doe',
      request_id: '4000123412341234',
    });
    expect(classify({ text }).facts).toEqual({ provider: 'plaid', status: 400, unlisted: true });
  });
});

/** Published examples whose licence does not let us copy them: read where they are at hand. */
const samples = new URL('../../../../../shared/providers/samples/', import.meta.url);

describe.runIf(existsSync(samples))('published errors', () => {
  it.each([
    ['plaid/error.transactions_sync_mutation.400.json', 400, 'MUTATED_DURING_PAGINATION'],
    ['plaid/error.item_login_required.400.json', 400, 'LOGIN_REQUIRED'],
    ['plaid/error.transactions_sync_limit.429.json', 429, 'THROTTLED'],
    ['transport/error.400.upstream_wrapped.json', 400, 'BODY_UNREADABLE'],
    ['transport/error.500.gateway_fault.json', 500, 'SERVER_ERROR'],
  ])('%s is %s %s', (file, status, expected) => {
    expect(classify({ status, text: readFileSync(new URL(file, samples), 'utf8') }).code).toBe(expected);
  });
});
