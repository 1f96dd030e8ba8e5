import { describe, expect, it } from 'vitest';
import { accessToken, accountId, idPrefix, indexOfToken, requestId, transactionId } from './identifiers.ts';

describe('identifiers', () => {
  it('are 37 characters and never the same twice', () => {
    const ids = new Set<string>();
    let made = 0;
    for (let index = 0; index < 60; index += 1) {
      const prefix = idPrefix(1, index);
      for (let account = 0; account < 3; account += 1) {
        ids.add(accountId(prefix, index, account));
        made += 1;
      }
      for (let step = 0; step < 30; step += 1) {
        for (let ordinal = 0; ordinal < 20; ordinal += 1) {
          ids.add(transactionId(prefix, index, step, ordinal, true));
          ids.add(transactionId(prefix, index, step, ordinal, false));
          made += 2;
        }
      }
    }
    expect(ids.size).toBe(made);
    expect([...ids].every((id) => /^[A-Za-z0-9]{37}$/.test(id))).toBe(true);
  });

  it('read a token back, and only one of their own', () => {
    expect(indexOfToken(accessToken(4_321))).toBe(4_321);
    expect(
      ['access-sandbox-', 'access-sandbox-01', 'access-sandbox-1x', 'access-production-1', ''].map(indexOfToken),
    ).toEqual([null, null, null, null, null]);
  });

  it('give the same question the same request id', () => {
    expect(requestId(1, 'a')).toMatch(/^[A-Za-z0-9]{15}$/);
    expect(requestId(1, 'a')).toBe(requestId(1, 'a'));
    expect(requestId(1, 'a')).not.toBe(requestId(1, 'b'));
  });
});
