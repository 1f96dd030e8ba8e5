import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onlyOwnTransfers, ownTransfers, withoutOwnTransfers } from './own-transfers.ts';
import { accountsOfEachSort as accounts, buildView, every, type MovementRow, monthly } from './testing/build-view.ts';
import type { View } from './view.ts';

const laterBy = (on: string, days: number) => every(days, on, 2, { minor: 0 })[1]?.on ?? on;

function pairsOf(movements: readonly MovementRow[]): string[] {
  return told(buildView({ today: '2026-06-30', accounts, movements }));
}

function told(view: View, names = false): string[] {
  const { pairs } = ownTransfers(view);
  return pairs
    .map(({ kind, out, in: into }) => {
      const [from, to] = [out.ledger.movements[out.index], into.ledger.movements[into.index]];
      const who = names ? ` ${out.ledger.key} ${into.ledger.key}` : '';
      return `${kind} ${out.ledger.accountId} ${from?.minor} ${into.ledger.accountId} ${to?.minor} +${(to?.day ?? 0) - (from?.day ?? 0)}${who}`;
    })
    .sort();
}

describe('ownTransfers', () => {
  const out: MovementRow = { on: '2026-06-01', minor: -200_00, who: 'Transfer to savings', category: 'transfer' };
  const into: MovementRow = {
    on: '2026-06-02',
    minor: 200_00,
    account: 'savings',
    who: 'Maria Garcia',
    category: 'transfer',
  };

  it('pairs a transfer across banks', () => {
    expect(pairsOf([out, into])).toEqual(['transfer current -20000 savings 20000 +1']);
  });

  it.each([
    ['another amount', { ...into, minor: 200_01 }],
    ['the same account', { ...into, account: 'current' }],
    ['too late', { ...into, on: '2026-06-08' }],
    ['too early', { ...into, on: '2026-05-29' }],
    ['a salary', { ...into, category: 'income' as const, transferLike: true }],
    ['a refund', { ...into, category: 'shopping' as const }],
    ['interest', { ...into, category: 'interest' as const }],
  ])('does not pair it with %s', (_, other) => {
    expect(pairsOf([out, other])).toEqual([]);
  });

  it('needs a hint: an equal amount alone is no pair', () => {
    const rows: MovementRow[] = [
      { on: '2026-06-01', minor: -200_00, who: null },
      { on: '2026-06-01', minor: 200_00, account: 'savings', who: null },
    ];
    expect(pairsOf(rows)).toEqual([]);
    expect(pairsOf(rows.map((row) => ({ ...row, transferLike: row.minor < 0 })))).toEqual([
      'transfer current -20000 savings 20000 +0',
    ]);
  });

  describe('a name that words take for a shop', () => {
    const days = ['2026-02-12', '2026-03-12', '2026-04-13', '2026-05-12'];
    const sides = (sums: readonly number[], outName: string, inName: string) => ({
      paid: days.map(
        (on, index): MovementRow => ({ on, minor: -(sums[index] ?? 0), who: outName, category: 'dining' }),
      ),
      got: days.map((on, index): MovementRow => {
        const minor = sums[index] ?? 0;
        return { on, minor, account: 'second', who: inName, category: 'dining' };
      }),
    });
    const equal = [200_00, 200_00, 200_00, 200_00];

    it.each([
      ['Robin Costa', 'Robin Costa'],
      ['Betalning Sam Winter', 'Insättning Sam Winter'],
    ])('is the user’s own where it answers itself on another account: %s', (from, to) => {
      const { paid, got } = sides(equal, from, to);
      expect(pairsOf([...paid, ...got])).toHaveLength(4);
      expect(pairsOf([...paid.slice(0, 2), ...got.slice(0, 2)])).toEqual([]); // twice is a coincidence
    });

    it('is the user’s own at once where one side says transfer', () => {
      const paid: MovementRow = { on: '2026-06-01', minor: -590_00, who: 'Robin Costa', category: 'dining' };
      const got = (on: string): MovementRow => ({
        on,
        minor: 590_00,
        account: 'second',
        who: 'Robin Costa',
        category: 'transfer',
      });
      expect(pairsOf([paid, got('2026-06-05')])).toHaveLength(1); // over a weekend
      expect(pairsOf([paid, got('2026-06-06')])).toEqual([]);
    });

    it('is the user’s own at once among the bank’s words, where one side says transfer; a friend’s is not', () => {
      const paid: MovementRow = { on: '2026-06-01', minor: -18_170_00, who: 'Betalning Noa Linden' };
      const got = (who: string, on: string, category: 'transfer' | 'other' = 'transfer'): MovementRow => ({
        on,
        minor: 18_170_00,
        account: 'second',
        who,
        category,
      });
      expect(pairsOf([paid, got('Insättning Noa Linden', '2026-06-02')])).toHaveLength(1);
      expect(pairsOf([paid, got('Insättning Noa Linden', '2026-06-03')])).toEqual([]);
      expect(pairsOf([paid, got('Insättning Noa Linden', '2026-06-02', 'other')])).toEqual([]);
      expect(pairsOf([paid, got('Insättning Sam Winter', '2026-06-02')])).toEqual([]);
      // Paid to a friend by an app and paid back by it: nobody's own.
      expect(
        pairsOf(
          [{ ...paid, category: 'transfer' as const }, got('', '2026-06-01')].map((row) => {
            return { ...row, who: 'Swish Noa Linden', transferLike: false };
          }),
        ),
      ).toEqual([]);
    });

    it('is the user’s own where it moves money to several accounts, and over a weekend', () => {
      // The paying side says transfer, the paid one the name alone. A third account has no more than a third of the payments.
      const order = (minor: number, account: string, first: string): MovementRow[] =>
        monthly(first, 5, { minor: -minor, who: 'Robin Costa', category: 'transfer', transferLike: false }).flatMap(
          (row, index) => [
            row,
            { ...row, minor, account, category: 'dining', on: index === 2 ? laterBy(row.on, 3) : row.on },
          ],
        );
      const rows = [
        ...order(830_00, 'savings', '2026-01-07'),
        ...order(410_00, 'savings', '2026-01-21'),
        ...order(130_00, 'second', '2026-01-27'),
      ];
      expect(pairsOf(rows)).toHaveLength(15);
    });

    describe('of which the busier account keeps its newest movements alone', () => {
      // One account pays two others each month: its side of the name has twice as many movements, and so forgets sooner.
      const order = (minor: number, account: string, first: string, count: number): MovementRow[] =>
        monthly(first, count, { minor, account, who: minor < 0 ? 'Betalning Sam Winter' : 'Insättning Sam Winter' });
      const all: MovementRow[] = [
        { on: '2025-10-01', minor: -5_00, who: 'Kiosk' }, // the account was known by then
        ...order(-890_00, 'current', '2026-03-10', 4),
        ...order(-1840_00, 'current', '2026-03-17', 4),
        ...order(890_00, 'second', '2025-10-12', 9),
        ...order(1840_00, 'savings', '2025-10-17', 9),
      ];
      const cut = ['current|betalning sam winter|out'];

      it('is the user’s own by what is still kept, also days later and to each of the others', () => {
        expect(told(buildView({ today: '2026-06-30', accounts, movements: all, cut }))).toHaveLength(8);
      });

      it('is the user’s own where a side that words take for a shop’s forgot what was before a silence', () => {
        const came = [
          '2025-06-11',
          '2025-07-01',
          '2025-07-11',
          '2025-08-11',
          '2025-10-11',
          '2026-01-11',
          '2026-04-17',
          '2026-06-10',
        ].map((on, index): MovementRow => {
          const minor = 1000_00 + index * 70_00;
          return { on, minor, account: 'second', who: 'Robin Costa', category: 'transfer', transferLike: false };
        });
        const paid = came.slice(-2).map(
          (row): MovementRow => ({
            ...row,
            minor: -row.minor,
            account: 'current',
            category: 'dining',
            on: laterBy(row.on, -3),
          }),
        );
        const kiosk: MovementRow = { on: '2025-06-01', minor: -5_00, who: 'Kiosk' };
        expect(pairsOf([kiosk, ...came, ...paid])).toHaveLength(2);
        expect(pairsOf([kiosk, ...came, ...paid.map((row) => ({ ...row, category: 'other' as const }))])).toEqual([]);
      });

      it('is nobody’s own where the rest was never paid', () => {
        expect(pairsOf(all)).toEqual([]); // nothing was dropped: five of nine have no answer
      });

      it('keeps sums that answer each other under two names, where one side of them forgets sooner', () => {
        const sums = [48_10, 112_35, 77_00, 154_99];
        const paid = sums.map(
          (minor, index): MovementRow => ({ on: `2026-0${index + 3}-16`, minor: -minor, who: 'Vubi' }),
        );
        const older = [...sums, 33_00].map(
          (minor, index): MovementRow => ({
            on: `2025-1${index % 3}-0${index + 1}`,
            minor: minor + 7,
            account: 'second',
            who: 'Xilo Inc',
          }),
        );
        const got = paid.map(
          (row, index): MovementRow => ({ ...row, minor: sums[index] ?? 0, account: 'second', who: 'Xilo Inc' }),
        );
        const movements = [...paid, ...older, ...got, { on: '2025-10-01', minor: -5_00, who: 'Kiosk' }];
        const pairs = (dropped: readonly string[]) =>
          told(buildView({ today: '2026-06-30', accounts, movements, cut: dropped }));
        expect(pairs(['current|vubi|out'])).toHaveLength(4);
        expect(pairs([])).toEqual([]);
      });
    });

    it('is a friend’s where not every sum is answered, a shop’s where it gives back to where it was paid', () => {
      const { paid, got } = sides([31_00, 47_50, 18_20, 64_00], 'Robin Costa', 'Robin Costa');
      expect(pairsOf([...paid, ...got.slice(0, 2)])).toEqual([]);
      expect(pairsOf([...paid, ...got.map((row) => ({ ...row, account: 'current' }))])).toEqual([]);
      const brothers = sides(equal, 'Transfer Juan Garcia Lopez', 'Maria Garcia Lopez');
      expect(pairsOf([...brothers.paid, ...brothers.got])).toEqual([]);
    });
  });

  describe('without any word of it', () => {
    const sums = [48_10, 112_35, 77_00, 154_99];
    const months = ['2026-02-16', '2026-03-16', '2026-04-16', '2026-05-15'];
    const away = sums.map((minor, index): MovementRow => ({ on: months[index] ?? '', minor: -minor, who: 'Vubi' }));
    const here = away.map((row, index) => ({ ...row, minor: sums[index] ?? 0, account: 'second', who: 'Xilo Inc' }));

    it('pairs what answers each other time after time', () => {
      expect(pairsOf([...away, ...here])).toHaveLength(4);
      expect(pairsOf([...away.slice(2), ...here.slice(2)])).toEqual([]);
    });

    it('does not where half of it has no answer', () => {
      const more = every(9, '2026-02-20', 5, { minor: -9_00, who: 'Vubi' });
      const others = every(9, '2026-02-20', 5, { minor: 7_00, who: 'Xilo Inc', account: 'second' });
      expect(pairsOf([...away, ...here, ...more])).toEqual([]);
      expect(pairsOf([...away, ...here, ...others])).toEqual([]);
    });

    it('needs the same name where the sum is always the same: a tenant pays what the landlord gets', () => {
      const landlord = monthly('2026-01-02', 6, { minor: -500_00, who: 'Vubi Homes' });
      const tenant = monthly('2026-01-01', 6, { minor: 500_00, who: 'Xilo Inc', account: 'second' });
      expect(pairsOf([...landlord, ...tenant])).toEqual([]);
      expect(pairsOf([...landlord, ...tenant.map((row) => ({ ...row, who: 'Vubi Homes' }))])).toHaveLength(6);
    });

    it('does not pair people who pay each other the same each week by an app', () => {
      for (const category of ['other', 'transfer'] as const) {
        const app = (minor: number, account: string) =>
          every(7, '2026-03-02', 12, { minor, account, who: 'Venmo', category, transferLike: false });
        expect(pairsOf([...app(-20_00, 'current'), ...app(20_00, 'second')])).toEqual([]);
      }
      const paid = every(7, '2026-03-02', 12, { minor: -20_00, who: 'Anna Muster' });
      const got = every(7, '2026-03-02', 12, { minor: 20_00, who: 'Ben Marcus', account: 'second' });
      expect(pairsOf([...paid, ...got])).toEqual([]);
    });

    it('pairs the holder’s own name', () => {
      const sent = every(30, '2026-02-01', 4, { minor: -75_00, who: 'Maria Garcia' });
      const came = every(30, '2026-02-04', 4, { minor: 75_00, who: 'GARCIA MARIA', account: 'second' });
      expect(pairsOf([...sent, ...came])).toHaveLength(4);
    });
  });

  it('leaves a reimbursement alone that equals what was paid', () => {
    const dinner: MovementRow = {
      on: '2026-06-01',
      minor: -60_00,
      account: 'card',
      who: 'Trattoria',
      category: 'dining',
    };
    const unknown: MovementRow = { on: '2026-06-01', minor: -60_00, account: 'second', who: 'XQ 774 GmbH' };
    const friend: MovementRow = { on: '2026-06-02', minor: 60_00, who: 'Anna Muster', category: 'transfer' };
    expect(pairsOf([dinner, friend])).toEqual([]);
    expect(pairsOf([unknown, friend])).toEqual([]);
  });

  it('leaves two people alone: one was paid, the other paid back', () => {
    const toAnna: MovementRow = { on: '2026-06-01', minor: -50_00, who: 'Anna Muster', category: 'transfer' };
    const fromBen: MovementRow = {
      on: '2026-06-01',
      minor: 50_00,
      account: 'second',
      who: 'Ben Marcus',
      category: 'transfer',
    };
    expect(pairsOf([toAnna, fromBen])).toEqual([]);
  });

  it('takes the true counterpart, not the friend who pays the same sum on the same day', () => {
    const friend: MovementRow = {
      on: '2026-06-01',
      minor: 200_00,
      account: 'second',
      who: 'Anna Muster',
      category: 'transfer',
    };
    expect(pairsOf([friend, out, { ...into, on: '2026-06-01', who: null }])).toEqual([
      'transfer current -20000 savings 20000 +0',
    ]);
  });

  it('learns whose name it is: the own one meets its counterpart each time, a friend’s does not', () => {
    const toBank = every(30, '2026-02-01', 4, { minor: -75_00, who: 'Revolut', category: 'transfer' });
    const own = every(30, '2026-02-04', 4, {
      minor: 75_00,
      account: 'second',
      who: 'Maria Garcia',
      category: 'transfer',
    });
    expect(pairsOf([...toBank, ...own])).toHaveLength(4);
    const friend = ['2026-02-05', '2026-03-11', '2026-04-20', '2026-05-28'].map(
      (on, index): MovementRow => ({
        on,
        minor: (index + 1) * 15_00,
        account: 'second',
        who: 'Anna Muster',
        category: 'transfer',
      }),
    );
    const alike: MovementRow = { on: '2026-06-10', minor: -90_00, who: 'Revolut', category: 'transfer' };
    const back: MovementRow = {
      on: '2026-06-10',
      minor: 90_00,
      account: 'second',
      who: 'Anna Muster',
      category: 'transfer',
    };
    const bread: MovementRow = { on: '2026-01-05', minor: -4_00, who: 'Bakery', category: 'groceries' };
    expect(pairsOf([...friend, alike, back, bread])).toEqual([]);
  });

  it('leaves a friend alone who is paid and pays back, once it is known whose the accounts are', () => {
    const own = monthly('2026-02-01', 4, { minor: -75_00, who: 'Maria Garcia', category: 'transfer' });
    const came = own.map((one) => ({ ...one, minor: 75_00, account: 'second' }));
    const paid: MovementRow = { on: '2026-06-10', minor: -50_00, who: 'Anna Muster', category: 'transfer' };
    const back: MovementRow = { ...paid, minor: 50_00, account: 'second' };
    expect(pairsOf([...own, ...came])).toHaveLength(4);
    expect(pairsOf([...own, ...came, paid, back])).toHaveLength(4);
    expect(pairsOf([...own, ...came, { ...paid, who: 'M Garcia' }, { ...back, who: null }])).toHaveLength(5);
  });

  it('ties names that the banks spell differently', () => {
    const rows: MovementRow[] = [
      { on: '2026-06-01', minor: -80_00, who: 'GARCIA LOPEZ MARIA', transferLike: true },
      { on: '2026-06-05', minor: 80_00, account: 'second', who: 'Maria Garcia' },
    ];
    expect(pairsOf(rows)).toEqual(['transfer current -8000 second 8000 +4']);
  });

  it('pairs a card’s payment, also with the day before, and no refund', () => {
    const payment: MovementRow = { on: '2026-06-03', minor: -432_10, who: 'Amex EPayment', category: 'loan' };
    const thanks: MovementRow = {
      on: '2026-06-02',
      minor: 432_10,
      account: 'card',
      who: 'Payment received, thank you',
    };
    expect(pairsOf([payment, thanks])).toEqual(['card-payment current -43210 card 43210 +-1']);
    const bought: MovementRow = { on: '2026-05-20', minor: -432_10, account: 'card', who: 'Bike World' };
    const refund: MovementRow = { on: '2026-06-03', minor: 432_10, account: 'card', who: 'Bike World' };
    expect(pairsOf([payment, bought, refund])).toEqual([]);
  });

  it('lets a mortgage’s instalment stay with the spending, and takes its credit out', () => {
    const rows: MovementRow[] = [
      { on: '2026-06-01', minor: -900_00, who: 'Home Loans', category: 'housing' },
      { on: '2026-06-01', minor: 900_00, account: 'mortgage', who: null, category: 'loan' },
    ];
    const view = buildView({ today: '2026-06-30', accounts, movements: rows });
    expect(told(view)).toEqual(['loan-payment current -90000 mortgage 90000 +0']);
    expect(withoutOwnTransfers(view).ledgers.map(({ accountId }) => accountId)).toEqual(['current']);
    expect(
      pairsOf([
        { on: '2026-06-01', minor: -900_00, who: 'Home Loans', category: 'housing' },
        { ...into, minor: 900_00, on: '2026-06-01' },
      ]),
    ).toEqual([]);
    expect(
      pairsOf([
        { on: '2026-06-01', minor: -900_00, account: 'mortgage', who: null, category: 'transfer' },
        { ...into, minor: 900_00, on: '2026-06-01' },
      ]),
    ).toEqual([]);
  });

  it('pairs an exchange at a plausible rate where both sides say transfer, and each is the only choice', () => {
    const euros: MovementRow = { on: '2026-06-01', minor: -100_00, who: 'Wise', category: 'transfer' };
    const dollars: MovementRow = {
      on: '2026-06-02',
      minor: 114_20,
      account: 'dollars',
      who: 'Wise',
      category: 'transfer',
    };
    expect(pairsOf([euros, dollars])).toEqual(['transfer current -10000 dollars 11420 +1']);
    expect(pairsOf([euros, { ...dollars, minor: 80_00 }])).toEqual([]);
    expect(pairsOf([euros, { ...dollars, category: 'other' }])).toEqual([]);
    expect(pairsOf([euros, dollars, { ...dollars, minor: 115_00 }])).toEqual([]);
  });

  it('uses each movement once: two out and one in are one pair', () => {
    expect(pairsOf([out, { ...out, on: '2026-06-02' }, into])).toEqual(['transfer current -20000 savings 20000 +0']);
  });

  it('splits a view in two without losing a movement', () => {
    const rent = monthly('2026-01-03', 6, { minor: -700_00, who: 'Landlord', category: 'housing' });
    const view = buildView({ today: '2026-06-30', accounts, movements: [out, into, ...rent] });
    const count = ({ ledgers }: View) => ledgers.reduce((sum, { movements }) => sum + movements.length, 0);
    expect([count(view), count(withoutOwnTransfers(view)), count(onlyOwnTransfers(view))]).toEqual([8, 6, 2]);
  });

  const row = fc.record({
    on: fc.integer({ min: 1, max: 28 }).map((day) => `2026-06-${String(day).padStart(2, '0')}`),
    minor: fc.constantFrom(-50_00, 50_00, -100_00, 100_00, -83_17, 83_17),
    account: fc.constantFrom('current', 'savings', 'second', 'card', 'dollars'),
    who: fc.constantFrom(null, 'Maria Garcia', 'Anna Muster', 'Revolut', 'Spar'),
    category: fc.constantFrom('transfer', 'other', 'income', 'groceries', 'loan'),
  } as const);

  it('gives the same pairs for every order, and each movement at most once', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), fc.infiniteStream(fc.nat()), (rows, random) => {
        const view = buildView({ today: '2026-06-30', accounts, movements: rows });
        const key = <T>(items: readonly T[]) => items.map((item) => ({ item, by: random.next().value ?? 0 }));
        const shuffled = <T>(items: readonly T[]) =>
          key(items)
            .sort((a, b) => a.by - b.by)
            .map(({ item }) => item);
        const other = { ...view, accounts: shuffled(view.accounts), ledgers: shuffled(view.ledgers) };
        expect(told(other, true)).toEqual(told(view, true));
        const { pairs } = ownTransfers(view);
        const legs = pairs.flatMap(({ out: from, in: to }) => [from, to]);
        const seen = new Set(legs.map(({ ledger, index }) => `${view.ledgers.indexOf(ledger)}|${index}`));
        expect(seen.size).toBe(pairs.length * 2);
      }),
    );
  });

  it('chooses the same of two equals, whichever comes first in the view', () => {
    const twins: MovementRow[] = ['First space', 'Second space'].map((who) => ({ ...into, who, account: 'savings' }));
    const view = buildView({ today: '2026-06-30', accounts, movements: [out, ...twins] });
    const expected = ['transfer current -20000 savings 20000 +1 transfer to savings first space'];
    expect(told(view, true)).toEqual(expected);
    expect(told({ ...view, ledgers: [...view.ledgers].reverse() }, true)).toEqual(expected);
  });

  it('keeps true pairs whatever innocent movements stand beside them', () => {
    const innocent = row.map((one) => ({
      ...one,
      category: one.minor > 0 ? ('income' as const) : ('groceries' as const),
      who: 'Spar',
    }));
    fc.assert(
      fc.property(fc.array(innocent, { maxLength: 30 }), (rows) => {
        const truth: MovementRow[] = [
          { on: '2026-06-10', minor: -100_00, who: 'Transfer', category: 'transfer' },
          { on: '2026-06-11', minor: 100_00, account: 'savings', who: null, category: 'transfer' },
        ];
        expect(pairsOf([...rows, ...truth])).toEqual(['transfer current -10000 savings 10000 +1']);
      }),
    );
  });
});
