import { describe, expect, it } from 'vitest';
import { damaged, ExactNumber } from './exact-json.ts';
import { issueFrom, issueUnder, jsonTypeOf } from './validation-issue.ts';

describe('jsonTypeOf', () => {
  it.each([
    [undefined, 'absent'],
    [null, 'null'],
    [true, 'boolean'],
    [new ExactNumber('1'), 'number'],
    [1, 'number'],
    ['1', 'string'],
    [[], 'array'],
    [{}, 'object'],
    [damaged, 'damaged'],
  ])('%j is %s', (value, type) => {
    expect(jsonTypeOf(value)).toBe(type);
  });
});

describe('issueFrom', () => {
  it('tells the type that came and keeps the value out', () => {
    const input = { name: ['Ada Example'] };
    const issue = issueFrom(
      [{ path: '$input.name', expected: '(null | string | undefined)', value: input.name }],
      input,
    );
    expect(issue).toEqual({ path: '$input.name', expected: 'null | string | absent', received: 'array' });
  });

  it.each([
    ['(ExactNumber | null)', 'number | null'],
    ['((string & MaxLength<64>) | null)', 'string (up to 64) | null'],
    ['string & MaxLength<64>', 'string (up to 64)'],
    ['(ReadonlyArray<PlaidCounterparty> | undefined)', 'array | absent'],
    ['Array<unknown>', 'array'],
    ['PlaidLocation', 'object'],
    ['"ES256"', '"ES256"'],
  ])('says %s as %s', (expected, words) => {
    expect(issueFrom([{ path: '$input', expected, value: 1 }], 1).expected).toBe(words);
  });

  it.each([
    [{ amounts: [{ amount: [] }] }, 'array'],
    [{ amounts: [{ amount: { literal: '5' } }] }, 'object'],
  ])('speaks of a number, not of the class that holds it: %j', (input, received) => {
    const error = { path: '$input.amounts[0].amount.notJson', expected: '0n', value: undefined };
    expect(issueFrom([error], input)).toEqual({ path: '$input.amounts[0].amount', expected: 'number', received });
  });

  it('has an answer where there is no error to tell', () => {
    expect(issueFrom([], null)).toEqual({ path: '$input', expected: 'valid', received: 'null' });
  });
});

describe('issueUnder', () => {
  it('puts the record into its page', () => {
    const issue = { path: '$input.amount', expected: 'number', received: 'string' } as const;
    expect(issueUnder('$input.added[3]', issue).path).toBe('$input.added[3].amount');
  });
});
