import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import type { NormaliseContext } from '../connector.ts';
import { normalisePlaidPage } from './normalise-page.ts';
import { validatePlaidPage } from './validate-page.ts';

const require = createRequire(import.meta.url);
const exampleText = readFileSync(require.resolve('@quartersec/validation/plaid/examples/sync-page.json'), 'utf8');

type Json = Record<string, unknown>;
type Page = Json & { added: Json[]; modified: Json[]; removed: Json[]; accounts: Json[] };
const context: NormaliseContext = {
  connectionId: 'conn-1',
  institutionId: 'ins_northwind',
  knownAccounts: [],
  today: '2026-03-18',
};
const normaliseText = (text: string, changed: Partial<NormaliseContext> = {}) =>
  normalisePlaidPage(validatePlaidPage({ text, requestId: null }), { ...context, ...changed });

/** The example page with its first record changed and all other records left out. */
function pageOf(...records: Json[]): Page {
  const page: Page = JSON.parse(exampleText);
  const [first] = page.added;
  return { ...page, added: records.map((record) => ({ ...first, ...record })), modified: [], removed: [] };
}
const normalise = (page: Page, changed: Partial<NormaliseContext> = {}) => normaliseText(JSON.stringify(page), changed);
const onlyOne = (record: Json, changed: Partial<NormaliseContext> = {}) => normalise(pageOf(record), changed);

describe('normaliseTransaction', () => {
  it.each([
    ['USD', '0.1', '-10', 2, []],
    ['USD', '-0', '0', 2, []],
    ['USD', '1e21', '-100000000000000000000000', 2, []],
    ['USD', '0.30000000000000004', '-30000000000000004', 17, ['OVER_PRECISE']],
    ['JPY', '1500', '-1500', 0, []],
    ['KWD', '12.345', '-12345', 3, []],
  ])('keeps %s %s exact (faults 10 and 11)', (currency, literal, minor, exponent, flags) => {
    const text = JSON.stringify(pageOf({ amount: 'AMOUNT', iso_currency_code: currency }));
    const { added, quarantined } = normaliseText(text.replace('"AMOUNT"', literal));
    expect(quarantined).toEqual([]);
    expect(added).toMatchObject([
      { amount: { minor, exponent, currency }, flags, direction: minor === '0' ? 'CRDT' : 'DBIT' },
    ]);
  });

  it.each([
    ['ETH', '0.000000000000000001', '-1', 18],
    ['ADA', '1234.5', '-12345', 1],
    ['$', '7', '-7', 0],
    ['USD', '5.00', '-5', 0],
  ])('keeps an unofficial %s %s exact, whatever its code', (unofficialCurrency, literal, minor, exponent) => {
    const record = { amount: 'AMOUNT', iso_currency_code: null, unofficial_currency_code: unofficialCurrency };
    const { added, quarantined } = normaliseText(JSON.stringify(pageOf(record)).replace('"AMOUNT"', literal));
    expect(quarantined).toEqual([]);
    expect(added).toMatchObject([{ amount: { minor, exponent, currency: null, unofficialCurrency }, flags: [] }]);
  });

  it('sets an unofficial amount of 19 decimals aside, and keeps the others', () => {
    const eth = (id: string, amount: string) => ({
      transaction_id: id,
      amount,
      iso_currency_code: null,
      unofficial_currency_code: 'ETH',
    });
    const text = JSON.stringify(pageOf(eth('tx-18', 'EIGHTEEN'), eth('tx-19', 'NINETEEN')))
      .replace('"EIGHTEEN"', '0.000000000000000001')
      .replace('"NINETEEN"', '0.0000000000000000001');
    const { added, quarantined } = normaliseText(text);
    expect(added.map(({ providerTransactionId }) => providerTransactionId)).toEqual(['tx-18']);
    expect(quarantined).toMatchObject([{ reason: 'AMOUNT_INEXACT', path: '$input.added[1].amount' }]);
  });

  it('gives a record that its provider reissues under a new id the same content hash (fault 18)', () => {
    const [before] = onlyOne({ transaction_id: 'tx-old' }).added;
    const [after] = onlyOne({ transaction_id: 'tx-new', pending_transaction_id: null }).added;
    const [other] = onlyOne({ transaction_id: 'tx-new', amount: 18.91 }).added;
    expect(after?.contentHash).toBe(before?.contentHash);
    expect(after?.transactionId).not.toBe(before?.transactionId);
    expect(other?.contentHash).not.toBe(before?.contentHash);
  });

  it.each([
    [{ date: '2026-03-20', authorized_date: null }, []],
    [{ date: '2026-03-21', authorized_date: null }, ['IMPLAUSIBLE_DATE']],
    [{ date: '1969-12-31', authorized_date: null }, ['IMPLAUSIBLE_DATE']],
    [{ date: '1899-12-30', authorized_date: null }, ['IMPLAUSIBLE_DATE']],
    [{ date: '9999-12-31', authorized_date: null }, ['IMPLAUSIBLE_DATE']],
    [{ date: '2035-03-03', authorized_date: null }, ['IMPLAUSIBLE_DATE']],
    [{ date: '2026-03-17', authorized_date: '0001-01-01' }, ['IMPLAUSIBLE_DATE']],
    [{ date: '2026-03-17', authorized_date: '' }, ['DATE_DROPPED']],
    [{ date: '2026-03-17', datetime: '2026-03-17T10:00:00' }, ['DATE_DROPPED']],
    [{ date: '2026-03-17', datetime: '2026-03-17t10:00:00z' }, ['DATE_DROPPED']],
    [{ date: '2026-03-17', datetime: '2026-03-17T10:00:00+0100' }, ['DATE_DROPPED']],
    [{ date: '2026-03-17', datetime: '2016-12-31T23:59:60Z' }, []],
    [{ date: '2026-03-17', authorized_date: '2026-02-30' }, ['DATE_DROPPED']],
    [{ date: '2026-03-17', datetime: '17 March' }, ['DATE_DROPPED']],
    [
      { date: '0001-01-01', authorized_datetime: '', amount: 1.234 },
      ['OVER_PRECISE', 'IMPLAUSIBLE_DATE', 'DATE_DROPPED'],
    ],
  ])('flags %j as %j', (record, flags) => {
    expect(onlyOne(record).added).toMatchObject([{ flags, bookingDate: record.date }]);
  });

  it('takes dates and times for what they are while pending and once posted, and drops filler times', () => {
    const dates = {
      date: '2026-03-17',
      datetime: '2026-03-17T08:00:00Z',
      authorized_date: '2026-03-16',
      authorized_datetime: '2026-03-16T07:00:00Z',
    };
    expect(onlyOne({ ...dates, pending: true }).added).toMatchObject([
      {
        bookingDate: null,
        executionDate: '2026-03-16',
        bookingDateTime: null,
        executionDateTime: '2026-03-16T07:00:00Z',
      },
    ]);
    expect(onlyOne({ ...dates, pending: true, authorized_date: null, authorized_datetime: null }).added).toMatchObject([
      { bookingDate: null, executionDate: '2026-03-17', executionDateTime: '2026-03-17T08:00:00Z' },
    ]);
    const filler = { datetime: '2026-03-17T00:00:00Z', authorized_datetime: '2026-03-16T00:00:00.000-05:00' };
    expect(onlyOne({ ...dates, ...filler }).added).toMatchObject([
      {
        bookingDate: '2026-03-17',
        executionDate: '2026-03-16',
        bookingDateTime: null,
        executionDateTime: null,
        flags: [],
      },
    ]);
  });

  it('keeps what insights may ask for later, outside the content hash', () => {
    const none = {
      check_number: null,
      counterparties: [],
      merchant_entity_id: null,
      location: {},
      personal_finance_category: null,
    };
    const given = {
      check_number: '104',
      counterparties: [
        { name: 'Harbour Books', type: 'merchant', entity_id: 'ent-1', website: 'books.example' },
        { name: 'Till', type: 'payment_app', entity_id: null },
        { name: ' ', type: 'merchant' },
      ],
      merchant_entity_id: 'ent-1',
      location: {
        city: 'Portland',
        region: null,
        postal_code: '04101',
        lat: 43.6591,
        lon: -70.2568,
        store_number: '7',
      },
      personal_finance_category: { primary: 'A', detailed: 'A_B', confidence_level: 'LOW' },
    };
    const [bare] = onlyOne(none).added;
    const [full] = onlyOne(given).added;
    expect(Object.keys(bare ?? {})).toHaveLength(22);
    expect(full).toEqual({
      ...bare,
      category: { primary: 'A', detailed: 'A_B', confidence: 'LOW' },
      checkNumber: '104',
      counterparties: [
        { name: 'Harbour Books', type: 'merchant', entityId: 'ent-1' },
        { name: 'Till', type: 'payment_app' },
      ],
      merchantEntityId: 'ent-1',
      location: { city: 'Portland', postalCode: '04101', latitude: '43.6591', longitude: '-70.2568' },
    });
  });

  it('keeps at most 16 counterparties and 32 characters of a degree, and flags the rest', () => {
    const counterparties = Array.from({ length: 17 }, (_, index) => ({ name: `n${index}`, type: 'merchant' }));
    const [crowded] = onlyOne({ counterparties }).added;
    expect(crowded?.counterparties?.map(({ name }) => name).at(-1)).toBe('n15');
    expect(crowded?.flags).toEqual(['MEMBER_DROPPED']);
    const text = JSON.stringify(pageOf({ location: { city: 'Portland', lat: 'LAT' } }));
    const [precise] = normaliseText(text.replace('"LAT"', `43.${'6'.repeat(30)}`)).added;
    expect(precise).toMatchObject({ location: { city: 'Portland' }, flags: ['MEMBER_DROPPED'] });
    expect(precise?.location?.latitude).toBeUndefined();
  });

  it('takes blank text for none', () => {
    const blank = {
      name: '',
      merchant_name: ' ',
      transaction_code: '',
      payment_channel: '',
      pending_transaction_id: ' ',
    };
    expect(onlyOne({ ...blank, payment_meta: { payee: '', reason: ' ' } }).added).toMatchObject([
      {
        description: null,
        merchantName: null,
        bankTransactionCode: null,
        channel: null,
        supersedes: null,
        counterpartyName: null,
        remittance: [],
      },
    ]);
  });
});
