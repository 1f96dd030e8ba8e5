import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ruleOf } from '../provider-error-rules.ts';
import { plaidErrorTable } from './error-table.ts';

type Codes = Readonly<Record<string, readonly string[]>>;
interface PublishedCodes {
  readonly lists: readonly { readonly source: string; readonly read: string; readonly codes: Codes }[];
}

const published = JSON.parse(
  readFileSync(new URL('published-error-codes.json', import.meta.url), 'utf8'),
) as PublishedCodes;
const rowsOf = (codes: Codes) => Object.entries(codes).flatMap(([type, list]) => list.map((code) => `${type} ${code}`));
const rows = Object.entries(plaidErrorTable).flatMap(([type, codes]) =>
  Object.entries(codes).map(([code, meaning]) => ({ type, code, ...ruleOf(meaning) })),
);

describe('the table of Plaid errors', () => {
  it('has a row for every code that Plaid documents, and none that it does not', () => {
    const documented = published.lists.flatMap(({ codes }) => rowsOf(codes));
    expect(documented).toHaveLength(181);
    expect(rows.map(({ type, code }) => `${type} ${code}`).sort()).toEqual(documented.sort());
  });

  it('knows where and when each list was read', () => {
    expect(
      published.lists.map(({ source, read }) => /^plaid\.com\/docs\//.test(source) && /^20\d\d-\d\d/.test(read)),
    ).toEqual([true, true, true, true]);
  });

  it('ends a connection only for a code that can mean nothing else', () => {
    expect(rows.filter(({ outcome }) => outcome === 'terminal').map(({ code }) => code)).toEqual([
      'ITEM_CONCURRENTLY_DELETED',
      'ITEM_NOT_FOUND',
      'INSTITUTION_NO_LONGER_SUPPORTED',
      'USER_PERMISSION_REVOKED',
    ]);
  });

  it.each([
    'INVALID_API_KEYS',
    'UNAUTHORIZED_ENVIRONMENT',
    'CREDITS_EXHAUSTED',
    'TRIAL_CONNECTION_LIMIT',
    'INSTITUTION_REGISTRATION_REQUIRED',
    'PRODUCT_NOT_ENABLED',
    'INVALID_ACCESS_TOKEN',
  ])('has %s as ours to mend, with the connection left as it is', (code) => {
    for (const row of rows.filter((each) => each.code === code)) {
      expect(row).toMatchObject({
        outcome: 'configuration',
        status: null,
        actor: 'us',
        userAction: 'none',
        askAgain: 'hour',
      });
    }
    expect(rows.some((each) => each.code === code)).toBe(true);
  });

  it('asks for the user wherever update mode or consent is the cure', () => {
    const user = rows
      .filter(({ outcome }) => outcome === 'user-action')
      .map(({ code, userAction }) => `${code} ${userAction}`);
    expect(user).toEqual([
      'ACCESS_NOT_GRANTED re-consent',
      'INSUFFICIENT_CREDENTIALS update-mode',
      'INVALID_CREDENTIALS update-mode',
      'INVALID_MFA update-mode',
      'INVALID_OTP update-mode',
      'INVALID_PHONE_NUMBER update-mode',
      'INVALID_SEND_METHOD update-mode',
      'INVALID_UPDATED_USERNAME update-mode',
      'ITEM_LOCKED update-mode',
      'ITEM_LOGIN_REQUIRED update-mode',
      'ITEM_NOT_SUPPORTED relink',
      'MANUAL_VERIFICATION_REQUIRED update-mode',
      'MFA_NOT_SUPPORTED update-mode',
      'PASSWORD_RESET_REQUIRED update-mode',
      'USER_INPUT_TIMEOUT update-mode',
      'USER_SETUP_REQUIRED update-mode',
      'ADDITIONAL_CONSENT_REQUIRED re-consent',
      'TOO_MANY_VERIFICATION_ATTEMPTS relink',
      'PRODUCT_UNAVAILABLE relink',
    ]);
  });
});
