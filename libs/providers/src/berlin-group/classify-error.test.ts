import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ruleOf } from '../provider-error-rules.ts';
import { classifyBerlinError, findBerlinError } from './classify-error.ts';
import { berlinErrorTable } from './error-table.ts';

const published = JSON.parse(readFileSync(new URL('published-error-codes.json', import.meta.url), 'utf8')) as {
  readonly read: string;
  readonly codes: readonly string[];
};
const noon = Date.UTC(2026, 10, 27, 12);

const classify = (status: number, text: string | null, more: { retryAfterMs?: number; nowEpochMs?: number } = {}) =>
  classifyBerlinError({ status, text, retryAfterMs: undefined, requestId: 'call-1', nowEpochMs: noon, ...more });
const tpp = (...codes: string[]) =>
  JSON.stringify({ tppMessages: codes.map((code) => ({ category: 'ERROR', code, text: 'of DE2310010010123456789' })) });
const problem = (...codes: string[]) =>
  JSON.stringify({
    type: 'https://bank.example/errors',
    title: 'of DE2310010010123456789',
    code: codes[0],
    additionalErrors: codes.slice(1).map((code) => ({ code })),
  });
const bare = (...codes: string[]) => JSON.stringify(codes.map((code) => ({ category: 'ERROR', code })));

describe("the table of the standard's message codes", () => {
  it('has a row for every code that the standard publishes, and none that it does not', () => {
    expect(published.read).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(Object.keys(berlinErrorTable)).toEqual(published.codes);
    expect(published.codes).toHaveLength(33);
  });

  it('ends no connection for good: none of them can mean only that', () => {
    const outcomes = new Set(Object.values(berlinErrorTable).map((meaning) => ruleOf(meaning).outcome));
    expect([...outcomes].sort()).toEqual(['configuration', 'defect', 'restart', 'throttled', 'unclear', 'user-action']);
  });

  it.each(Object.entries(berlinErrorTable))('reads %s in each form that an error has', (code, meaning) => {
    for (const text of [tpp(code), problem(code), bare(code), tpp('BANKS_OWN', code), problem('BANKS_OWN', code)]) {
      const error = classify(400, text);
      expect(error).toMatchObject({ code: meaning, facts: { providerCode: code, status: 400, requestId: 'call-1' } });
      expect(error.facts.unlisted).toBeUndefined();
      expect(JSON.stringify(error)).not.toContain('DE23');
    }
  });
});

describe('an answer other than 200', () => {
  it.each([
    [401, null, 'CONSENT_EXPIRED'],
    [401, '{"error":"invalid_token"}', 'CONSENT_EXPIRED'],
    [403, null, 'CONSENT_REQUIRED'],
    [403, '<html></html>', 'STATE_UNCLEAR'],
    [400, '<html></html>', 'BODY_UNREADABLE'],
    [400, '{"tppMessages":[]}', 'BODY_UNREADABLE'],
    [404, null, 'REQUEST_REJECTED'],
    [406, null, 'REQUEST_REJECTED'],
    [408, null, 'SERVER_ERROR'],
    [429, null, 'THROTTLED'],
    [500, '{"faultcode":"Server"}', 'SERVER_ERROR'],
    [503, null, 'SERVER_ERROR'],
  ] as const)('of status %i with the body %s is %s', (status, text, code) => {
    expect(classify(status, text)).toMatchObject({ code, facts: { detail: 'no error body of the standard' } });
  });

  it.each([
    [401, 'CONSENT_EXPIRED', 'consent-expired'],
    [401, 'TOKEN_EXPIRED', 'consent-expired'],
    [401, 'CONSENT_INVALID', 'consent-required'],
    [403, 'CONSENT_UNKNOWN', 'consent-required'],
    [403, 'RESOURCE_UNKNOWN', 'consent-required'],
  ])('of status %i with %s asks the user for consent', (status, providerCode, stored) => {
    const rule = ruleOf(classify(status, tpp(providerCode)).code);
    expect(rule).toMatchObject({ status: stored, userAction: 're-consent', askAgain: 'probe' });
  });

  it('of a missing account begins the read anew, and under 429 is a quota whatever its code', () => {
    expect(classify(404, tpp('RESOURCE_UNKNOWN')).outcome).toBe('restart');
    expect(classify(429, tpp('SERVICE_BLOCKED')).code).toBe('THROTTLED');
  });

  it.each([
    ['at noon', noon, undefined, 43_200_000],
    ['a moment before midnight', Date.UTC(2026, 10, 27, 23, 59, 59), undefined, 60_000],
    ['where the bank says when', noon, 5_000, 5_000],
  ])('for its quota of the day waits for the next one: %s', (_title, nowEpochMs, retryAfterMs, expected) => {
    const more = { nowEpochMs, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    expect(classify(429, tpp('ACCESS_EXCEEDED'), more).facts.retryAfterMs).toBe(expected);
    expect(classify(429, null, { nowEpochMs }).facts.retryAfterMs).toBeUndefined();
  });

  it('counts codes that nobody published, and goes by the status', () => {
    expect(classify(500, tpp('BANK_DOWN'))).toMatchObject({
      code: 'SERVER_ERROR',
      facts: { unlisted: true, providerCode: 'BANK_DOWN' },
    });
    const named = classify(400, tpp('DE2310010010123456789'));
    expect(named).toMatchObject({ code: 'REQUEST_REJECTED', facts: { unlisted: true } });
    expect(JSON.stringify(named)).not.toContain('DE23');
  });
});

describe('an answer of status 200', () => {
  const find = (text: string | null) =>
    findBerlinError({ status: 200, text, retryAfterMs: undefined, requestId: 'call-1', nowEpochMs: noon });

  it('is an error where its body says one of the standard’s codes', () => {
    expect(find(tpp('CONSENT_EXPIRED'))).toMatchObject({
      code: berlinErrorTable.CONSENT_EXPIRED,
      facts: { providerCode: 'CONSENT_EXPIRED', status: 200 },
    });
    expect(find(tpp('BANKS_OWN', 'CONSENT_EXPIRED'))?.facts.providerCode).toBe('CONSENT_EXPIRED');
    expect(find(tpp('CONSENT_EXPIRED'))?.facts).not.toHaveProperty('detail');
  });

  it.each([
    ['without a text', null],
    ['that is a list', '{"transactions":{"booked":[]}}'],
    [
      'with a warning of the bank’s own beside its list',
      `{"booked":[],"tppMessages":[{"category":"WARNING","code":"SLOW"}]}`,
    ],
    ['that is no JSON', '{"tppMessages":'],
    ['that is longer than any error', `${' '.repeat(16_384)}${tpp('CONSENT_EXPIRED')}`],
  ])('%s is none', (_what, text) => {
    expect(find(text)).toBeUndefined();
  });
});

it('takes a missing account for a consent that ended, where the bank forbids the look', () => {
  expect(classify(403, tpp('RESOURCE_UNKNOWN')).code).toBe('CONSENT_REQUIRED');
  expect(classify(404, tpp('RESOURCE_UNKNOWN')).code).toBe('MUTATED_DURING_PAGINATION');
});
