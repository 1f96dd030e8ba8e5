import { describe, expect, it } from 'vitest';
import { cardPayments } from './card-payments.ts';
import { fingerprintOf } from './fingerprint.ts';
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

  it('is told as a payment that comes each month, under a fingerprint of its card', () => {
    const [found] = ahead('2026-06-25', [...bought, ...payments(paid)], 125_00);
    expect(found).toEqual({
      kind: 'recurring',
      fingerprint: expect.stringMatching(/^[\w-]{22}$/),
      currency: 'EUR',
      confidencePercent: 90,
      date: '2026-07-03',
      counterparty: 'Card Bill',
      evidence: paid
        .toReversed()
        .map(([date, minor]) => ({ connectionId: 'c1', accountId: 'current', date, minor: -minor })),
      direction: 'out',
      cadence: 'monthly',
      status: 'mature',
      category: 'transfer',
      amountKind: 'variable',
      nextDate: '2026-07-03',
      nextFromDate: '2026-06-28',
      nextToDate: '2026-07-08',
      typicalMinor: 125_00,
      lowMinor: 125_00,
      highMinor: 125_00,
      lastDate: '2026-06-03',
      lastMinor: 750_00,
      occurrences: 4,
    });
    const [young] = ahead('2026-06-25', [...bought, ...payments(paid.slice(1))], 435_00);
    expect(young).toMatchObject({ status: 'early', occurrences: 3, fingerprint: found?.fingerprint });
    expect(ahead('2026-06-25', [...bought, ...payments(paid.slice(2))], 650_50)).toEqual([]);
  });

  it('is less sure with each month that was left out', () => {
    const left = paid.filter(([on]) => on !== '2026-05-03');
    const first = [['2026-02-03', 77_00] as const, ...left];
    const [found] = ahead('2026-06-25', [...bought, ...payments(first)], 100_00);
    expect(found).toMatchObject({
      confidencePercent: 85,
      nextDate: '2026-07-03',
      lastDate: '2026-06-03',
      occurrences: 4,
    });
  });

  it('takes on half of what is still to be spent either way', () => {
    const [found] = ahead('2026-06-12', [...bought, ...payments(paid)], 125_00);
    const { typicalMinor = 0, lowMinor = 0, highMinor = 0 } = found ?? {};
    const still = typicalMinor - 125_00;
    // From 14 March on 1,518.00 were spent; the latest closing day that explains what was paid is the 22nd.
    expect(still).toBe(Math.round((1518_00 / 91) * 10));
    expect(
      [typicalMinor - lowMinor, highMinor - typicalMinor].map((spread) => Math.abs(spread - still / 2) <= 1),
    ).toEqual([true, true]);
  });

  it('ranges over the last six payments where it is not what is owed', () => {
    const months = [
      '2025-11-03',
      '2025-12-03',
      '2026-01-03',
      '2026-02-03',
      '2026-03-03',
      '2026-04-03',
      '2026-05-03',
      '2026-06-03',
    ] as const;
    const amounts = [1_00, 900_00, 30_00, 60_00, 40_00, 50_00, 20_00, 70_00];
    const [found] = ahead('2026-06-25', payments(months.map((on, at) => [on, amounts[at] ?? 0] as const)), 5_000_00);
    expect(found).toMatchObject({
      typicalMinor: 40_00,
      lowMinor: 20_00,
      highMinor: 70_00,
      lastMinor: 70_00,
      occurrences: 8,
    });
  });

  it('expects the usual amount while the card says nothing of what it is owed', () => {
    const accounts: AccountRow[] = [
      { id: 'current', balance: 1000_00 },
      { id: 'card', type: 'CARD', balance: null },
    ];
    const view = buildView({ today: '2026-06-25', accounts, movements: [...bought, ...payments(paid)] });
    expect(cardPayments(view, ownTransfers(view))[0]).toMatchObject({
      typicalMinor: 310_00,
      lowMinor: 215_50,
      highMinor: 750_00,
    });
  });

  it('believes that it is paid in full where all payments but one were', () => {
    const inParts = paid.map(([on, minor]) => [on, on === '2026-04-03' ? 100_00 : minor] as const);
    const rest: MovementRow = {
      on: '2026-04-09',
      minor: 115_50,
      account: 'card',
      who: 'Payment Received',
      category: 'other',
    };
    expect(ahead('2026-06-25', [...bought, ...payments(inParts), rest], 125_00)[0]?.typicalMinor).toBe(125_00);
    const [march, april, ...others] = paid;
    if (march === undefined || april === undefined) throw new Error('four are given');
    const twice = payments([[march[0], 200_00], [april[0], 100_00], ...others]);
    expect(ahead('2026-06-25', [...bought, ...twice], 350_50)[0]?.typicalMinor).not.toBe(125_00);
  });

  it('is told of each card and each account that pays it, and of no other own transfer', () => {
    const accounts: AccountRow[] = [
      { id: 'current', balance: 1000_00 },
      { id: 'card', type: 'CARD', balance: 0 },
      { id: 'another', type: 'CARD', balance: 0 },
      { id: 'savings', type: 'SVGS', balance: 900_00 },
    ];
    const to = (account: string, day: string, minor: number): MovementRow[] =>
      ['2026-03', '2026-04', '2026-05', '2026-06'].flatMap((month) => [
        { on: `${month}-${day}`, minor: -minor, who: `To ${account}`, category: 'transfer' as const },
        { on: `${month}-${day}`, minor, account, who: 'From current', category: 'transfer' as const },
      ]);
    const movements = [...to('card', '03', 310_00), ...to('another', '12', 77_00), ...to('savings', '20', 200_00)];
    const view = buildView({ today: '2026-06-25', accounts, movements });
    const found = cardPayments(view, ownTransfers(view));
    expect(found.map(({ counterparty, lastMinor }) => [counterparty, lastMinor])).toEqual([
      ['To another', 77_00],
      ['To card', 310_00],
    ]);
    expect(new Set(found.map(({ fingerprint }) => fingerprint)).size).toBe(2);
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

  it('has the fingerprint of its payer, currency, rhythm and card', () => {
    const [found] = ahead('2026-06-25', [...bought, ...payments(paid)], 125_00);
    expect(found?.fingerprint).toBe(fingerprintOf('recurring', ['card bill', 'out', 'EUR', 'monthly', 'c1|card']));
  });

  it.each([
    [3, 1],
    [4, 0],
  ])('is a rhythm where seven of ten payments follow it: five, with %i others, are told %i times', (loose, times) => {
    const monthly = ['2026-02', '2026-03', '2026-04', '2026-05', '2026-06'].map(
      (month) => [`${month}-03`, 90_00] as const,
    );
    const others = ['2026-02-14', '2026-03-21', '2026-05-16', '2026-05-25'].map((on, at) => [on, 11_00 + at] as const);
    // Of the early payments too: with two more in the rhythm three others are seven of ten.
    const more = [['2025-12-03', 80_00] as const, ['2026-01-03', 85_00] as const];
    const rows = payments([...more, ...monthly, ...others.slice(0, loose)]);
    expect(ahead('2026-06-25', rows, 0)).toHaveLength(times);
  });

  it('is less sure where days differ', () => {
    const days = ['2026-02-03', '2026-03-03', '2026-04-03', '2026-05-08', '2026-06-03'].map(
      (on) => [on, 90_00] as const,
    );
    expect(ahead('2026-06-25', payments(days), 0)[0]?.confidencePercent).toBe(68);
  });

  it('takes what left before the newest payment, and never came to the card, for none', () => {
    const lost: MovementRow = { on: '2026-05-02', minor: -9_00, who: 'Card Bill', category: 'transfer' };
    const [found] = ahead('2026-06-25', [...bought, lost, ...payments(paid)], 125_00);
    expect(found?.evidence.map(({ minor }) => minor)).toEqual([-750_00, -643_00, -215_50, -310_00]);
  });

  it('takes an unknown balance for unknown, also where nothing would be owed', () => {
    const settled = bought.slice(0, -2);
    expect(ahead('2026-06-25', [...settled, ...payments(paid)], 0)[0]?.typicalMinor).toBe(0);
    const accounts: AccountRow[] = [
      { id: 'current', balance: 1000_00 },
      { id: 'card', type: 'CARD' },
    ];
    const early: MovementRow = { on: '2026-01-05', minor: -1_00, who: 'Bakery', category: 'groceries' };
    const view = buildView({ today: '2026-06-25', accounts, movements: [early, ...settled, ...payments(paid)] });
    expect(cardPayments(view, ownTransfers(view))[0]?.typicalMinor).toBe(310_00);
  });

  it('expects the usual amount where two of four payments were less than what was owed', () => {
    const inParts = paid.map(([on, minor], at) => [on, at < 2 ? minor - 110_00 : minor] as const);
    const rest = ['2026-03-09', '2026-04-09'].map(
      (on): MovementRow => ({ on, minor: 110_00, account: 'card', who: 'Payment Received', category: 'other' }),
    );
    expect(ahead('2026-06-25', [...bought, ...payments(inParts), ...rest], 125_00)[0]?.typicalMinor).toBe(200_00);
  });

  it('looks at the newest four payments alone', () => {
    const part = [
      ['2026-01-03', 50_00],
      ['2026-02-03', 60_00],
    ] as const;
    const rows = [...bought, ...payments([...part, ...paid])];
    expect(ahead('2026-06-25', rows, 125_00)[0]?.typicalMinor).toBe(125_00);
  });

  it('believes in a full payment within two percent of what was owed, and within the least sum', () => {
    const rounded = paid.map(([on, minor]) => [on, minor + 4_00] as const);
    const fees = paid.map(
      ([on]): MovementRow => ({ on, minor: -4_00, account: 'card', who: 'Interest', category: 'fees' }),
    );
    expect(ahead('2026-06-25', [...bought, ...payments(rounded), ...fees], 125_00)[0]?.typicalMinor).toBe(125_00);
    const cents = bought.map((row) => ({ ...row, minor: row.minor / 100 }));
    const paidCents = paid.map(([on, minor]) => [on, minor / 100 + 80] as const);
    const tips = paid.map(([on]): MovementRow => ({ on, minor: -80, account: 'card', who: 'Tip', category: 'fees' }));
    expect(ahead('2026-06-25', [...cents, ...payments(paidCents), ...tips], 1_25)[0]?.typicalMinor).toBe(1_25);
  });

  it('takes the closing day that explains the payments exactly, where others come near', () => {
    // 4.00 on each 21st: a closing day of the 21st would be off by them, and within two percent.
    const coffee = ['2026-02-21', '2026-03-21', '2026-04-21', '2026-05-21', '2026-06-21'].map(
      (on): MovementRow => ({ on, minor: -4_00, account: 'card', who: 'Coffee', category: 'dining' }),
    );
    const bills = paid.map(([on, minor], at) => [on, at === 0 ? minor : minor + 4_00] as const);
    // 81.00, 44.00, and what was bought on 21 May.
    expect(ahead('2026-06-25', [...bought, ...coffee, ...payments(bills)], 133_00)[0]?.typicalMinor).toBe(129_00);
  });
});
