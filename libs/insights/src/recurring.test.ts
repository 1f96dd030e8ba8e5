import { describe, expect, it } from 'vitest';
import { ruleOf } from './cadence.ts';
import type { Cadence } from './insight.ts';
import { recurringInsights, typicalSize } from './recurring.ts';
import type { Series } from './series.ts';
import { monthly, sampleDay, sampleView } from './testing/sample-view.ts';

type Dates = readonly (readonly [date: string, minor: number])[];

interface Given extends Partial<Omit<Series, 'next' | 'rule'>> {
  readonly cadence?: Cadence;
  /** Expected day, and the band around it. */
  readonly next?: readonly [day: string, from: string, to: string];
}

const rent = monthly('2026-01-05', 4, -95_000);

function seriesWith(
  of: Dates,
  { cadence = 'monthly', next = ['2026-05-05', '2026-05-01', '2026-05-09'], ...given }: Given = {},
): Series {
  const [day, from, to] = next.map(sampleDay);
  if (day === undefined || from === undefined || to === undefined) throw new Error('a band has three days');
  return {
    key: 'k',
    label: 'Landlord',
    currency: 'EUR',
    direction: 'out',
    rule: ruleOf(cadence),
    part: '',
    category: 'housing',
    amountKind: 'fixed',
    occurrences: of.map(([date, minor]) => ({
      day: sampleDay(date),
      size: Math.abs(minor),
      connectionId: 'c1',
      accountId: 'a1',
      movement: { day: sampleDay(date), minor, category: 'housing', isForeign: false, isTransferLike: false },
    })),
    breaks: 0,
    regularity: 1,
    next: { day, from, to },
    isCut: false,
    ...given,
  };
}

const on = (today: string, syncedDate: string | null = today) => sampleView(today, [{ of: rent }], syncedDate);

function told(of: Dates, given: Given = {}) {
  const [insight, ...others] = recurringInsights([seriesWith(of, given)], on('2026-05-01'));
  if (insight === undefined || others.length > 0) throw new Error('not one insight');
  return insight;
}

describe('a payment that comes back', () => {
  it('says what it is, when it comes next and what it rests on', () => {
    expect(told(rent)).toEqual({
      kind: 'recurring',
      fingerprint: expect.stringMatching(/^[\w-]{22}$/),
      currency: 'EUR',
      confidencePercent: 85,
      date: '2026-05-05',
      counterparty: 'Landlord',
      evidence: [...rent].reverse().map(([date, minor]) => ({ connectionId: 'c1', accountId: 'a1', date, minor })),
      direction: 'out',
      cadence: 'monthly',
      status: 'mature',
      category: 'housing',
      amountKind: 'fixed',
      nextDate: '2026-05-05',
      nextFromDate: '2026-05-01',
      nextToDate: '2026-05-09',
      typicalMinor: 95_000,
      lowMinor: 95_000,
      highMinor: 95_000,
      lastDate: '2026-04-05',
      lastMinor: 95_000,
      occurrences: 4,
    });
  });

  it('is young until it has come as often as its rhythm needs', () => {
    expect(told(rent.slice(0, 3)).status).toBe('early');
    expect(told(rent).status).toBe('mature');
  });

  it('is another one in another rhythm, direction, currency or place beside others', () => {
    const fingerprints = [
      {},
      { cadence: 'yearly' },
      { direction: 'in' },
      { currency: 'GBP' },
      { part: '2' },
      { key: 'l' },
    ].map((given) => told(rent, given as Given).fingerprint);
    expect(new Set(fingerprints).size).toBe(6);
    expect(told(rent, { label: 'Landlord Ltd', breaks: 2, category: 'transfer' }).fingerprint).toBe(fingerprints[0]);
  });

  it('is told until it has been missed twice, by what is known', () => {
    const list = (today: string, syncedDate?: string | null) =>
      recurringInsights([seriesWith(rent)], on(today, syncedDate));
    expect(list('2026-06-08')).toHaveLength(1);
    expect(list('2026-06-09')).toEqual([]); // 30.44 days behind the band, and a day of the next period
    expect(list('2026-07-20', '2026-05-20')).toHaveLength(1);
    expect(list('2026-07-20', null)).toEqual([]); // nobody knows: by the calendar it is over
  });
});

describe('its amount', () => {
  const sizes = (...minors: number[]): Dates => monthly('2025-01-05', minors.length, ...minors.map((minor) => -minor));
  const amounts = (of: Dates, given: Given = {}) => {
    const { typicalMinor, lowMinor, highMinor, lastMinor } = told(of, given);
    return [typicalMinor, lowMinor, highMinor, lastMinor];
  };

  it('is the last one where the price is fixed, and ranges over those of the last three that are of this price', () => {
    expect(amounts(sizes(1_000, 1_000, 1_060, 1_020))).toEqual([1_020, 1_000, 1_060, 1_020]);
    expect(amounts(sizes(1_000, 1_000, 1_000, 1_200))).toEqual([1_200, 1_200, 1_200, 1_200]);
    expect(amounts(sizes(95, 100, 100, 100))).toEqual([100, 100, 100, 100]);
  });

  it.each([
    [92, 92, 100],
    [91, 100, 100],
    [108, 100, 108],
    [109, 100, 100],
  ])('of 100 after %i is from %i to %i: eight percent are of one price', (before, low, high) => {
    expect(amounts(sizes(100, 100, before, 100))).toEqual([100, low, high, 100]);
  });

  it('is the lower middle of the last six where it differs, and ranges over the last twelve', () => {
    const of = sizes(1, 9_000, 50, 60, 70, 80, 90, 100, 11, 12, 13, 14, 15, 16);
    expect(amounts(of, { amountKind: 'variable' })).toEqual([13, 11, 100, 16]);
    expect(amounts(sizes(1, 9_000, ...Array.from({ length: 12 }, () => 20)), { amountKind: 'variable' })).toEqual([
      20, 20, 20, 20,
    ]);
    expect(amounts(sizes(9_000, ...Array.from({ length: 11 }, () => 20)), { amountKind: 'variable' })).toEqual([
      20, 20, 9_000, 20,
    ]);
  });

  it('is by size, not by the order in which it came', () => {
    expect(typicalSize([300, 20, 1_000])).toBe(300);
    expect(typicalSize([9, 10, 2, 1])).toBe(2);
    expect(typicalSize([5])).toBe(5);
    expect(typicalSize([])).toBe(0);
  });
});

describe('its next day', () => {
  /** On Mondays where its own day was one of a weekend. */
  const onBankDays: Dates = (
    ['2025-11-03', '2025-12-01', '2026-01-01', '2026-02-02', '2026-03-02', '2026-04-01'] as const
  ).map((date) => [date, -95_000]);
  const nextOf = (of: Dates, given: Given) => {
    const { date, nextDate, nextFromDate, nextToDate } = told(of, given);
    expect(date).toBe(nextDate);
    return [nextDate, nextFromDate, nextToDate];
  };

  it('is the bank day that it would be booked on, inside its band', () => {
    const saturday = '2026-05-02';
    expect(nextOf(onBankDays, { next: [saturday, '2026-04-28', '2026-05-06'] })[0]).toBe('2026-05-04');
    expect(nextOf(onBankDays, { next: [saturday, '2026-04-28', '2026-05-03'] })[0]).toBe('2026-05-03');
    expect(nextOf(onBankDays, { next: ['2026-05-06', '2026-05-04', '2026-05-08'] })).toEqual([
      '2026-05-06',
      '2026-05-04',
      '2026-05-08',
    ]);
  });

  it('is none before its band', () => {
    const onFridays = (
      ['2025-10-31', '2025-11-28', '2026-01-02', '2026-01-30', '2026-02-27', '2026-04-01'] as const
    ).map((date) => [date, -95_000] as const);
    expect(nextOf(onFridays, { next: ['2026-05-02', '2026-04-28', '2026-05-06'] })[0]).toBe('2026-05-01');
    expect(nextOf(onFridays, { next: ['2026-05-03', '2026-05-02', '2026-05-06'] })[0]).toBe('2026-05-02');
  });

  it('is by the days alone in a rhythm of days', () => {
    const mondays: Dates = Array.from({ length: 8 }, (_, at) => [
      new Date(Date.UTC(2026, 2, 2 + 7 * at)).toISOString().slice(0, 10),
      -95_000,
    ]);
    expect(nextOf(mondays, { cadence: 'weekly', next: ['2026-05-02', '2026-05-01', '2026-05-03'] })[0]).toBe(
      '2026-05-02',
    );
  });
});
