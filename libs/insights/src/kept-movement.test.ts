import { describe, expect, it } from 'vitest';
import { compareMovements, isCounted, type KeptMovement, readMovement } from './kept-movement.ts';
import { sampleTransaction } from './testing/sample-transaction.ts';

const money = { minor: '-1000', exponent: 2, currency: 'EUR', unofficialCurrency: null } as const;

describe('what is kept of a transaction', () => {
  it('is its day, its sum and the side it is on', () => {
    const out = readMovement(sampleTransaction({ minor: -1, bookingDate: '1970-01-02' }), 7);
    expect(out).toMatchObject({
      ledger: { accountId: 'a1', currency: 'EUR', direction: 'out' },
      movement: { day: 1, minor: -1, mark: 7 },
    });
    expect(readMovement(sampleTransaction({ minor: 1 }), 7)?.ledger.direction).toBe('in');
  });

  it('is of the day of its value where it was booked on none', () => {
    const dated = sampleTransaction({ bookingDate: null, valueDate: '1970-01-03' });
    expect(readMovement(dated, 0)?.movement.day).toBe(2);
    expect(readMovement(sampleTransaction({ valueDate: '1970-01-03' }), 0)?.movement.day).toBe(20_513);
  });

  it.each([
    ['nothing that is not booked', { status: 'INFO' }],
    ['nothing that was refused', { status: 'RJCT' }],
    ['no sum of no currency', { amount: { ...money, currency: null, unofficialCurrency: 'BTC' } }],
    ['no day that nobody can believe', { flags: ['IMPLAUSIBLE_DATE'] }],
    ['no day that is none', { bookingDate: 'soon' }],
    ['no day before 1970', { bookingDate: '1969-12-31' }],
    ['nothing without a day', { bookingDate: null }],
    ['no sum that cannot be counted exactly', { amount: { ...money, minor: '90071992547409930' } }],
    ['no sum of nothing', { minor: 0 }],
  ] as const)('has %s', (_, given) => {
    const transaction = sampleTransaction(given as Parameters<typeof sampleTransaction>[0]);
    expect(readMovement(transaction, 0)).toBeUndefined();
    expect(isCounted(transaction)).toBe(false);
  });

  it('has the first day that there is', () => {
    expect(readMovement(sampleTransaction({ bookingDate: '1970-01-01' }), 0)?.movement.day).toBe(0);
  });

  it('counts what is booked or may be', () => {
    expect(isCounted(sampleTransaction())).toBe(true);
    expect(isCounted(sampleTransaction({ status: 'PDNG', bookingDate: null }))).toBe(true);
  });
});

describe('the order of a ledger', () => {
  const movement: KeptMovement = {
    day: 10,
    minor: -500,
    category: 'groceries',
    isForeign: false,
    isTransferLike: false,
    label: 'b',
    mark: 3,
    spoken: 'b',
  };

  it.each([
    ['day', { day: 11 }],
    ['sum', { minor: -499 }],
    ['category', { category: 'health' }],
    ['whether it is foreign', { isForeign: true }],
    ['whether it is a transfer', { isTransferLike: true }],
    ['name', { label: 'c' }],
    ['mark', { mark: 4 }],
    ['spoken words', { spoken: 'c' }],
  ] as const)('is by %s, the larger behind', (_, more) => {
    const behind = { ...movement, ...more };
    expect(compareMovements(movement, behind)).toBeLessThan(0);
    expect(compareMovements(behind, movement)).toBeGreaterThan(0);
  });

  it.each([
    ['name', { label: null }],
    ['mark', { mark: null }],
    ['spoken words', { spoken: null }],
  ] as const)('has what has no %s in front', (_, less) => {
    const before = { ...movement, ...less };
    expect(compareMovements(before, movement)).toBeLessThan(0);
    expect(compareMovements(movement, before)).toBeGreaterThan(0);
    expect(compareMovements(before, { ...before })).toBe(0);
  });

  it('has a mark of none before the first, and a name of none beside the empty one', () => {
    expect(compareMovements({ ...movement, mark: null }, { ...movement, mark: 0 })).toBeLessThan(0);
    expect(compareMovements({ ...movement, label: null }, { ...movement, label: '' })).toBe(0);
    expect(compareMovements({ ...movement, spoken: null }, { ...movement, spoken: '' })).toBe(0);
  });

  it('asks the earlier of these first', () => {
    expect(compareMovements({ ...movement, day: 11, minor: -900 }, movement)).toBeGreaterThan(0);
    expect(compareMovements({ ...movement, minor: -400, category: 'dining' }, movement)).toBeGreaterThan(0);
    expect(compareMovements({ ...movement, label: 'c', mark: 1 }, movement)).toBeGreaterThan(0);
    expect(compareMovements({ ...movement, mark: 5, spoken: 'a' }, movement)).toBeGreaterThan(0);
  });
});
