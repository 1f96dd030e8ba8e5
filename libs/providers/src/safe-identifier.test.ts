import { describe, expect, it } from 'vitest';
import { safeErrorCode, safeRequestId } from './safe-identifier.ts';

describe('safeErrorCode', () => {
  it.each(['ITEM_LOGIN_REQUIRED', 'UK.OBIE.Field.Invalid', 'ACCESS_EXCEEDED'])('keeps %s', (code) => {
    expect(safeErrorCode(code)).toBe(code);
  });

  it.each([
    ['a message', 'the account of Jane Doe is closed'],
    ['an account number', '4000123412341234'],
    ['a code with digits in it', 'ACCOUNT_4000123412341234'],
    ['a long text', 'A'.repeat(81)],
    ['a number', 400],
    ['nothing', undefined],
  ])('drops %s', (_title, value) => {
    expect(safeErrorCode(value)).toBeUndefined();
  });
});

describe('safeRequestId', () => {
  it.each(['HNTDNrA8F1shFEW', '93ac7880-f263-4a8d-a962-06cf3bd02304'])('keeps %s', (id) => {
    expect(safeRequestId(id)).toBe(id);
  });

  it.each([
    ['bare digits', '4000123412341234'],
    ['words', 'Jane Doe'],
    ['a long text', 'a'.repeat(65)],
    ['nothing', null],
  ])('drops %s', (_title, value) => {
    expect(safeRequestId(value)).toBeUndefined();
  });
});
