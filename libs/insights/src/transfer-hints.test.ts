import { describe, expect, it } from 'vitest';
import {
  type AccountRow,
  accountsOfEachSort as accounts,
  buildView,
  every,
  type MovementRow,
  monthly,
} from './testing/build-view.ts';
import {
  hintOf,
  isAllowed,
  isOneName,
  type Mirrors,
  MOST_DAYS,
  MOST_DAYS_BEFORE,
  mirrorKey,
  mirrorsOf,
  ownNamesOf,
  type People,
  peopleOf,
  sideOf,
} from './transfer-hints.ts';
import { byAmountOf, compareOfDay, type Leg, legsOf, spansOf } from './transfer-legs.ts';
import type { View } from './view.ts';

const loan: AccountRow = { id: 'loan', type: 'LOAN' };
const view = (movements: readonly MovementRow[], cut: readonly string[] = []): View =>
  buildView({ today: '2026-12-31', accounts: [...accounts, loan], movements, cut });

function legOf(row: Partial<MovementRow>): Leg {
  const [leg] = legsOf(view([{ on: '2026-06-01', minor: -50_00, who: null, ...row }]));
  if (leg === undefined) throw new RangeError('such a movement is no leg');
  return leg;
}

/** What the whole history of some movements tells. */
function told(movements: readonly MovementRow[], cut: readonly string[] = []) {
  const built = view(movements, cut);
  const legs = legsOf(built);
  const ordered = legs.toSorted((a, b) => a.movement.day - b.movement.day || compareOfDay(a, b));
  const [byAmount, spans] = [byAmountOf(ordered), spansOf(built)];
  const mirrors = mirrorsOf(ordered, byAmount, spans);
  return {
    mirrors: [...mirrors],
    people: Object.fromEntries(peopleOf(legs, byAmount, spans, mirrors)),
    ownNames: [...ownNamesOf(legs, byAmount, spans)],
  };
}

const after = (on: string, days: number) => every(days, on, 2, { minor: 0 })[1]?.on ?? on;

interface Answers {
  /** Places in the rows whose sum comes to the other account. */
  readonly answered?: readonly number[];
  readonly days?: number;
  readonly to?: string;
  readonly in?: Partial<MovementRow>;
}

/** The rows, and on another account the same sums. */
function withAnswers(rows: readonly MovementRow[], { answered, days = 0, to = 'savings', ...given }: Answers = {}) {
  const kept = rows.filter((_, index) => answered === undefined || answered.includes(index));
  return [
    ...rows,
    ...kept.map(({ on, minor }) => ({ who: null, ...given.in, on: after(on, days), minor: -minor, account: to })),
  ];
}

/** Different sums, so that they answer each other by more than their habit. */
const sums = (times: number, row: Omit<MovementRow, 'on' | 'minor'>) =>
  monthly('2026-01-10', times, { ...row, minor: 0 }).map((each, index) => ({ ...each, minor: -(50_00 + index) }));

/** So that both accounts have a history before and behind. */
const around: readonly MovementRow[] = ['current', 'savings'].flatMap((account) =>
  ['2025-12-01', '2026-12-01'].map((on) => ({ on, minor: -1_23, account, who: `Edge ${account} 1` })),
);

describe('isAllowed', () => {
  const from = ['current', 'savings', 'card', 'loan', 'mortgage'] as const;

  it.each([
    ['transfer', 'transfer', 'current savings card -> current savings card loan mortgage'],
    ['housing', 'transfer', 'current savings card -> loan mortgage'],
    ['transfer', 'housing', 'current savings card -> loan mortgage'],
    ['loan', 'transfer', 'current savings card -> card loan mortgage'],
    ['transfer', 'loan', 'current savings card -> current savings card loan mortgage'],
  ] as const)('lets %s become %s: %s', (paid, got, expected) => {
    const pairs = from.flatMap((out) =>
      from
        .filter((into) =>
          isAllowed(
            legOf({ account: out, category: paid, transferLike: true }),
            legOf({ account: into, category: got, minor: 50_00, transferLike: true }),
          ),
        )
        .map((into) => ({ out, into })),
    );
    const texts = Map.groupBy(pairs, ({ out }) => out);
    const targets = [...new Set([...texts.values()].map((of) => of.map(({ into }) => into).join(' ')))];
    expect(`${[...texts.keys()].join(' ')} -> ${targets.join('; ')}`).toBe(expected);
  });
});

describe('hintOf', () => {
  const plain = legOf({ account: 'second', minor: 50_00 });
  const savings = legOf({ account: 'savings', minor: 50_00 });
  const card = legOf({ account: 'card', minor: 50_00 });

  it.each<[string, Partial<MovementRow>, Leg, number]>([
    ['nothing', {}, plain, 0],
    ['a shop', { who: 'Corner 24' }, plain, 0],
    ['a type of the statement', { transferLike: true }, plain, 1],
    ['a category', { category: 'transfer', transferLike: false }, plain, 1],
    ['the word for the other account', { who: 'Sparkonto' }, savings, 1],
    ['the name of the other account', { who: 'To Rainy' }, savings, 1],
    ['that word, for an account of another type', { who: 'Sparkonto' }, plain, 0],
    ['a bank', { who: 'Revolut' }, plain, 1],
    ['a type and the word', { who: 'Sparkonto', transferLike: true }, savings, 2],
    ['a type and a bank that the other is not of', { who: 'Revolut', transferLike: true }, plain, 1],
    ['a loan between two current accounts', { category: 'loan' }, plain, 0],
    ['a loan that is paid to a card', { category: 'loan' }, card, 1],
    ['a loan that leaves a card', { category: 'loan', account: 'card' }, plain, 1],
    ['housing paid to a card', { category: 'housing' }, card, 1],
    ['housing between two current accounts', { category: 'housing' }, plain, 0],
    ['other between a card and a current account', { account: 'card' }, plain, 0],
  ])('of %s', (_, row, other, expected) => {
    expect(hintOf(legOf(row), other)).toBe(expected);
  });
});

describe('sideOf', () => {
  const nobody: People = new Map();
  const savings = legOf({ account: 'savings', minor: 50_00 });
  const maria = { who: 'Maria Garcia' } as const;

  it.each<[string, Partial<MovementRow>, boolean, People, string]>([
    ['a label of nobody', {}, false, nobody, 'nobody'],
    ['a shop', { who: 'Corner 24' }, false, nobody, 'somebody'],
    ['a shop that is tied to the other side', { who: 'Corner 24' }, true, nobody, 'nobody'],
    ['the other account', { who: 'Sparkonto' }, false, nobody, 'nobody'],
    ['a bank', { who: 'Revolut' }, false, nobody, 'nobody'],
    ['a person', maria, false, nobody, 'somebody'],
    ['a person, by a transfer', { ...maria, transferLike: true }, false, nobody, 'person'],
    ['a shop, by a transfer', { who: 'Corner 24', transferLike: true }, false, nobody, 'somebody'],
    ['the user', maria, false, new Map([['maria garcia', 'own']]), 'nobody'],
    ['a stranger', maria, false, new Map([['maria garcia', 'stranger']]), 'stranger'],
    ['a stranger with their name on both sides', maria, true, new Map([['maria garcia', 'stranger']]), 'stranger'],
    ['another person', maria, false, new Map([['anna muster', 'stranger']]), 'somebody'],
    ['a shop that has a stranger’s key', { who: 'Corner 24' }, false, new Map([['corner 24', 'stranger']]), 'somebody'],
    ['who pays into a card', { ...maria, account: 'card', minor: 50_00 }, false, nobody, 'nobody'],
    ['who is paid from a card', { ...maria, account: 'card' }, false, nobody, 'somebody'],
    ['who pays into a current account', { ...maria, minor: 50_00 }, false, nobody, 'somebody'],
  ])('finds %s', (_, row, isTied, people, expected) => {
    expect(sideOf(legOf(row), savings, isTied, people)).toBe(expected);
  });
});

describe('isOneName', () => {
  it.each([
    ['Maria Garcia', 'GARCIA LOPEZ MARIA', true],
    ['Maria Garcia', 'M Garcia', true],
    ['Maria Garcia', 'Anna Garcia', false],
    ['Maria Garcia', null, false],
    [null, 'Maria Garcia', false],
    [null, null, false],
    ['Corner 24', 'Corner 24', false],
    ['Maria Garcia', 'Maria Garcia 24', false],
    ['Maria Garcia 24', 'Maria Garcia', false],
  ])('%s and %s: %s', (from, to, expected) => {
    expect(isOneName(legOf({ who: from }), legOf({ who: to, account: 'savings', minor: 50_00 }))).toBe(expected);
  });
});

describe('amounts that answer each other', () => {
  const mirror = ['c1|current|corner 24|>c2|savings|unnamed|'];
  const mirrorsIn = (rows: readonly MovementRow[]) => told([...around, ...rows]).mirrors;
  const paid = sums(4, { who: 'Corner 24' });

  it('are known after three of them', () => {
    expect(mirrorsIn(withAnswers(paid))).toEqual(mirror);
    expect(mirrorsIn(withAnswers(paid.slice(0, 3)))).toEqual(mirror);
    expect(mirrorsIn(withAnswers(paid.slice(0, 2)))).toEqual([]);
    const [out, into] = legsOf(view(withAnswers(paid.slice(0, 1))));
    expect(out && into && mirrorKey(out, into)).toBe(mirror[0]);
  });

  it.each([
    [-MOST_DAYS_BEFORE - 1, []],
    [-MOST_DAYS_BEFORE, mirror],
    [MOST_DAYS, mirror],
    [MOST_DAYS + 1, []],
  ])('come %i days later', (days, expected) => {
    expect(mirrorsIn(withAnswers(paid, { days }))).toEqual(expected);
  });

  it('answer on another account, on one that money may go to, and among no people', () => {
    expect(mirrorsIn(withAnswers(paid, { to: 'current', in: { who: 'Other 24' } }))).toEqual([]);
    expect(mirrorsIn(withAnswers(sums(4, { who: 'Corner 24', category: 'housing' })))).toEqual([]);
    expect(mirrorsIn(withAnswers(sums(4, { who: 'Maria Garcia' })))).toEqual([]);
    expect(mirrorsIn(withAnswers(paid, { in: { who: 'Maria Garcia' } }))).toEqual([]);
    expect(mirrorsIn(withAnswers(sums(4, { who: 'Maria Garcia' }), { in: { who: 'Maria Garcia' } }))).toHaveLength(1);
    expect(mirrorsIn(withAnswers(sums(4, { who: 'Venmo' })))).toEqual([]);
    expect(mirrorsIn(withAnswers(paid, { in: { who: 'Venmo' } }))).toEqual([]);
  });

  it.each<[number, number, readonly string[]]>([
    [4, 3, mirror],
    [5, 3, []],
    [7, 5, []],
    [7, 6, mirror],
    [8, 6, mirror],
  ])('are three of four at least on one side: of %i, %i', (times, answered, expected) => {
    const places = Array.from({ length: answered }, (_, place) => place);
    const rows = sums(times, { who: 'Corner 24' });
    // As many of the other side have no answer.
    const lonely = rows.slice(answered).map(({ on }) => ({ on, minor: 7_77, account: 'savings', who: null }));
    expect(mirrorsIn([...withAnswers(rows, { answered: places }), ...lonely])).toEqual(expected);
  });

  it.each<[number, readonly string[]]>([
    [3, mirror],
    [4, []],
  ])('are half at least on the other: beside three answers, %i that are none', (lonely, expected) => {
    const more = monthly('2026-01-20', lonely, { minor: 7_77, account: 'savings', who: null });
    expect(mirrorsIn([...withAnswers(paid.slice(0, 3)), ...more])).toEqual(expected);
  });

  it('count those alone that could have been answered', () => {
    const rows = sums(8, { who: 'Corner 24' });
    const answered = [5, 6, 7];
    // The other account begins, or ends, where they do.
    expect(told(withAnswers(rows, { answered })).mirrors).toEqual(mirror);
    expect(told(withAnswers(rows, { answered: [0, 1, 2] })).mirrors).toEqual(mirror);
    expect(mirrorsIn(withAnswers(rows, { answered }))).toEqual([]);
    // Or its ledger was cut there.
    const cut = told([...around, ...withAnswers(rows, { answered })], ['savings|unnamed|in']);
    expect(cut.mirrors).toEqual(mirror);
  });

  it.each<[string, Omit<MovementRow, 'on' | 'minor'>, Partial<MovementRow>, number]>([
    ['nothing', { who: 'Corner 24' }, {}, 0],
    ['one name', { who: 'Maria Garcia' }, { who: 'Garcia Maria' }, 1],
    ['one name in other words', { who: 'Betalning Maria Garcia' }, { who: 'Insättning Maria Garcia' }, 1],
    ['one key', { who: 'Corner 24', key: 'c' }, { who: 'Corner 24 Ltd', key: 'c' }, 1],
    ['a hint where it left', { who: 'Corner 24', transferLike: true }, {}, 1],
    ['a hint where it came', { who: 'Corner 24' }, { transferLike: true }, 1],
  ])('are always the same sum with %s said of them', (_, row, into, count) => {
    const same = monthly('2026-01-10', 5, { ...row, minor: -50_00 });
    expect(mirrorsIn(withAnswers(same, { in: into }))).toHaveLength(count);
  });

  it('answer one each', () => {
    const twice = [...paid.slice(0, 2), ...paid.slice(0, 2).map((row) => ({ ...row, on: after(row.on, 1) }))];
    expect(mirrorsIn(withAnswers(twice, { answered: [0, 1] }))).toEqual([]);
    expect(mirrorsIn(withAnswers(twice))).toEqual(mirror);
  });
});

describe('whose name it is', () => {
  const maria = { who: 'Maria Garcia' } as const;
  const peopleIn = (rows: readonly MovementRow[], cut: readonly string[] = []) =>
    told([...around, ...rows], cut).people;
  const first = (count: number) => Array.from({ length: count }, (_, place) => place);
  const hinted: Answers = { in: { transferLike: true } };

  it.each<[number, number, string | undefined]>([
    [1, 0, undefined],
    [2, 0, 'stranger'],
    [2, 1, undefined],
    [2, 2, undefined],
    [3, 1, 'stranger'],
    [3, 2, undefined],
    [3, 3, 'own'],
    [4, 2, undefined],
    [4, 3, 'own'],
    [8, 5, undefined],
    [8, 6, 'own'],
    [8, 3, 'stranger'],
  ])('shows when of %i movements %i are answered', (times, answered, expected) => {
    const rows = withAnswers(sums(times, maria), { ...hinted, answered: first(answered) });
    expect(peopleIn(rows)['maria garcia']).toBe(expected);
  });

  it.each<[string, Omit<MovementRow, 'on' | 'minor'>, Answers, string]>([
    ['without a hint', maria, {}, 'stranger'],
    ['with a hint on its own side alone', { ...maria, transferLike: true }, {}, 'stranger'],
    ['with its own name', maria, { in: { who: 'Garcia, Maria' } }, 'own'],
    ['six days later', maria, { ...hinted, days: 6 }, 'own'],
    ['seven days later', maria, { ...hinted, days: 7 }, 'stranger'],
    ['six days before', maria, { ...hinted, days: -6 }, 'own'],
    ['seven days before', maria, { ...hinted, days: -7 }, 'stranger'],
    ['on the same account', maria, { ...hinted, to: 'current' }, 'stranger'],
  ])('shows in answers %s', (_, row, answers, expected) => {
    expect(peopleIn(withAnswers(sums(4, row), answers))['maria garcia']).toBe(expected);
  });

  it('shows also where money comes in', () => {
    const rows = sums(4, maria).map((row) => ({ ...row, minor: -row.minor }));
    expect(peopleIn(withAnswers(rows, { in: { transferLike: true } }))).toEqual({ 'maria garcia': 'own' });
    expect(peopleIn(rows)).toEqual({ 'maria garcia': 'stranger' });
  });

  it('is not judged by what no other account could answer', () => {
    const rows = withAnswers(sums(8, maria), { ...hinted, answered: [5, 6, 7] });
    expect(peopleIn(rows)).toEqual({ 'maria garcia': 'stranger' });
    // Nothing is known of the other account from before its first movement.
    expect(told(rows).people).toEqual({ 'maria garcia': 'own' });
    // Nor of what its ledger no longer keeps, by a cut or since words take it for a shop's.
    expect(peopleIn(rows, ['savings|unnamed|in'])).toEqual({ 'maria garcia': 'own' });
    const shop = { who: 'Garcia Maria', category: 'dining' } as const;
    expect(peopleIn(withAnswers(sums(8, maria), { answered: [5, 6, 7], in: shop }))['maria garcia']).toBe('own');
  });

  it('is judged from six days before the other account begins', () => {
    const early = (days: number) => {
      const rows = [...sums(2, maria).map((row) => ({ ...row, on: after('2026-05-01', -days) }))];
      const begin = { on: '2026-05-01', minor: 3_33, account: 'savings', who: null };
      return told([...rows, begin]).people['maria garcia'];
    };
    expect(early(6)).toBe('stranger');
    expect(early(7)).toBeUndefined();
  });

  it('makes every other person a stranger once the user’s own is known', () => {
    const own = withAnswers(sums(4, maria), hinted);
    const seen = (who: string) => ({ on: '2026-03-03', minor: -9_87, who });
    expect(peopleIn([...own, seen('Anna Muster'), seen('M Garcia'), seen('Corner 24')])).toEqual({
      'maria garcia': 'own',
      'anna muster': 'stranger',
      'm garcia': 'own',
    });
    expect(peopleIn([seen('Anna Muster')])).toEqual({});
  });

  it('knows a mirror’s answers without a word', () => {
    const out = legOf(maria);
    const into = legOf({ who: 'Anna Muster', account: 'savings', minor: 50_00 });
    const rows = withAnswers(sums(4, maria), { in: { who: 'Anna Muster' } });
    const built = view([...around, ...rows]);
    const legs = legsOf(built);
    const [byAmount, spans] = [byAmountOf(legs), spansOf(built)];
    const people = (mirrors: Mirrors) => Object.fromEntries(peopleOf(legs, byAmount, spans, mirrors));
    expect(people(new Set())).toEqual({ 'maria garcia': 'stranger', 'anna muster': 'stranger' });
    expect(people(new Set([mirrorKey(out, into)]))).toEqual({ 'maria garcia': 'own', 'anna muster': 'own' });
    expect(people(new Set([mirrorKey(into, out)]))).toEqual({ 'maria garcia': 'stranger', 'anna muster': 'stranger' });
  });
});

describe('own names with the bank’s words around them', () => {
  const namesIn = (rows: readonly MovementRow[]) => told([...around, ...rows]).ownNames;
  const paid = (times: number) => sums(times, { who: 'Betalning Maria Garcia' });
  const got = { who: 'Insättning Maria Garcia' };

  it.each<[number, number, readonly string[]]>([
    [2, 2, []],
    [3, 3, ['garcia maria']],
    [4, 3, ['garcia maria']],
    [5, 3, []],
  ])('answer themselves: of %i, %i', (times, answered, expected) => {
    const places = Array.from({ length: answered }, (_, place) => place);
    expect(namesIn(withAnswers(paid(times), { answered: places, in: got }))).toEqual(expected);
  });

  it('stand on both sides, and answer on both', () => {
    expect(namesIn(paid(4))).toEqual([]);
    expect(namesIn(withAnswers(paid(4), { in: { who: 'Insättning Anna Muster' } }))).toEqual([]);
    const lonely = monthly('2026-01-20', 2, { ...got, minor: 7_77, account: 'savings' });
    expect(namesIn([...withAnswers(paid(3), { in: got }), ...lonely])).toEqual([]);
    expect(namesIn([...withAnswers(paid(3), { in: got }), ...lonely.slice(1)])).toEqual(['garcia maria']);
    expect(namesIn(withAnswers(sums(4, { who: 'Corner 24' }), { in: { who: 'Corner 24' } }))).toEqual([]);
  });
});
