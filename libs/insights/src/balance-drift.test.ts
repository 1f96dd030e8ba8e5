import { describe, expect, it } from 'vitest';
import { balanceDrift } from './balance-drift.ts';
import { type AccountRow, buildView, every, type MovementRow } from './testing/build-view.ts';

const history = every(7, '2026-03-02', 17, { minor: -40_00, who: 'Market', category: 'groceries' });
const account: AccountRow = {
  id: 'current',
  balance: 700_00,
  balanceOn: '2026-06-24',
  earlier: { minor: 1000_00, on: '2026-05-28' },
};

function told(movements: readonly MovementRow[], changes: Partial<AccountRow> = {}, cut: readonly string[] = []) {
  return balanceDrift(buildView({ today: '2026-06-24', accounts: [{ ...account, ...changes }], movements, cut }));
}

describe('balanceDrift', () => {
  // Between the readings: 1, 8, 15 and 22 June. What is dated 22 June may count or not.
  const dentist: MovementRow = { on: '2026-06-10', minor: -140_00, who: 'Dentist', category: 'health' };

  it('is silent where the movements explain the balance, also without one of a day near a reading', () => {
    expect(told([...history, dentist])).toEqual([]);
    expect(told([...history, dentist], { balance: 740_00 })).toEqual([]);
  });

  it('tells what is missing', () => {
    expect(told(history)).toMatchObject([
      { kind: 'balance-drift', accountId: 'current', expectedMinor: 840_00, actualMinor: 700_00, date: '2026-06-24' },
    ]);
  });

  it('compares the readings whose pending records are booked by now, where such are given, and not the newest one', () => {
    const settled = { minor: 700_00, on: '2026-06-17' };
    expect(told([...history, dentist], { balance: 500_00, settled: { minor: 740_00, on: '2026-06-17' } })).toEqual([]);
    expect(told(history, { balance: 840_00, settled })).toMatchObject([{ date: '2026-06-17', actualMinor: 700_00 }]);
  });

  it('has one fingerprint a month and account, and rests on the largest movements between', () => {
    const [one] = told(history);
    const [sameMonth] = told(history, { balanceOn: '2026-06-20' });
    const [other] = told(history, { balanceOn: '2026-07-02' });
    expect(one?.fingerprint).toBe(sameMonth?.fingerprint);
    expect(one?.fingerprint).not.toBe(other?.fingerprint);
    expect(one?.evidence.map(({ date }) => date).sort()).toEqual([
      '2026-06-01',
      '2026-06-08',
      '2026-06-15',
      '2026-06-22',
    ]);
    const [elsewhere] = balanceDrift(
      buildView({
        today: '2026-06-24',
        accounts: [{ ...account, id: 'second' }],
        movements: history.map((row) => ({ ...row, account: 'second' })),
      }),
    );
    expect(elsewhere).toMatchObject({ accountId: 'second', currency: 'EUR' });
    expect(elsewhere?.fingerprint).not.toBe(one?.fingerprint);
  });

  it('is told of a card and of savings too', () => {
    for (const type of ['CARD', 'SVGS'] as const) expect(told(history, { type })).toHaveLength(1);
    expect(told(history, { type: 'LOAN' })).toEqual([]);
  });

  it('is surer where few movements lie near the readings', () => {
    const confidence = (...more: readonly MovementRow[]) => told([...history, ...more])[0]?.confidencePercent;
    const near = (count: number): MovementRow[] =>
      Array.from({ length: count }, (_, at) => ({ on: '2026-06-23', minor: -(1_000_00 + 7 ** at), who: `Shop ${at}` }));
    expect(confidence()).toBe(90); // 25 May and 22 June are near
    expect(confidence(...near(6))).toBe(90);
    expect(confidence(...near(7))).toBe(80);
  });

  it.each([
    ['2026-05-25', true], // three days before the earlier reading: it may count only later
    ['2026-05-24', false],
    ['2026-05-31', true], // three days after it: it may have counted before
    ['2026-06-21', true],
    ['2026-06-20', false],
  ])('a movement of %s explains the difference alone: %j', (on, isExplained) => {
    // The account has 55.00 less than what is dated between the readings comes to, or more.
    const one: MovementRow = { on, minor: -55_00, who: 'Dentist', category: 'health' };
    const expected = on > '2026-05-28' ? 840_00 - 55_00 : 840_00;
    const actual = on > '2026-05-28' ? expected + 55_00 : expected - 55_00;
    expect(told([...history, one], { balance: actual })).toHaveLength(isExplained ? 0 : 1);
  });

  it('does not count what is too small to tell', () => {
    expect(told([...history, dentist], { balance: 697_00 })).toEqual([]);
    expect(told([...history, dentist], { balance: 690_00 })).toHaveLength(1);
  });

  it.each([
    ['an account whose value moves by itself', { type: 'OTHR' as const }],
    ['a single reading', { balance: null }],
    ['a reading older than the history', { earlier: { minor: 1000_00, on: '2026-02-01' } }],
  ])('says nothing of %s', (_, changes) => {
    expect(told(history, changes)).toEqual([]);
    const { earlier: _none, ...single } = account;
    expect(balanceDrift(buildView({ today: '2026-06-24', accounts: [single], movements: history }))).toEqual([]);
  });

  it('says nothing where older movements were dropped', () => {
    const late = history.filter(({ on }) => on > '2026-06-01');
    const other: MovementRow = { on: '2026-03-01', minor: -1_00, who: 'Bakery' };
    expect(told([...late, other], {}, ['current|market|out'])).toEqual([]);
    expect(told([...late, other])).toHaveLength(1);
  });

  describe('of a busy account', () => {
    // Two a day, of all amounts, so that some choice among them comes near to anything.
    const busy = Array.from({ length: 120 }, (_, index): MovementRow => {
      const on = new Date(Date.UTC(2026, 3, 27 + Math.floor(index / 2))).toISOString().slice(0, 10);
      return { on, minor: -(7_13 + ((index * 37_91) % 61_07)), who: `Shop ${index % 9}`, category: 'shopping' };
    });
    const spent = (from: string, to: string) =>
      busy.reduce((sum, { on, minor }) => sum + (on > from && on <= to ? minor : 0), 0);
    const read = (offMinor: number) =>
      told([...history, ...busy], {
        earlier: { minor: 5000_00, on: '2026-06-05' },
        // Of the weekly market on 8 and 15 June as well.
        settled: { minor: 5000_00 + spent('2026-06-05', '2026-06-16') - 80_00 + offMinor, on: '2026-06-16' },
      });

    it('tells what is missing', () => {
      expect(read(0)).toEqual([]);
      expect(read(-140_37)).toMatchObject([{ date: '2026-06-16' }]);
      expect(read(-140_37)[0]).toMatchObject({ confidencePercent: 80 });
    });

    it('is silent where movements of the last days count later, exactly', () => {
      const late = busy.filter(({ on }) => on >= '2026-06-14' && on <= '2026-06-16').map(({ minor }) => minor);
      expect(read(-(late[0] ?? 0) - (late[4] ?? 0))).toEqual([]);
      // All of three days, the market's 40.00 among them.
      expect(read(40_00 - late.reduce((sum, minor) => sum + minor, 0))).toEqual([]);
    });
  });

  it('says nothing where too many movements stand near a reading', () => {
    const many = Array.from(
      { length: 17 },
      (_, index): MovementRow => ({ on: '2026-06-23', minor: -1_00 - index, who: `Shop ${index}` }),
    );
    expect(told([...history, ...many])).toEqual([]);
  });
});
