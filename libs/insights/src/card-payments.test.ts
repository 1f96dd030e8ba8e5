import { describe, expect, it } from 'vitest';
import { cardPayments } from './card-payments.ts';
import { ownTransfers } from './own-transfers.ts';
import { type AccountRow, buildView, type MovementRow } from './testing/build-view.ts';

/** Bought on the 10th and on the 24th; the bill is of the 20th and is paid from the current account on the 3rd. */
const bought: MovementRow[] = [
  ['2026-02-10', -310_00],
  ['2026-02-24', -120_00],
  ['2026-03-10', -95_50],
  ['2026-03-24', -410_00],
  ['2026-04-10', -233_00],
  ['2026-04-24', -50_00],
  ['2026-05-10', -700_00],
  ['2026-05-24', -81_00],
  ['2026-06-10', -44_00],
].map(([on, minor]) => ({ on: String(on), minor: Number(minor), account: 'card', who: 'Shop', category: 'shopping' }));
const paid = [
  ['2026-03-03', 310_00],
  ['2026-04-03', 215_50],
  ['2026-05-03', 643_00],
  ['2026-06-03', 750_00],
] as const;
const payments = (amounts: readonly (readonly [string, number])[]): MovementRow[] =>
  amounts.flatMap(([on, minor]) => [
    { on, minor: -minor, who: 'Card Bill', category: 'transfer' },
    { on, minor, account: 'card', who: 'Payment Received', category: 'transfer' },
  ]);

function ahead(today: string, movements: readonly MovementRow[], owed: number) {
  const accounts: AccountRow[] = [
    { id: 'current', balance: 1000_00 },
    { id: 'card', type: 'CARD', balance: -owed },
  ];
  const early: MovementRow = { on: '2026-01-05', minor: -1_00, who: 'Bakery', category: 'groceries' };
  const view = buildView({ today, accounts, movements: [early, ...movements] });
  return cardPayments(view, ownTransfers(view));
}

describe('cardPayments', () => {
  it('expects what was owed on the closing day, where the card is paid in full', () => {
    const [found, ...others] = ahead('2026-06-25', [...bought, ...payments(paid)], 125_00);
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      nextDate: '2026-07-03',
      typicalMinor: 125_00,
      direction: 'out',
      evidence: [
        { accountId: 'current', date: '2026-06-03', minor: -750_00 },
        { minor: -643_00 },
        { minor: -215_50 },
        { minor: -310_00 },
      ],
    });
  });

  it('leaves out what is bought after the closing day: the next bill has it', () => {
    const sofa: MovementRow = { on: '2026-06-24', minor: -900_00, account: 'card', who: 'Sofas', category: 'shopping' };
    expect(ahead('2026-06-25', [...bought, sofa, ...payments(paid)], 1025_00)[0]?.typicalMinor).toBe(125_00);
  });

  it('takes on what is usually spent until the closing day', () => {
    // 1,600.50 in 91 days before, and five days or so to come.
    const [found] = ahead('2026-06-12', [...bought, ...payments(paid)], 125_00);
    expect(found?.typicalMinor).toBeGreaterThan(180_00);
    expect(found?.typicalMinor).toBeLessThan(300_00);
  });

  it('does not expect again what is on its way to the card', () => {
    const underway = payments(paid).slice(0, -1);
    const [found] = ahead('2026-06-04', [...bought.slice(0, -1), ...underway], 831_00);
    expect(found).toMatchObject({ nextDate: '2026-07-03', lastDate: '2026-06-03' });
    expect(found?.typicalMinor).toBeLessThan(500_00);
  });

  it('expects the usual amount where it is not what is owed', () => {
    const part = payments(paid.map(([on]) => [on, 100_00]));
    expect(ahead('2026-06-25', [...bought, ...part], 1643_50)[0]?.typicalMinor).toBe(100_00);
  });

  it('waits for Monday where none was ever booked at a weekend', () => {
    const days = (last: string) => ['2026-06-03', '2026-07-03', '2026-08-03', last].map((on) => [on, 100_00] as const);
    // 3 October is a Saturday, and so is 5 September.
    expect(ahead('2026-09-30', payments(days('2026-09-03')), 0)[0]?.nextDate).toBe('2026-10-05');
    expect(ahead('2026-09-30', payments(days('2026-09-05')), 0)[0]?.nextDate).toBe('2026-10-03');
  });

  it('knows of none that is paid when the holder likes', () => {
    const loose = payments([
      ['2026-03-03', 310_00],
      ['2026-03-19', 95_50],
      ['2026-05-13', 813_00],
      ['2026-06-21', 125_00],
    ]);
    expect(ahead('2026-06-25', [...bought, ...loose], 0)).toEqual([]);
  });
});
