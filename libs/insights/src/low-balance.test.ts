import { describe, expect, it } from 'vitest';
import { outlooks } from './forecast.ts';
import { lowBalance } from './low-balance.ts';
import { buildSeries } from './testing/build-series.ts';
import { type AccountRow, buildView, every, type MovementRow, monthly } from './testing/build-view.ts';

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
