import { describe, expect, it } from 'vitest';
import { seriesOf } from './series.ts';
import { stateOf } from './state.ts';
import { sampleLedger } from './testing/sample-ledger.ts';
import { every, monthly, sampleView } from './testing/sample-view.ts';
import type { Category } from './view.ts';
import { viewOf } from './view-of.ts';

type Ledgers = Parameters<typeof sampleView>[1];

/** Each series in a few words. */
const found = (ledgers: Ledgers, today = '2026-06-30') =>
  seriesOf(sampleView(today, ledgers)).map(
    ({ rule, amountKind, occurrences, part }) => `${rule.cadence} ${amountKind} ${occurrences.length} #${part}`,
  );

/** Amounts without a rule. */
const unlike = (count: number, from: number, range: number) =>
  Array.from({ length: count }, (_, index) => from - ((index * index * 7_919) % range));

describe('a series', () => {
  it.each([
    ['weekly', every(7, '2026-01-05', 8, -700), 8],
    ['fortnightly', every(14, '2026-01-05', 6, -700), 6],
    ['monthly', monthly('2026-01-31', 3, -700), 3],
    [
      'quarterly',
      [
        ['2025-02-10', -700],
        ['2025-05-10', -700],
        ['2025-08-11', -700],
        ['2025-11-10', -700],
      ] as const,
      4,
    ],
    [
      'yearly',
      [
        ['2024-03-01', -700],
        ['2025-03-03', -700],
      ] as const,
      2,
    ],
  ])('is %s from its least count on, and not before', (cadence, of, count) => {
    expect(found([{ of }])).toEqual([`${cadence} fixed ${count} #`]);
    expect(found([{ of: of.slice(1) }])).toEqual([]);
  });

  it('comes twice a month, which is not every 14 days', () => {
    const of = [1, 2, 3, 4, 5].flatMap((month) => [
      [`2026-0${month}-01`, 150_000] as const,
      [`2026-0${month}-15`, 150_000] as const,
    ]);
    expect(found([{ of, category: 'income' }])).toEqual(['semimonthly fixed 10 #']);
    expect(found([{ of: every(14, '2026-01-02', 10, 150_000), category: 'income' }])).toEqual([
      'fortnightly fixed 10 #',
    ]);
  });

  it('keeps its rhythm over weekends and the ends of months', () => {
    const of = [
      ['2025-10-31', -1_299],
      ['2025-12-01', -1_299],
      ['2025-12-31', -1_299],
      ['2026-02-02', -1_299],
      ['2026-03-02', -1_299],
      ['2026-03-31', -1_299],
    ] as const;
    expect(found([{ of }])).toEqual(['monthly fixed 6 #']);
  });

  it('is one where one is missing or booked twice', () => {
    const all = monthly('2025-09-05', 9, -1_299);
    expect(found([{ of: all.filter((_, index) => index !== 4) }])).toEqual(['monthly fixed 8 #']);
    const twice = [...all.slice(0, 5), ['2026-01-06', -1_299] as const, ...all.slice(5)];
    expect(found([{ of: twice }])).toEqual(['monthly fixed 9 #']);
  });

  it('is one of a bill that differs each month', () => {
    const of = monthly(
      '2025-07-12',
      10,
      -8_500,
      -5_200,
      -11_800,
      -7_400,
      -9_900,
      -6_100,
      -11_000,
      -8_000,
      -5_600,
      -10_100,
    );
    expect(found([{ of, category: 'utilities' }])).toEqual(['monthly variable 10 #']);
    expect(found([{ of, category: 'dining' }])).toEqual([]);
  });

  it('goes on at another price, and with another wage', () => {
    expect(found([{ of: monthly('2025-07-12', 10, -999, -999, -999, -999, -999, -1_299) }])).toEqual([
      'monthly fixed 10 #',
    ]);
    expect(
      found([{ of: monthly('2025-07-28', 10, 250_000, 250_000, 250_000, 250_000, 310_000), category: 'income' }]),
    ).toEqual(['monthly fixed 10 #']);
  });

  it('is told from another one of the same counterparty by its amounts, also on the same days', () => {
    const both = [...monthly('2025-09-03', 9, -299), ...monthly('2025-09-20', 9, -1_099)].sort(([a], [b]) =>
      a < b ? -1 : 1,
    );
    expect(found([{ of: both }])).toEqual(['monthly fixed 9 #8', 'monthly fixed 9 #10']);
    const sameDay = monthly('2025-09-05', 9, -2_500).flatMap(([date, minor]) => [
      [date, minor] as const,
      [date, -2_000] as const,
    ]);
    expect(found([{ of: sameDay }])).toEqual(['monthly fixed 9 #11', 'monthly fixed 9 #11.1']);
  });

  it('is found among other payments to the same shop by its price', () => {
    const orders = [
      ['2025-09-02', -4_512],
      ['2025-09-20', -1_830],
      ['2025-10-19', -7_700],
      ['2025-11-28', -2_210],
      ['2026-01-03', -9_120],
      ['2026-02-22', -3_340],
    ] as const;
    const of = [...monthly('2025-09-11', 9, -899), ...orders].sort(([a], [b]) => (a < b ? -1 : 1));
    expect(found([{ of, category: 'shopping' }])).toEqual(['monthly fixed 9 #']);
  });

  it('goes on among other payments when its price changes, for long or since two payments', () => {
    const orders = [
      ['2025-06-22', -4_512],
      ['2025-07-20', -1_830],
      ['2025-10-19', -7_700],
      ['2025-11-28', -2_210],
      ['2026-01-03', -9_120],
    ] as const;
    const of = (count: number) =>
      [...monthly('2025-06-11', count, -899, -899, -899, -899, -899, -899, -1_099), ...orders].sort(([a], [b]) =>
        a < b ? -1 : 1,
      );
    expect(found([{ of: of(11), category: 'shopping' }])).toEqual(['monthly fixed 11 #']);
    expect(found([{ of: of(8), category: 'shopping' }])).toEqual(['monthly fixed 8 #']);
    expect(found([{ of: of(7), category: 'shopping' }])).toEqual(['monthly fixed 6 #']);
  });

  it('keeps its name while another one begins beside it, cheaper or dearer, and goes on', () => {
    const byDay = (a: readonly [string, number], b: readonly [string, number]) => (a[0] < b[0] ? -1 : 1);
    const of = (old: number, young: number, price: number) =>
      [...monthly('2025-01-20', old, -999), ...monthly('2025-09-06', young, price)].sort(byDay);
    expect(found([{ of: of(13, 0, 0) }], '2026-02-01')).toEqual(['monthly fixed 13 #']);
    // Of the young one nothing was said yet: it has a name of its own from the beginning.
    expect(found([{ of: of(13, 5, -299) }], '2026-02-01')).toEqual(['monthly fixed 5 #8', 'monthly fixed 13 #']);
    expect(found([{ of: of(13, 5, -2_999) }], '2026-02-01')).toEqual(['monthly fixed 13 #', 'monthly fixed 5 #12']);
    // The old one's price changes, the young one ends: neither takes the other's name.
    const later = [...of(13, 9, -299), ...monthly('2026-02-20', 5, -1_099)].sort(byDay);
    expect(found([{ of: later }], '2026-07-01')).toEqual(['monthly fixed 9 #8', 'monthly fixed 18 #']);
  });

  it('is two of one price, each on its day of the month', () => {
    const twice = monthly('2026-01-12', 6, -7_499).flatMap(([date, minor]) => [
      [date, minor] as const,
      [`${date.slice(0, 8)}24`, minor] as const,
    ]);
    expect(found([{ of: twice, category: 'utilities' }])).toEqual(['monthly fixed 6 #13', 'monthly fixed 6 #13.1']);
    const halves = twice.map(([date, minor]) => [date.replace(/24$/, '27'), minor] as const);
    expect(found([{ of: halves, category: 'utilities' }])).toEqual(['semimonthly fixed 12 #']);
  });

  it('is one that comes each 14 days where it was left out once, and no two of four weeks each', () => {
    const gym = every(14, '2026-01-06', 17, -2_699).filter(([on]) => on !== '2026-07-21');
    const late = gym.map(([on, minor]) => [on === '2026-07-07' ? '2026-07-08' : on, minor] as const);
    for (const count of [13, 14, 15, 16])
      expect(found([{ of: late.slice(0, count), category: 'health' }], '2026-09-30')).toEqual([
        `fortnightly fixed ${count} #`,
      ]);
  });

  it('is none of two contracts that take turns in the middle and at the end of months', () => {
    const turns = monthly('2026-01-14', 6, -700).flatMap(([date, minor]) => [
      [date, minor] as const,
      [`${date.slice(0, 8)}28`, -2_080] as const,
    ]);
    expect(found([{ of: turns }])).toEqual(['monthly fixed 6 #9', 'monthly fixed 6 #11']);
  });

  it('goes on at another price behind a month that was left out', () => {
    const of = [...monthly('2025-09-08', 6, -4_199), ['2026-04-08', -4_599]] as const;
    expect(found([{ of, category: 'utilities' }], '2026-04-10')).toEqual(['monthly fixed 7 #']);
  });

  it('is yearly, though it costs more each year, where nothing else is paid there', () => {
    const of = [
      ['2023-03-15', -8_199],
      ['2024-03-16', -10_299],
      ['2025-03-15', -12_699],
    ] as const;
    expect(found([{ of, category: 'services' }], '2025-04-01')).toEqual(['yearly variable 3 #']);
    expect(found([{ of, category: 'shopping' }], '2025-04-01')).toEqual([]);
    expect(found([{ of: [...of.slice(0, 2), ['2025-05-15', -12_699]], category: 'services' }], '2025-06-01')).toEqual(
      [],
    );
  });

  it('goes on when the card changes, and is two where two accounts pay', () => {
    const all = monthly('2025-09-05', 8, -1_299);
    expect(
      found([
        { of: all.slice(0, 4), accountId: 'a1' },
        { of: all.slice(4), accountId: 'a2' },
      ]),
    ).toEqual(['monthly fixed 8 #']);
    const other = monthly('2025-09-11', 8, -1_299);
    expect(
      found([
        { of: all, accountId: 'a1' },
        { of: other, accountId: 'a2' },
      ]),
    ).toEqual(['monthly fixed 8 #10', 'monthly fixed 8 #10.1']);
  });

  it.each([
    ['a weekly café', every(7, '2026-01-02', 20, ...unlike(20, -450, 313)), 'dining'],
    ['the same coffee each week', every(7, '2026-01-02', 20, -450), 'dining'],
    ['shopping on Saturdays', every(7, '2026-01-03', 20, ...unlike(20, -6_210, 5_003)), 'groceries'],
    ['cash of one amount', monthly('2025-07-01', 10, -10_000), 'cash'],
    ['fuel about once a month', monthly('2025-07-03', 10, ...unlike(10, -5_210, 2_003)), 'transport'],
    ['a ticket for the bus each week', every(7, '2026-01-02', 20, -290), 'transport'],
    [
      'round sums to a friend now and then',
      [
        ['2025-07-03', -5_000],
        ['2025-07-19', -2_000],
        ['2025-09-30', -5_000],
        ['2025-10-11', -1_000],
        ['2025-12-24', -5_000],
        ['2026-02-02', -5_000],
      ],
      'transfer',
    ],
    ['money back from a shop', monthly('2025-07-03', 6, 2_999), 'shopping'],
    [
      'two visits a year apart',
      [
        ['2024-03-01', -700],
        ['2025-03-03', -700],
      ],
      'dining',
    ],
  ] as const)('is none: %s', (_, of, category: Category) => {
    expect(found([{ of, category }])).toEqual([]);
  });

  it('says when the next one comes', () => {
    const nextOf = (of: Ledgers[number]['of'], category: Category = 'entertainment') =>
      seriesOf(sampleView('2026-06-30', [{ of, category }])).map(({ next }) =>
        [next.day, next.from, next.to].map((day) => new Date(day * 86_400_000).toISOString().slice(5, 10)),
      );
    expect(nextOf(monthly('2026-01-15', 5, -999))).toEqual([['06-15', '06-10', '06-20']]);
    expect(
      nextOf(
        monthly('2026-01-28', 2, -999).concat([
          ['2026-03-31', -999],
          ['2026-04-30', -999],
        ]),
      ),
    ).toHaveLength(1);
    // Every 28 days is not every month.
    expect(nextOf(every(28, '2026-01-02', 6, -999))).toEqual([['06-19', '06-14', '06-26']]);
    expect(nextOf(every(7, '2026-01-05', 10, -999))).toEqual([['03-16', '03-13', '03-19']]);
  });
});

describe('the series of made-up households', () => {
  it('are what was planted, and little else', () => {
    let right = 0;
    let wrong = 0;
    let missing = 0;
    for (let seed = 9_001; seed <= 9_020; seed++) {
      const { transactions, planted, lastDay } = sampleLedger(seed);
      const account = {
        accountId: 'a1',
        currency: 'EUR',
        type: 'CACC',
        nature: 'asset',
        name: null,
        balances: [],
        identityBasis: 'iban',
        providerAccountId: 'p',
        mask: null,
      } as const;
      const facts = {
        connectionId: 'c1',
        institutionId: 'i1',
        consentEndsDay: null,
        syncedDay: lastDay,
        isHistoryComplete: true,
        accounts: [account],
      };
      const cadences = seriesOf(viewOf([{ facts, state: stateOf(transactions) }], lastDay)).map(
        ({ rule, direction, label }) => [rule.cadence, direction, label] as const,
      );
      // Paid twice, a year apart: it comes back, but the plan does not count on two.
      const told = cadences.filter(([cadence, , label]) => !(cadence === 'yearly' && label === 'Namecheap'));
      const expected = planted
        .filter(({ name }) => name !== 'domain')
        .map(({ cadence, direction }) => `${cadence} ${direction}`);
      for (const [cadence, direction] of told) {
        const at = expected.indexOf(`${cadence} ${direction}`);
        if (at === -1) wrong += 1;
        else {
          expected.splice(at, 1);
          right += 1;
        }
      }
      missing += expected.length;
    }
    expect(right / (right + wrong)).toBeGreaterThanOrEqual(0.95);
    expect(right / (right + missing)).toBeGreaterThanOrEqual(0.95);
  });
});
