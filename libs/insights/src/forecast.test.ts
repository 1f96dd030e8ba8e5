import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forecast } from './forecast.ts';
import type { RecurringInsight } from './insight.ts';
import { withoutOwnTransfers } from './own-transfers.ts';
import { buildSeries } from './testing/build-series.ts';
import { type AccountRow, buildView, every, type MovementRow, monthly } from './testing/build-view.ts';

const wage = monthly('2026-01-28', 6, { minor: 2000_00, who: 'Employer', category: 'income' });
const rent = monthly('2026-01-03', 6, { minor: -900_00, who: 'Landlord', category: 'housing' });
const food = every(1, '2026-03-01', 121, { minor: -10_00, who: 'Market', category: 'groceries' });
const wages = buildSeries(wage, { nextDate: '2026-07-28', fingerprint: 'wages' });
const rents = buildSeries(rent, { nextDate: '2026-07-03', fingerprint: 'rents' });

function ask(
  movements: readonly MovementRow[],
  recurring: readonly RecurringInsight[],
  account: Partial<AccountRow> = {},
  without: ReadonlySet<string> = new Set(),
) {
  const accounts = [{ id: 'current', balance: 1000_00, ...account }];
  const view = buildView({ today: '2026-06-30', accounts, movements });
  const [found] = forecast({ view, household: withoutOwnTransfers(view), recurring, without });
  if (found === undefined) throw new RangeError('no forecast');
  return found;
}

function likely({ days }: ReturnType<typeof ask>, date: string): number | undefined {
  return days.find((one) => one.date === date)?.likelyMinor;
}

describe('forecast', () => {
  it('adds what is known to come to what is spent besides, for 45 days', () => {
    const found = ask([...wage, ...rent, ...food], [wages, rents]);
    expect(found.days).toHaveLength(45);
    expect([likely(found, '2026-07-01'), likely(found, '2026-07-03'), likely(found, '2026-07-28')]).toEqual([
      990_00,
      1000_00 - 30_00 - 900_00,
      1000_00 - 280_00 - 900_00 + 2000_00,
    ]);
    expect(found).toMatchObject({
      startMinor: 1000_00,
      nextIncomeDate: '2026-07-28',
      reliableDays: 45,
      currency: 'EUR',
    });
    expect(found.due.map(({ date, minor }) => [date, minor])).toEqual([
      ['2026-07-03', -900_00],
      ['2026-07-28', 2000_00],
      ['2026-08-03', -900_00],
    ]);
  });

  it('does not wait for a payment that is there, though its series does not know it yet', () => {
    const card = monthly('2026-01-30', 5, { minor: -300_00, who: 'Card', category: 'transfer' });
    const series = buildSeries(card, { nextDate: '2026-07-01', fingerprint: 'card' });
    const newest: MovementRow = { on: '2026-06-29', minor: -320_00, who: 'Card', category: 'transfer' };
    const dates = (movements: readonly MovementRow[]) => ask(movements, [series]).due.map(({ date }) => date);
    expect(dates(card)).toEqual(['2026-07-01', '2026-08-01']);
    expect(dates([...card, newest])).toEqual(['2026-08-01']);
    // A wage that came before Christmas does not come again after it.
    const early: MovementRow = { on: '2026-06-17', minor: 2100_00, who: 'Employer', category: 'income' };
    const waiting = buildSeries(wage.slice(0, 5), { nextDate: '2026-07-01', fingerprint: 'wages' });
    expect(ask(wage.slice(0, 5), [waiting]).due.map(({ date }) => date)).toEqual(['2026-07-01', '2026-08-01']);
    expect(ask([...wage.slice(0, 5), early], [waiting]).due.map(({ date }) => date)).toEqual(['2026-08-01']);
    expect(dates([...card, { ...newest, minor: -900_00 }])).toEqual(['2026-07-01', '2026-08-01']);
    expect(dates([...card, { ...newest, who: 'Other' }])).toEqual(['2026-07-01', '2026-08-01']);
  });

  it('answers what if a contract ended: its past does not become spending', () => {
    const found = ask([...wage, ...rent, ...food], [wages, rents], {}, new Set(['rents']));
    expect(likely(found, '2026-08-14')).toBe(1000_00 - 450_00 + 2000_00);
  });

  it('takes days and amounts that may differ into the band', () => {
    const unsure = buildSeries(rent, {
      nextDate: '2026-07-10',
      nextFromDate: '2026-07-08',
      nextToDate: '2026-07-12',
      lowMinor: 800_00,
      highMinor: 1000_00,
    });
    const { days } = ask([...wage, ...rent, ...food], [wages, unsure]);
    const at = (date: string) => days.find((one) => one.date === date);
    expect(at('2026-07-07')).toEqual({ date: '2026-07-07', lowMinor: 930_00, likelyMinor: 930_00, highMinor: 930_00 });
    expect(at('2026-07-08')).toEqual({ date: '2026-07-08', lowMinor: -80_00, likelyMinor: 920_00, highMinor: 1020_00 });
    expect(at('2026-07-12')).toEqual({ date: '2026-07-12', lowMinor: -120_00, likelyMinor: -20_00, highMinor: 80_00 });
  });

  it('does not rely on an income that has seldom come yet', () => {
    const { days } = ask([...wage, ...food], [{ ...wages, status: 'early' }]);
    expect(days.at(-1)).toMatchObject({ lowMinor: 550_00, likelyMinor: 2550_00 });
  });

  it('starts at the balance with what was booked since, and counts no future booking', () => {
    const late: MovementRow[] = [
      { on: '2026-06-29', minor: -50_00, who: 'Shop', category: 'shopping' },
      { on: '2026-07-09', minor: -70_00, who: 'Shop', category: 'shopping' },
    ];
    expect(ask([...wage, ...late], [wages], { balanceOn: '2026-06-28' }).startMinor).toBe(950_00);
  });

  it('expects what is late as long as it is inside its band', () => {
    const late = buildSeries(rent, { nextDate: '2026-06-29', nextFromDate: '2026-06-27', nextToDate: '2026-07-02' });
    expect(ask([...wage, ...rent], [wages, late]).due[0]).toMatchObject({ date: '2026-07-01', minor: -900_00 });
    const gone = buildSeries(rent, { nextDate: '2026-06-25', nextFromDate: '2026-06-23', nextToDate: '2026-06-28' });
    expect(ask([...wage, ...rent], [wages, gone]).due[0]).toMatchObject({ date: '2026-07-25', minor: -900_00 });
  });

  it.each([
    ['weekly', ['2026-07-05', '2026-07-12', '2026-07-19', '2026-07-26', '2026-08-02', '2026-08-09']],
    ['fortnightly', ['2026-07-05', '2026-07-19', '2026-08-02']],
    ['semimonthly', ['2026-07-05', '2026-07-20', '2026-08-05']],
    ['monthly', ['2026-07-05', '2026-08-05']],
    ['quarterly', ['2026-07-05']],
    ['yearly', ['2026-07-05']],
  ] as const)('knows when a %s payment comes', (cadence, dates) => {
    const { due } = ask(rent, [buildSeries(rent, { cadence, nextDate: '2026-07-05' })]);
    expect(due.map(({ date }) => date)).toEqual(dates);
  });

  it('is sure of few days only where money comes that nobody can foresee', () => {
    expect(ask(food, []).reliableDays).toBe(14);
    const gigs = ['2026-05-07', '2026-05-29', '2026-06-11'].map(
      (on): MovementRow => ({ on, minor: 800_00, who: on, category: 'income' }),
    );
    expect(ask([...food, ...wage, ...gigs], [wages]).reliableDays).toBe(14);
    const refund: MovementRow = { on: '2026-06-11', minor: 800_00, who: 'Shop', category: 'shopping' };
    expect(ask([...food, ...wage, refund], [wages]).reliableDays).toBe(45);
  });

  it('does not let one sofa set the pace', () => {
    const sofa: MovementRow = { on: '2026-06-11', minor: -1500_00, who: 'Sofas', category: 'shopping' };
    expect(likely(ask([...wage, ...food, sofa], [wages]), '2026-07-10')).toBe(900_00);
  });

  it('forecasts current accounts with a balance alone', () => {
    const accounts: AccountRow[] = [
      { id: 'card', type: 'CARD', balance: -500_00 },
      { id: 'savings', type: 'SVGS', balance: 500_00 },
      { id: 'unknown' },
      { id: 'future', balance: 1_00, balanceOn: '2026-07-09' },
    ];
    const view = buildView({ today: '2026-06-30', accounts });
    expect(forecast({ view, household: view, recurring: [] })).toEqual([]);
  });

  it('stays a band of whole numbers, whatever it is given', () => {
    const minor = fc.oneof(fc.integer({ min: -300_000, max: 300_000 }), fc.maxSafeInteger()).filter((one) => one !== 0);
    const row = fc.record({
      on: fc.integer({ min: 1, max: 30 }).map((day) => `2026-06-${String(day).padStart(2, '0')}`),
      minor,
      who: fc.constantFrom('a', 'b', null),
      category: fc.constantFrom('other', 'income', 'groceries', 'transfer'),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), minor, (rows, balance) => {
        const series = buildSeries(rows.slice(0, 3), { lowMinor: 0, highMinor: Number.MAX_SAFE_INTEGER });
        for (const { lowMinor, likelyMinor, highMinor } of ask(rows, [series], { balance }).days) {
          expect([lowMinor, likelyMinor, highMinor].every(Number.isSafeInteger)).toBe(true);
          expect(lowMinor <= likelyMinor && likelyMinor <= highMinor).toBe(true);
        }
      }),
    );
  });
});
