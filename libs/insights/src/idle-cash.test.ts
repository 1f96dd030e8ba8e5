import { describe, expect, it } from 'vitest';
import { idleCash } from './idle-cash.ts';
import { withoutOwnTransfers } from './own-transfers.ts';
import { type AccountRow, buildView, type MovementRow, monthly, type ViewRows } from './testing/build-view.ts';
import { thresholdMinor } from './thresholds.ts';

const spending = monthly('2026-02-10', 5, { minor: -1000_00, who: 'Shops', category: 'shopping' });
const account: AccountRow = { id: 'current', balance: 10_000_00 };

function idle(movements: readonly MovementRow[], changes: Partial<AccountRow> = {}, more: Partial<ViewRows> = {}) {
  const view = buildView({ today: '2026-06-30', accounts: [{ ...account, ...changes }], movements, ...more });
  return idleCash(view, withoutOwnTransfers(view));
}

describe('idleCash', () => {
  it('tells what lies above three months of spending', () => {
    // 3,000.00 in 90 days; three months of 30.4 days.
    expect(idle(spending)).toMatchObject([
      { accountId: 'current', balanceMinor: 10_000_00, idleMinor: 6956_25, currency: 'EUR' },
    ]);
  });

  it('reckons the lowest balance of 60 days, also within a day', () => {
    const windfall: MovementRow = { on: '2026-06-20', minor: 6900_00, who: 'Inheritance' };
    expect(idle([...spending, windfall])).toEqual([]);
    const early = { ...windfall, on: '2026-04-20' };
    expect(idle([...spending, early])).toHaveLength(1);
    const bounced: MovementRow[] = [
      { on: '2026-06-20', minor: 6900_00, who: 'Clearing' },
      { on: '2026-06-20', minor: -6900_00, who: 'Clearing', category: 'transfer' },
    ];
    expect(idle([...spending, ...bounced])).toEqual([]);
  });

  it('takes money sent elsewhere for spending, for safety', () => {
    const sent = monthly('2026-02-11', 5, { minor: -2400_00, who: 'Broker', category: 'transfer' });
    expect(idle([...spending, ...sent])).toEqual([]);
  });

  it.each([
    ['a savings account', { type: 'SVGS' as const }],
    ['an unknown balance', { balance: null }],
    ['an old balance', { balanceOn: '2026-06-20' }],
    ['little above', { balance: 3200_00 }],
  ])('says nothing of %s', (_, changes) => {
    expect(idle(spending, changes)).toEqual([]);
  });

  it('takes a balance of seven days ago for one of today, and none that is older', () => {
    expect(idle(spending, { balanceOn: '2026-06-23' })).toHaveLength(1);
    expect(idle(spending, { balanceOn: '2026-06-22' })).toEqual([]);
  });

  it('needs as much as is worth a word', () => {
    const [found] = idle(spending);
    const over = (found?.idleMinor ?? 0) - thresholdMinor('idle', 'EUR');
    expect(idle(spending, { balance: 10_000_00 - over })).toHaveLength(1);
    expect(idle(spending, { balance: 10_000_00 - over - 1 })).toEqual([]);
  });

  it('reckons back day by day, whatever the order of the ledgers', () => {
    // The balance was lowest between the two: after the later one there is no money to spare.
    const moved = (first: string, second: string): MovementRow[] => [
      { on: first, minor: -6900_00, who: 'B', category: 'transfer', transferLike: true },
      { on: second, minor: 6900_00, who: 'A' },
    ];
    expect(idle([...spending, ...moved('2026-06-10', '2026-06-20')])).toEqual([]);
    const [kept] = idle([...spending, ...moved('2026-06-20', '2026-06-10')], { balance: 30_000_00 });
    expect(kept?.idleMinor).toBe(Math.round(30_000_00 - ((3000_00 + 6900_00) / 90) * (365.25 / 12) * 3));
  });

  it('looks sixty days back, and at ninety of spending', () => {
    const came = (on: string): MovementRow => ({ on, minor: 9900_00, who: 'Inheritance' });
    expect(idle([...spending, came('2026-05-02')])).toEqual([]);
    expect(idle([...spending, came('2026-05-01')])).toHaveLength(1);
    const spent = (on: string): MovementRow => ({ on, minor: -50_00, who: 'Shops', category: 'shopping' });
    const [least] = idle(spending);
    expect(idle([...spending, spent('2026-04-01')])).toEqual([{ ...least, idleMinor: expect.any(Number) }]);
    expect(idle([...spending, spent('2026-04-01')])[0]?.idleMinor).toBe(least?.idleMinor);
    expect(idle([...spending, spent('2026-04-02')])[0]?.idleMinor).toBeLessThan(least?.idleMinor ?? 0);
  });

  it('says nothing that the movements cannot prove', () => {
    expect(idle(spending.slice(3))).toEqual([]);
    expect(idle(spending.slice(2), {}, { cut: ['current|shops|out'] })).toEqual([]);
    expect(idle(spending, {}, { connections: { c1: { isHistoryComplete: false } } })).toEqual([]);
    const income = spending.map((row) => ({ ...row, minor: 1000_00, category: 'income' as const }));
    expect(idle(income)).toEqual([]);
  });
});
