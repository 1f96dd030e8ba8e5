import { describe, expect, it } from 'vitest';
import { samePayees } from './counterparty-alias.ts';
import { dateOf } from './day.ts';
import { stateOf } from './state.ts';
import { sampleTransaction } from './testing/sample-transaction.ts';
import type { CounterpartyLedger } from './view.ts';

type Given = Parameters<typeof sampleTransaction>[0];

/** Ledgers as a state has them, with labels. */
function ledgersOf(...given: readonly Given[]): readonly CounterpartyLedger[] {
  const transactions = given.map((one, index) => sampleTransaction({ transactionId: `t${index}`, ...one }));
  return stateOf(transactions).ledgers.map(({ cut, ...ledger }) => ({
    ...ledger,
    connectionId: 'c1',
    label: ledger.movements.findLast(({ label }) => label !== null)?.label ?? null,
    isCut: cut !== null,
    cutDay: cut?.day ?? null,
  }));
}

const known = (bookingDate: string, merchantEntityId = 'e1', merchantName = 'Vattenfall'): Given => ({
  description: 'Autogiro VATTENFALL AB OCR 937314917',
  merchantName,
  merchantEntityId,
  bookingDate,
});
const unknown: Given = { description: 'Autogiro VATTENFALL AB OCR 123456789', bookingDate: '2026-02-15' };

function told(...given: readonly Given[]): readonly string[] {
  return samePayees(ledgersOf(...given))
    .map(({ label, movements }) => `${label} ${movements.map(({ day }) => dateOf(day)).join(' ')}`)
    .sort();
}

describe('a record that comes without its merchant', () => {
  it('is the merchant’s whose name its words say', () => {
    const ledgers = ledgersOf(known('2026-01-15'), unknown, known('2026-03-15'));
    expect(ledgers).toHaveLength(2);
    expect(told(known('2026-01-15'), unknown, known('2026-03-15'))).toEqual([
      'Vattenfall 2026-01-15 2026-02-15 2026-03-15',
    ]);
  });

  it('is so on another account, where only its words are known', () => {
    const [first, second] = samePayees(ledgersOf(known('2026-01-15'), { ...unknown, accountId: 'a2' }));
    expect([first?.key === second?.key, first?.accountId, second?.accountId]).toEqual([true, 'a1', 'a2']);
  });

  it('is nobody’s where two merchants bear the name, or none', () => {
    expect(told(known('2026-01-15'), unknown, known('2026-03-15', 'e2'))).toHaveLength(3);
    expect(told(known('2026-01-15', 'e1', 'Vattenfall Solar'), unknown)).toHaveLength(2);
  });

  it('is the merchant’s whose records said so before, while that is rare and said of no other', () => {
    const plan = (bookingDate: string, merchantEntityId = 'e1'): Given => ({
      ...known(bookingDate, merchantEntityId, 'Anytime Gym'),
      description: 'POS ABC*PLANET FIT 4488',
    });
    const alone: Given = { description: 'POS ABC*PLANET FIT 1234', bookingDate: '2026-04-15' };
    const views = (...given: readonly Given[]) => {
      const state = stateOf(given.map((one, index) => sampleTransaction({ transactionId: `t${index}`, ...one })));
      const heard = state.ledgers.flatMap(({ key, movements }) =>
        movements.map(({ spoken }) => [spoken, key] as const),
      );
      return samePayees(ledgersOf(...given), heard).map(({ movements }) => movements.length);
    };
    expect(views(plan('2026-01-15'), plan('2026-02-15'), plan('2026-03-15'), alone)).toEqual([4]);
    expect(views(plan('2026-02-15'), plan('2026-03-15'), { ...alone, minor: -1_700 })).toHaveLength(2);
    // A contract's own sum is no other's, however often the merchant is left out.
    expect(views(plan('2026-02-15'), plan('2026-03-15'), alone)).toEqual([3]);
    expect(views(plan('2026-02-15'), plan('2026-03-15'), alone, { ...alone, minor: -1_700 })).toHaveLength(2);
    expect(
      views(plan('2026-01-15'), plan('2026-02-15'), plan('2026-03-15'), plan('2026-03-16', 'e2'), alone),
    ).toHaveLength(3);
  });

  it('is so of one that is spelt in two words, and of no other that begins alike', () => {
    const shop: Given = { description: 'FACE BOOK 4488', bookingDate: '2026-02-15' };
    expect(told(known('2026-01-15', 'e1', 'Facebook'), shop)).toHaveLength(1);
    expect(told(known('2026-01-15', 'e1', 'Facade'), shop)).toHaveLength(2);
    expect(told({ description: 'ATM 12', bookingDate: '2026-01-01' }, shop)).toHaveLength(2);
  });

  it('has the merchant’s name, whichever stands first, and its movements in the order of their days and sums', () => {
    const [alone] = ledgersOf(unknown);
    const [merchant] = ledgersOf(known('2026-02-15'), { ...known('2026-02-15'), minor: -500 });
    if (alone === undefined || merchant === undefined) throw new RangeError('two ledgers');
    const named = { ...merchant, label: 'Vattenfall AB Sweden' };
    for (const ledgers of [
      [alone, merchant],
      [merchant, alone],
    ]) {
      const [one, ...others] = samePayees(ledgers);
      expect(others).toEqual([]);
      expect(one).toMatchObject({ key: merchant.key, label: 'Vattenfall', isCut: false, cutDay: null });
      expect(one?.movements.map(({ minor }) => minor)).toEqual([-1_000, -1_000, -500]);
    }
    // Of a name that its words do not say nothing is taken.
    expect(samePayees([alone, named])).toHaveLength(2);
    expect(samePayees([alone, { ...merchant, label: null }])).toHaveLength(2);
  });

  it('stays alone where its words stood with the merchant once, or as often alone as with it', () => {
    const ledgers = ledgersOf(known('2026-01-15', 'e1', 'Anytime Gym'), {
      description: 'PLANET FIT',
      bookingDate: '2026-02-01',
      minor: -1_700,
    });
    const [gym, words] = ledgers.toSorted((a, b) =>
      a.label === 'Anytime Gym' ? -1 : b.label === 'Anytime Gym' ? 1 : 0,
    );
    if (gym === undefined || words === undefined) throw new RangeError('two ledgers');
    const many = { ...gym, movements: [...gym.movements, ...gym.movements, ...gym.movements] };
    const heard = [words.key, gym.key] as const;
    expect(samePayees([many, words], [heard, heard])).toHaveLength(1);
    expect(samePayees([many, words], [heard])).toHaveLength(2);
    expect(samePayees([gym, words], [heard, heard])).toHaveLength(2);
    expect(samePayees([many, words], [heard, heard, [words.key, 'another']])).toHaveLength(2);
    expect(samePayees([many, words], [heard, [null, gym.key]])).toHaveLength(2);
    expect(
      samePayees(
        [many, words],
        [
          ['elsewhere', gym.key],
          ['elsewhere', gym.key],
        ],
      ),
    ).toHaveLength(2);
  });

  it('keeps what was dropped of either in mind', () => {
    const [one, other] = ledgersOf(known('2026-01-15'), unknown);
    if (one === undefined || other === undefined) throw new RangeError('two ledgers');
    const cut = samePayees([
      { ...one, isCut: true, cutDay: 5 },
      { ...other, isCut: true, cutDay: 9 },
    ]);
    expect(cut).toMatchObject([{ isCut: true, cutDay: 9 }]);
    expect(samePayees([one, { ...other, isCut: true, cutDay: 9 }])).toMatchObject([{ isCut: true, cutDay: 9 }]);
  });
});
