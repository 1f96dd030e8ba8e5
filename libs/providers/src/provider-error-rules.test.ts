import { describe, expect, it } from 'vitest';
import { providerErrorOutcomes } from './provider-error.ts';
import { isProviderErrorCode, type ProviderErrorRule, ruleOf, userActionOf } from './provider-error-rules.ts';

const codes = Object.keys(providerErrorOutcomes).filter(isProviderErrorCode);
const all: readonly (ProviderErrorRule & { readonly code: string })[] = codes.map((code) => ({
  code,
  ...ruleOf(code),
}));

describe('the rules of provider errors', () => {
  it('store a status for what the user must do and for an end, and for nothing else', () => {
    const stored = all.filter(({ status }) => status !== null).map(({ code, status }) => `${code} ${status}`);
    expect(stored).toEqual([
      'LOGIN_REQUIRED login-required',
      'CONSENT_REQUIRED consent-required',
      'CONSENT_EXPIRED consent-expired',
      'RELINK_REQUIRED relink-required',
      'ACCESS_REVOKED revoked',
      'NO_LONGER_SUPPORTED revoked',
    ]);
    const stopping = all.filter(({ outcome }) => outcome === 'user-action' || outcome === 'terminal');
    expect(stopping.map(({ code }) => code)).toEqual(stored.map((row) => row.split(' ')[0]));
  });

  it('ask again in every case but an end', () => {
    const never = all.filter(({ askAgain }) => askAgain === 'never').map(({ code }) => code);
    expect(never).toEqual(['ACCESS_REVOKED', 'NO_LONGER_SUPPORTED']);
  });

  it('name a person who acts wherever a person is waited for', () => {
    for (const { code, outcome, actor, userAction } of all) {
      const expected = { 'user-action': 'user', terminal: 'user', configuration: 'us', defect: 'us' }[
        outcome as string
      ];
      if (expected !== undefined) expect(`${code} ${actor}`).toBe(`${code} ${expected}`);
      expect(`${code} ${userAction === 'none'}`).toBe(`${code} ${actor !== 'user'}`);
    }
  });

  it('tell an app what its user can do, from the stored reason', () => {
    expect(userActionOf('LOGIN_REQUIRED')).toBe('update-mode');
    expect(userActionOf('CONSENT_EXPIRED')).toBe('re-consent');
    expect(userActionOf('ACCESS_REVOKED')).toBe('relink');
    expect(userActionOf('THROTTLED')).toBe('none');
    expect(userActionOf('A_CODE_OF_LAST_YEAR')).toBe('none');
    expect(userActionOf('toString')).toBe('none');
    expect(userActionOf(null)).toBe('none');
  });
});
