import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExact } from './exact-json.ts';
import { plaidRedactionPolicy } from './plaid/redaction-policy.ts';
import { redactRecord } from './redact-record.ts';

const redact = (json: string): unknown => JSON.parse(redactRecord(parseExact(json), plaidRedactionPolicy));

describe('redactRecord', () => {
  it('keeps structure, ids, dates, amounts and codes, and masks what says who it is', () => {
    const record = `{
      "transaction_id": "tx-1", "amount": 72.10, "iso_currency_code": "USD", "date": "2026-03-17",
      "datetime": "2026-03-17T09:41:05Z", "pending": false, "pending_transaction_id": null,
      "payment_channel": "in store", "transaction_code": "direct debit",
      "name": "TRANSFER TO ADA EXAMPLE", "account_owner": "Ada", "check_number": "991",
      "location": { "city": "Portland", "lat": 43.65, "lon": -70.25 },
      "counterparties": [{ "name": "Ada Example", "type": "merchant", "account_numbers": { "iban": "GB00X" } }],
      "access_token": "access-sandbox-1"
    }`;
    expect(redact(record)).toEqual({
      transaction_id: 'tx-1',
      amount: 72.1,
      iso_currency_code: 'USD',
      date: '2026-03-17',
      datetime: '2026-03-17T09:41:05Z',
      pending: false,
      pending_transaction_id: null,
      payment_channel: 'in store',
      transaction_code: 'direct debit',
      name: '[23 chars]',
      account_owner: '[3 chars]',
      check_number: '[3 chars]',
      location: { city: '[8 chars]', lat: '[number]', lon: '[number]' },
      counterparties: [{ name: '[11 chars]', type: 'merchant', account_numbers: { iban: '[5 chars]' } }],
      access_token: '[16 chars]',
    });
  });

  it('keeps the digits of an amount as they were written', () => {
    expect(redactRecord(parseExact('{"amount":72.10}'), plaidRedactionPolicy)).toBe('{"amount":72.10}');
    expect(redactRecord(parseExact('{"amount":1e400}'), plaidRedactionPolicy)).toBe('{"amount":1e400}');
    expect(redact('{"amount":"12,50"}')).toEqual({ amount: '12,50' });
  });

  it('masks a value that is not what its name promises', () => {
    expect(
      redact(`{"amount":"Ada Example","date":"born 1980","transaction_id":"Ada Example","payment_channel":"${'long '.repeat(3)}${'x'.repeat(40)}",
        "transaction_code":"pay GB29 0001 0002 0003","account_id":12345678}`),
    ).toEqual({
      amount: '[11 chars]',
      date: '[9 chars]',
      transaction_id: '[11 chars]',
      payment_channel: '[55 chars]',
      transaction_code: '[23 chars]',
      account_id: '[number]',
    });
  });

  it('masks names that are no names of a format', () => {
    expect(redact('{"Ada Example":1,"__proto__":{"amount":2},"constructor":"x"}')).toEqual({
      '[name 0]': '[number]',
      ['__proto__']: { amount: 2 },
      constructor: '[1 chars]',
    });
  });

  it.each([
    ['"Ada"', '[3 chars]'],
    ['5', '[number]'],
    ['null', null],
    ['true', true],
    ['["Ada",7]', ['[3 chars]', '[number]']],
  ])('takes %s, which is no record at all', (json, redacted) => {
    expect(redact(json)).toEqual(redacted);
  });

  it('stays small and flat, however large and deep the record is', () => {
    const wide = redactRecord(
      parseExact(`[${'{"name":"x","date":"2026-03-17"},'.repeat(5_000)}0]`),
      plaidRedactionPolicy,
    );
    expect(wide.length).toBeLessThan(20_000);
    expect(JSON.parse(wide).at(-1)).toBe('[cut]');
    const members = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`m${index}`, 'x']));
    const object = redactRecord(members, plaidRedactionPolicy);
    expect(JSON.parse(object)['[cut]']).toBe(true);
    expect(redactRecord(parseExact(`${'['.repeat(60)}${']'.repeat(60)}`), plaidRedactionPolicy)).toBe(
      `${'['.repeat(8)}"[nested]"${']'.repeat(8)}`,
    );
  });

  it('lets no text of a value through, but under the names of ids, dates, amounts and codes', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (json) => {
        const secret = 'Zebra7';
        const planted = JSON.stringify({
          plain: JSON.parse(json),
          name: secret,
          deep: [[{ [`x ${secret}`]: secret }]],
        });
        const redacted = redactRecord(parseExact(planted), plaidRedactionPolicy);
        expect(redacted).not.toContain(secret);
        expect(() => JSON.parse(redacted)).not.toThrow();
      }),
    );
  });
});
