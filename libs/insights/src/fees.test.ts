import { describe, expect, it } from 'vitest';
import { fees } from './fees.ts';
import { type AccountRow, buildView, type MovementRow } from './testing/build-view.ts';
import { thresholdMinor } from './thresholds.ts';

function told(movements: readonly MovementRow[], accounts: readonly AccountRow[] = []) {
  return fees(buildView({ today: '2026-06-30', movements, accounts })).map(({ of, totalMinor, times, currency }) => [
    of,
    totalMinor,
    times,
    currency,
  ]);
}

describe('fees', () => {
  it('adds up 90 days by what they were for', () => {
    const rows: MovementRow[] = [
      { on: '2026-04-02', minor: -5_00, who: 'Monthly fee', category: 'fees' },
      { on: '2026-06-01', minor: -5_00, who: 'Monthly fee', category: 'fees' },
      { on: '2026-04-01', minor: -99_00, who: 'Monthly fee', category: 'fees' },
      { on: '2026-06-02', minor: -3_50, who: null, key: 'x', category: 'interest' },
      { on: '2026-06-03', minor: -2_25, who: null, key: 'y', category: 'fees', foreign: true },
    ];
    expect(told(rows)).toEqual([
      ['fees', 10_00, 2, 'EUR'],
      ['interest', 3_50, 1, 'EUR'],
      ['foreign', 2_25, 1, 'EUR'],
    ]);
  });

  it('counts what was given back', () => {
    const fee: MovementRow = { on: '2026-06-01', minor: -30_00, who: 'Overdraft fee', category: 'fees' };
    const back: MovementRow = { on: '2026-06-05', minor: 30_00, who: 'Overdraft fee', category: 'fees' };
    expect(told([fee, back])).toEqual([]);
    expect(told([fee, { ...back, minor: 10_00 }])).toEqual([['fees', 20_00, 1, 'EUR']]);
  });

  it.each([
    ['FOREIGN TRANSACTION FEE', 'foreign'],
    ['Auslandseinsatzentgelt', 'foreign'],
    ['Kontoführungsgebühr', 'fees'],
    ['Comisión mantenimiento', 'fees'],
    ['Purchase interest charge', 'interest'],
    ['Coffee House', undefined],
    ['Parking fee', undefined],
    ['School fees', undefined],
    ['Pinterest Ads', undefined],
    ['Overdraft interest', 'interest'],
    ['Overdraftinterest charged', 'interest'],
    ['Interest charged', 'interest'],
    ['Sollzinsen', 'interest'],
    ['Interessi passivi', 'interest'],
    ['Gebühr', 'fees'],
    ['Gebühren', 'fees'],
    ['Depotgebühren', 'fees'],
    ['Entgelt', 'fees'],
    ['Buchungsentgelt', 'fees'],
    ['Fee', 'fees'],
    ['Service charge', 'fees'],
    ['Comisiones', 'fees'],
    ['Commissione', undefined],
    ['Commission', 'fees'],
    ['Commissioni', 'fees'],
    ['Årsavgift', 'fees'],
    ['Fee change devise', 'foreign'],
    ['Frais change devises', 'foreign'],
    ['Comisión divisa', 'foreign'],
    ['Comisión divisas', 'foreign'],
    ['Fremdwährungsgebühr', 'foreign'],
    ['FX', undefined],
    ['Licence fee', undefined],
    ['License fee', undefined],
    ['Club fee', undefined],
  ])('reads the name %s as %s where there is no category', (who, of) => {
    expect(told([{ on: '2026-06-01', minor: -4_00, who }])).toEqual(of === undefined ? [] : [[of, 4_00, 1, 'EUR']]);
  });

  it('is sure of the bank’s word for it, and less so of a name', () => {
    const charged = (row: Partial<MovementRow>) =>
      fees(
        buildView({
          today: '2026-06-30',
          movements: [{ on: '2026-06-01', minor: -4_00, who: 'Monthly fee', ...row }],
        }),
      );
    expect(charged({ category: 'fees' })).toMatchObject([{ confidencePercent: 97 }]);
    expect(charged({ category: 'interest' })).toMatchObject([{ confidencePercent: 97, of: 'interest' }]);
    expect(charged({ category: 'other' })).toMatchObject([{ confidencePercent: 85 }]);
  });

  it('is dated by the newest charge, and shows charges alone', () => {
    const rows: MovementRow[] = [
      { on: '2026-05-01', minor: -9_00, who: 'Fee', category: 'fees' },
      { on: '2026-06-01', minor: -5_00, who: 'Fee', category: 'fees' },
      { on: '2026-06-20', minor: 2_00, who: 'Fee', category: 'fees' },
      { on: '2026-06-21', minor: 0, who: 'Fee', category: 'fees' },
    ];
    const [insight, ...none] = fees(buildView({ today: '2026-06-30', movements: rows }));
    expect(none).toEqual([]);
    expect(insight).toMatchObject({
      kind: 'fees',
      date: '2026-06-01',
      fromDate: '2026-04-02',
      totalMinor: 12_00,
      times: 2,
      counterparty: null,
    });
    expect(insight?.evidence.map(({ minor }) => minor)).toEqual([-5_00, -9_00]);
  });

  it('needs a dollar’s worth', () => {
    const fee = (minor: number): MovementRow => ({ on: '2026-06-01', minor, who: 'Fee', category: 'fees' });
    const found = Array.from({ length: 150 }, (_, cents) => told([fee(-cents)]).length);
    expect(found.indexOf(1)).toBe(thresholdMinor('fees', 'EUR'));
    expect(told([{ ...fee(5_00) }])).toEqual([]); // given back alone
  });

  it('reckons money back by the name against what it was for, and nothing else that comes in', () => {
    const rows: MovementRow[] = [
      { on: '2026-06-01', minor: -8_00, who: 'Foreign fee', category: 'fees' },
      { on: '2026-06-02', minor: 3_00, who: 'Foreign fee', category: 'fees' },
      { on: '2026-06-03', minor: 2_00, who: 'Foreign fee' },
      { on: '2026-06-04', minor: 1_00, who: 'Interest', category: 'interest' },
      { on: '2026-06-05', minor: -4_00, who: 'Other fee' },
    ];
    expect(told(rows)).toEqual([
      ['foreign', 5_00, 1, 'EUR'],
      ['fees', 4_00, 1, 'EUR'],
    ]);
  });

  it('asks the category before the name', () => {
    expect(told([{ on: '2026-06-01', minor: -4_00, who: 'Fees and Co', category: 'dining' }])).toEqual([]);
    expect(told([{ on: '2026-06-01', minor: 4_00, who: 'Interest paid', category: 'interest' }])).toEqual([]);
  });

  it('does not call a foreign purchase a cost, nor a loan’s interest', () => {
    expect(told([{ on: '2026-06-01', minor: -80_00, who: 'Shop', category: 'shopping', foreign: true }])).toEqual([]);
    const loan: AccountRow = { id: 'loan', type: 'LOAN' };
    expect(
      told([{ on: '2026-06-01', minor: -80_00, who: null, account: 'loan', category: 'interest' }], [loan]),
    ).toEqual([]);
  });

  it('is told once a quarter in which there are fees, and not again as time passes', () => {
    const june: MovementRow = { on: '2026-06-20', minor: -5_00, who: 'Fee', category: 'fees' };
    const july: MovementRow = { ...june, on: '2026-07-02' };
    const of = (today: string, movements: MovementRow[]) => fees(buildView({ today, movements }))[0]?.fingerprint;
    expect(of('2026-06-30', [{ ...june, on: '2026-06-21' }])).toBe(of('2026-06-20', [june]));
    expect(of('2026-07-01', [june])).toBe(of('2026-06-20', [june]));
    expect(of('2026-07-02', [june, july])).not.toBe(of('2026-06-20', [june]));
  });
});
