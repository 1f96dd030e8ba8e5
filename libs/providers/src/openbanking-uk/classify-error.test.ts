import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ruleOf } from '../provider-error-rules.ts';
import { classifyObukError } from './classify-error.ts';
import { obukErrorTable } from './error-table.ts';

const published = JSON.parse(readFileSync(new URL('published-error-codes.json', import.meta.url), 'utf8')) as {
  readonly read: string;
  readonly codes: Readonly<Record<string, string>>;
};
const example = (name: string) =>
  readFileSync(new URL(import.meta.resolve(`@quartersec/validation/openbanking-uk/examples/${name}.json`)), 'utf8');

const errors = (...codes: string[]) =>
  JSON.stringify({
    Code: 'x',
    Message: 'y',
    Errors: codes.map((ErrorCode) => ({ ErrorCode, Message: 'of 12345678' })),
  });
const classify = (status: number, text: string | null, retryAfterMs?: number) =>
  classifyObukError({ status, text, retryAfterMs, requestId: 'interaction-1' });

describe("the table of the standard's errors", () => {
  it('has a row for every code that the standard publishes, and none that it does not', () => {
    expect(published.read).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(Object.entries(obukErrorTable).map(([code, [name]]) => [code, name])).toEqual(
      Object.entries(published.codes),
    );
    expect(Object.keys(published.codes)).toHaveLength(30);
  });

  it('ends no connection for good: each of them can be mended by its user', () => {
    const outcomes = new Set(Object.values(obukErrorTable).map(([, meaning]) => ruleOf(meaning).outcome));
    expect([...outcomes].sort()).toEqual(['configuration', 'defect', 'restart', 'soon', 'user-action']);
  });

  it.each(Object.entries(obukErrorTable))('reads %s by its code and by its name', (code, [name, meaning]) => {
    for (const each of [code, name]) {
      const error = classify(400, errors(each));
      expect(error).toMatchObject({ code: meaning, facts: { providerCode: name, status: 400 } });
      expect(error.facts.unlisted).toBeUndefined();
    }
  });
});

describe('an answer other than 200', () => {
  it.each([
    [401, null, 'CONSENT_EXPIRED'],
    [401, '{}', 'CONSENT_EXPIRED'],
    [403, null, 'CONSENT_REQUIRED'],
    [403, '<html></html>', 'STATE_UNCLEAR'],
    [400, '<html></html>', 'BODY_UNREADABLE'],
    [400, '{"error":{"statusCode":400}}', 'BODY_UNREADABLE'],
    [400, '{"Errors":[]}', 'BODY_UNREADABLE'],
    [404, null, 'REQUEST_REJECTED'],
    [406, null, 'REQUEST_REJECTED'],
    [429, null, 'THROTTLED'],
    [500, '{"faultcode":"Server"}', 'SERVER_ERROR'],
    [503, null, 'SERVER_ERROR'],
  ] as const)('of status %i with the body %s is %s', (status, text, code) => {
    expect(classify(status, text)).toMatchObject({ code, facts: { detail: 'no OBErrorResponse1' } });
  });

  it.each([
    [403, 'UK.OBIE.Reauthenticate', 'CONSENT_EXPIRED', 'consent-expired'],
    [403, 'U028', 'CONSENT_EXPIRED', 'consent-expired'],
    [403, 'UK.OBIE.Resource.InvalidConsentStatus', 'CONSENT_EXPIRED', 'consent-expired'],
    [400, 'UK.OBIE.Resource.InvalidConsentStatus', 'CONSENT_EXPIRED', 'consent-expired'],
    [403, 'UK.OBIE.Resource.NotFound', 'CONSENT_REQUIRED', 'consent-required'],
    [403, 'UK.MYBANK.Forbidden', 'CONSENT_REQUIRED', 'consent-required'],
  ])('of status %i with %s asks the user for consent', (status, providerCode, code, stored) => {
    const error = classify(status, errors(providerCode));
    expect(error.code).toBe(code);
    expect(ruleOf(error.code)).toMatchObject({ status: stored, userAction: 're-consent', askAgain: 'probe' });
  });

  it('is read by the first code that the standard has', () => {
    expect(classify(400, errors('UK.MYBANK.Odd', 'U009'))).toMatchObject({ code: 'CONSENT_EXPIRED' });
    expect(classify(429, errors('UK.OBIE.UnexpectedError'), 5_000)).toMatchObject({
      code: 'THROTTLED',
      facts: { retryAfterMs: 5_000 },
    });
  });

  it('counts codes that nobody published, and goes by the status', () => {
    expect(classify(500, errors('UK.MYBANK.Down'))).toMatchObject({
      code: 'SERVER_ERROR',
      facts: { unlisted: true, providerCode: 'UK.MYBANK.Down' },
    });
    expect(classify(400, errors('12345678'))).toMatchObject({ code: 'REQUEST_REJECTED', facts: { unlisted: true } });
    expect(JSON.stringify(classify(400, errors('12345678')))).not.toContain('12345678');
  });

  it.each(['error-400-v3.1.11', 'error-400-v4.0'])('reads the published %s', (name) => {
    const error = classify(400, example(name));
    expect(error).toMatchObject({ code: 'REQUEST_REJECTED', facts: { providerCode: 'UK.OBIE.Field.Missing' } });
  });
});
