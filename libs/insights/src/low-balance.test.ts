import { describe, expect, it } from 'vitest';
import { dateOf } from './day.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type Outlook, outlooks } from './forecast.ts';
import type { RecurringInsight } from './insight.ts';
import { lowBalance } from './low-balance.ts';
import { buildSeries } from './testing/build-series.ts';
import { type AccountRow, buildView, day, every, type MovementRow, monthly } from './testing/build-view.ts';
import { thresholdMinor } from './thresholds.ts';

const wage = monthly('2026-01-28', 6, { minor: 2000_00, who: 'Employer', category: 'income' });
const rent = monthly('2026-01-03', 6, { minor: -900_00, who: 'Landlord', category: 'housing' });
const food = every(1, '2026-03-01', 121, { minor: -10_00, who: 'Market', category: 'groceries' });
const recurring = [
  buildSeries(wage, { nextDate: '2026-07-28', fingerprint: 'wages' }),
  buildSeries(rent, { nextDate: '2026-07-03', fingerprint: 'rents' }),
];

function low(account: Partial<AccountRow>, movements: readonly MovementRow[] = [...wage, ...rent, ...food]) {
  const view = buildView({ today: '2026-06-30', accounts: [{ id: 'current', ...account }], movements });
  return lowBalance(outlooks({ view, household: view, recurring }), view, recurring);
}

describe('lowBalance', () => {
  it('tells when the money will not last until the next income', () => {
    expect(low({ balance: 980_00 })).toMatchObject([
      {
        accountId: 'current',
        // 980.00 less the rent lasts eight days at 10.00; it is looked ahead for ten.
        date: '2026-07-09',
        likelyMinor: -20_00,
        shortMinor: 20_00,
        confidencePercent: 97,
        evidence: [{ date: '2026-06-03', minor: -900_00 }],
      },
    ]);
  });

  it('is silent where it lasts for ten days, however low', () => {
    expect(low({ balance: 1000_00 })).toEqual([]);
  });

  it('does not look past the next income', () => {
    const bills = [
      ...recurring.slice(0, 1),
      buildSeries(rent, { nextDate: '2026-08-03', typicalMinor: 9000_00, fingerprint: 'later' }),
    ];
    const view = buildView({
      today: '2026-06-30',
      accounts: [{ id: 'current', balance: 1000_00 }],
      movements: [...wage, ...food],
    });
    expect(lowBalance(outlooks({ view, household: view, recurring: bills }), view, bills)).toEqual([]);
  });

  it('is silent where it is merely possible', () => {
    const uneven = every(7, '2026-01-02', 26, { minor: -1, who: 'Shops', category: 'shopping' }).map((row, index) => ({
      ...row,
      minor: index % 2 === 0 ? -10_00 : -190_00,
    }));
    // About 100.00 a week, give or take 90.00: ten days are 143.00, give or take 108.00.
    expect(low({ balance: 1080_00 }, [...wage, ...rent, ...uneven])).toEqual([]);
    expect(low({ balance: 960_00 }, [...wage, ...rent, ...uneven])).toHaveLength(1);
  });

  describe('by a bill and an income that may each come some days early or late', () => {
    const told = (rentOn: string, wageOn: string, rentRows = rent) => {
      const wide = (on: number) => `2026-07-${String(on).padStart(2, '0')}`;
      const series = (rows: readonly MovementRow[], on: string, fingerprint: string) => {
        const of = Number(on.slice(8));
        return buildSeries(rows, { nextDate: on, nextFromDate: wide(of - 5), nextToDate: wide(of + 5), fingerprint });
      };
      const known = [series(wage, wageOn, 'wages'), series(rentRows, rentOn, 'rents')];
      const accounts: AccountRow[] = [{ id: 'current', balance: 850_00 }];
      const view = buildView({ today: '2026-06-30', accounts, movements: [...wage, ...rentRows] });
      return lowBalance(outlooks({ view, household: view, recurring: known }), view, known);
    };

    it('is told where the bill comes first, though the bands overlap', () => {
      expect(told('2026-07-08', '2026-07-14')).toMatchObject([{ likelyMinor: -50_00, confidencePercent: 97 }]);
    });

    it('is less sure on the day before the income, and silent where the income comes first', () => {
      expect(told('2026-07-09', '2026-07-10')).toMatchObject([{ confidencePercent: 69 }]);
      expect(told('2026-07-10', '2026-07-10')).toEqual([]);
    });

    it('is less sure where the bill keeps no day, and not where days lie between', () => {
      const rentDays = ['2026-01-28', '2026-03-02', '2026-03-29', '2026-05-02', '2026-05-30'];
      const drifting = rentDays.map(
        (on): MovementRow => ({ on, minor: -900_00, who: 'Landlord', category: 'housing' }),
      );
      expect(told('2026-07-09', '2026-07-11')).toMatchObject([{ confidencePercent: 93 }]);
      expect(told('2026-07-09', '2026-07-11', drifting)).toMatchObject([{ confidencePercent: 75 }]);
      expect(told('2026-07-09', '2026-07-13', drifting)).toMatchObject([{ confidencePercent: 95 }]);
    });
  });

  it('says nothing by an old balance, or without one', () => {
    expect(low({ balance: 950_00, balanceOn: '2026-06-20' })).toEqual([]);
    expect(low({})).toEqual([]);
  });

  it('says nothing where money comes that is not known to come again', () => {
    const without = (movements: readonly MovementRow[]) => {
      const view = buildView({ today: '2026-06-30', accounts: [{ id: 'current', balance: 50_00 }], movements });
      return lowBalance(outlooks({ view, household: view, recurring: [] }), view, []);
    };
    expect(without(food)).toHaveLength(1);
    expect(without([...food, ...wage.slice(-2)])).toEqual([]);
  });

  it('is one fact while the days go by', () => {
    expect(low({ balance: 950_00 })).toHaveLength(1);
    expect(low({ balance: 950_00 })[0]?.fingerprint).toBe(low({ balance: 970_00 })[0]?.fingerprint);
  });

  describe('by an outlook', () => {
    const today = day('2026-06-30');
    const at = (days: number) => dateOf(today + days);
    const account = (balanceOn = '2026-06-30', id = 'current') =>
      buildView({ today: '2026-06-30', accounts: [{ id, balance: 1, balanceOn }] }).accounts;

    interface Given {
      /** Likely balances, from tomorrow on. */
      readonly likely: readonly number[];
      readonly deviation?: number;
      readonly due?: readonly (readonly [days: number, minor: number, fingerprint: string])[];
      readonly nextIncome?: number | null;
      readonly irregularShare?: number;
      readonly reliableDays?: number;
      readonly accountId?: string;
    }
    const outlook = ({ likely, deviation = 1, due = [], accountId = 'current', ...given }: Given): Outlook => {
      const { nextIncome = null, irregularShare = 0, reliableDays = 45 } = given;
      return {
        forecast: {
          connectionId: 'c1',
          accountId,
          currency: 'EUR',
          startMinor: 500_00,
          days: likely.map((likelyMinor, index) => ({
            date: at(index + 1),
            lowMinor: likelyMinor - 7_00,
            likelyMinor,
            highMinor: likelyMinor + 3_00,
          })),
          due: due.map(([days, minor, fingerprint]) => ({ date: at(days), minor, fingerprint, counterparty: null })),
          nextIncomeDate: nextIncome === null ? null : at(nextIncome),
          reliableDays,
        },
        deviations: likely.map(() => deviation),
        irregularShare,
      };
    };
    const told = (given: Given, series: readonly RecurringInsight[] = [], accounts = account()) =>
      lowBalance([outlook(given)], { today, accounts }, series);
    const up = (days: number) => Array.from({ length: days }, () => 100_00);

    it('needs a balance of the last seven days, of that account', () => {
      expect(told({ likely: [-50_00] }, [], account('2026-06-23'))).toHaveLength(1);
      expect(told({ likely: [-50_00] }, [], account('2026-06-22'))).toEqual([]);
      const both = [...account('2026-06-22'), ...account('2026-06-30', 'other')];
      expect(told({ likely: [-50_00] }, [], both)).toEqual([]);
      expect(told({ likely: [-50_00], accountId: 'other' }, [], both)).toHaveLength(1);
    });

    it('looks ten days ahead, or as many as can be relied on, and to the day before the income', () => {
      expect(told({ likely: [...up(9), -50_00] })).toHaveLength(1);
      expect(told({ likely: [...up(10), -50_00] })).toEqual([]);
      expect(told({ likely: [...up(4), -50_00], reliableDays: 5 })).toHaveLength(1);
      expect(told({ likely: [...up(5), -50_00], reliableDays: 5 })).toEqual([]);
      expect(told({ likely: [...up(4), -50_00], nextIncome: 6 })).toHaveLength(1);
      expect(told({ likely: [...up(4), -50_00], nextIncome: 5 })).toEqual([]);
    });

    it('is short by a dollar’s worth', () => {
      const short = thresholdMinor('short', 'EUR');
      expect(told({ likely: [-short] })).toHaveLength(1);
      expect(told({ likely: [1 - short] })).toEqual([]);
    });

    it('is silent where half of what goes out comes in by itself, and no income is known', () => {
      const likely = [-50_00];
      expect(told({ likely, irregularShare: 0.5 })).toHaveLength(1);
      expect(told({ likely, irregularShare: 0.51 })).toEqual([]);
      expect(told({ likely, irregularShare: 0.9, nextIncome: 9 })).toHaveLength(1);
    });

    it('tells the first day below, the lowest day’s band, and the most that may be missing', () => {
      expect(told({ likely: [100_00, -5_00, -60_00, -60_00, 20_00] })).toMatchObject([
        {
          date: at(2),
          lowMinor: -67_00,
          likelyMinor: -60_00,
          highMinor: -57_00,
          shortMinor: 67_00,
          kind: 'low-balance',
        },
      ]);
    });

    it('is as sure as its surest day, and never wholly', () => {
      expect(told({ likely: [-50_00], deviation: 100_00 })).toMatchObject([{ confidencePercent: 69 }]);
      expect(told({ likely: [-50_00, -100_00], deviation: 100_00 })).toMatchObject([{ confidencePercent: 84 }]);
      expect(told({ likely: [-50_00], deviation: 0 })).toMatchObject([{ confidencePercent: 97 }]);
      expect(told({ likely: [-2_00], deviation: 10_000_00 })).toMatchObject([{ confidencePercent: 50 }]);
    });

    it('is silent where it is less sure than a quarter tomorrow, and three percent more for each day behind it', () => {
      // Halved by an income that may come as many days sooner: the day before it.
      const sure = (index: number, deviation: number) =>
        told({ likely: [...plenty(index), -50_00], deviation, nextIncome: index + 2 })[0]?.confidencePercent;
      const plenty = (days: number) => Array.from({ length: days }, () => 1_000_000_00);
      expect([0, 1, 8, 9].map((index) => sure(index, 500_00))).toEqual([37, 37, undefined, undefined]);
      expect([4, 5].map((index) => sure(index, 500_00))).toEqual([37, undefined]);
      expect([7, 8].map((index) => sure(index, 100_00))).toEqual([48, undefined]);
    });

    it('names what was paid last of all that falls due until the lowest day', () => {
      const series = (fingerprint: string, minor: number) =>
        buildSeries(monthly('2026-05-10', 2, { minor, who: fingerprint }), { fingerprint });
      const known = [series('rent', -900_00), series('gym', -30_00), series('later', -40_00), series('wage', 2000_00)];
      const due = [
        [2, -900_00, 'rent'],
        [3, -30_00, 'gym'],
        [4, -40_00, 'later'],
        [3, 2000_00, 'wage'],
      ] as const;
      const [found] = told({ likely: [100_00, -5_00, -60_00, 10_00], due, nextIncome: 9 }, known);
      expect(found?.evidence.map(({ date, minor }) => `${date} ${minor}`).sort()).toEqual([
        '2026-06-10 -3000',
        '2026-06-10 -90000',
      ]);
    });

    it('is of the pay period that the income before began, and of the month where none is known', () => {
      const paid = (on: string, fingerprint: string, minor: number) => buildSeries([{ on, minor }], { fingerprint });
      const wages = paid('2026-06-12', 'wages', 2000_00);
      const others = [paid('2026-06-20', 'rent', -900_00), paid('2026-06-25', 'gift', 50_00)];
      const due = [
        [8, 2000_00, 'wages'],
        [8, -900_00, 'rent'],
        [7, 50_00, 'gift'],
      ] as const;
      const print = (given: Partial<Given>, series: readonly RecurringInsight[]) =>
        told({ likely: [-50_00], due, nextIncome: 8, ...given }, series)[0]?.fingerprint;
      const of = (period: string) => fingerprintOf('low-balance', ['c1', 'current'], period);
      expect(print({}, [wages, ...others])).toBe(of('2026-06-12'));
      expect(print({ nextIncome: null }, [wages, ...others])).toBe(of('2026-07'));
      expect(print({}, others)).toBe(of('2026-07'));
    });

    it('doubts the order of the next income and the largest bill before it, by how they kept their days', () => {
      const on = (fingerprint: string, ...dates: readonly string[]) =>
        buildSeries(
          dates.map((date): MovementRow => ({ on: date, minor: -1 })),
          { fingerprint },
        );
      const [steady, drifting] = [
        ['2026-03-05', '2026-04-05', '2026-05-05', '2026-06-05'],
        ['2026-03-05', '2026-04-09', '2026-05-05', '2026-06-09'],
      ] as const;
      const sure = (named: Readonly<Record<string, readonly string[]>>, due: Given['due'] = usual) =>
        told(
          { likely: [-500_00], due, nextIncome: 3 },
          Object.entries(named).map(([fingerprint, dates]) => on(fingerprint, ...dates)),
        )[0]?.confidencePercent;
      const usual = [
        [1, -900_00, 'rent'],
        [2, -100_00, 'gym'],
        [3, 2000_00, 'wages'],
        [2, 20_00, 'gift'],
        [5, -950_00, 'later'],
      ] as const;
      const known = { rent: steady, gym: steady, wages: steady, gift: steady, later: steady };
      expect(sure(known)).toBe(93);
      expect(sure({ ...known, rent: drifting })).toBe(70);
      expect(sure({ ...known, wages: drifting })).toBe(70);
      for (const other of ['gym', 'gift', 'later']) expect(sure({ ...known, [other]: drifting })).toBe(93);
      // A bill on the day of the income comes before it or after it.
      expect(sure({ ...known, rent: drifting }, [[3, -900_00, 'rent'], ...usual.slice(1)])).toBe(70);
      // What was left out once, and what was seen once, is no day that was missed.
      expect(sure({ ...known, rent: ['2026-03-05', '2026-04-05', '2026-06-05'] })).toBe(93);
      expect(sure({ ...known, rent: ['2026-06-05'] })).toBe(93);
    });
  });

  it('is one fact from income to income, also over the end of a month', () => {
    const at = (today: string, balance: number, paid: readonly MovementRow[], nextDate: string) => {
      const known = [buildSeries(paid, { nextDate, fingerprint: 'wages' }), ...recurring.slice(1)];
      const view = buildView({ today, accounts: [{ id: 'current', balance }], movements: [...paid, ...rent, ...food] });
      return lowBalance(outlooks({ view, household: view, recurring: known }), view, known)[0];
    };
    const june = at('2026-06-29', 5_00, wage, '2026-07-28');
    const july = at('2026-06-29', 50_00, wage, '2026-07-28');
    expect([june, july].map((told) => told?.date)).toEqual(['2026-06-30', '2026-07-03']);
    expect(july?.fingerprint).toBe(june?.fingerprint);
    const paid = [...wage, ...monthly('2026-07-28', 1, { minor: 2000_00, who: 'Employer', category: 'income' })];
    const next = at('2026-07-29', 5_00, paid, '2026-08-28');
    expect(next?.date).toBe('2026-07-30');
    expect(next?.fingerprint).not.toBe(july?.fingerprint);
  });
});
