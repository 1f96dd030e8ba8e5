import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connectionInsights } from './assess-connection.ts';
import { insightsApart, userInsights } from './assess-user.ts';
import type { InsightKind } from './insight.ts';
import { buildInsight } from './testing/build-insight.ts';
import { type AccountRow, buildView, every, monthly } from './testing/build-view.ts';
import { detectMonthly } from './testing/detect-monthly.ts';
import type { View } from './view.ts';

const wage = monthly('2026-01-28', 6, { minor: 2000_00, who: 'Employer', category: 'income' });
const rent = monthly('2026-01-03', 6, { minor: -900_00, who: 'Landlord', category: 'housing' });
const food = every(1, '2026-01-02', 179, { minor: -10_00, who: 'Market', category: 'groceries' });
const order = monthly('2026-01-05', 6, { minor: -500_00, who: 'Standing order savings', category: 'transfer' });
const saved = monthly('2026-01-05', 6, { minor: 500_00, account: 'savings', who: null, category: 'transfer' });
const accounts: readonly AccountRow[] = [
  { id: 'current', balance: 1700_00 },
  { id: 'savings', type: 'SVGS', balance: 4000_00, connection: 'c2' },
];
const household = buildView({
  today: '2026-06-30',
  accounts,
  movements: [...wage, ...rent, ...food, ...order, ...saved],
});

describe('userInsights', () => {
  it('tells no own transfer as a payment or an income, and reckons with it all the same', () => {
    const { insights, recommendations, forecast } = userInsights(household, detectMonthly, []);
    expect(
      insights
        .filter(({ kind }) => kind === 'recurring')
        .map(({ counterparty }) => counterparty)
        .sort(),
    ).toEqual(['Employer', 'Landlord']);
    expect(forecast.map(({ accountId, due }) => [accountId, due.map(({ minor }) => minor)])).toEqual([
      ['current', [-900_00, -500_00, 2000_00, -900_00, -500_00]],
    ]);
    // 1,700.00 less rent and standing order lasts thirty days at 10.00; without the standing order nobody would know.
    expect(insights.filter(({ kind }) => kind === 'low-balance')).toEqual([]);
    const poorer = {
      ...household,
      accounts: household.accounts.map((one) => ({ ...one, balanceMinor: (one.balanceMinor ?? 0) - 230_00 })),
    };
    const found = userInsights(poorer, detectMonthly, []);
    expect(found.insights[0]).toMatchObject({ kind: 'low-balance', likelyMinor: -30_00 });
    expect(found.recommendations[0]).toMatchObject({ action: 'move-money', account: { accountId: 'savings' } });
    expect(recommendations).toEqual([]);
  });

  it('answers what if a contract ended', () => {
    const rents = detectMonthly(household).find(({ counterparty }) => counterparty === 'Landlord');
    const end = (without?: ReadonlySet<string>) =>
      userInsights(household, detectMonthly, [], without).forecast[0]?.days.at(-1)?.likelyMinor ?? 0;
    expect(end(new Set([rents?.fingerprint ?? ''])) - end()).toBe(1800_00);
  });

  it('gives the most important first, and heeds what the user said', () => {
    const detect = () => [
      buildInsight('recurring'),
      buildInsight('duplicate-charge'),
      buildInsight('unusual-spend'),
      buildInsight('missed', { confidencePercent: 80, fingerprint: '0-later' }),
      buildInsight('missed', { fingerprint: 'b' }),
      buildInsight('missed', { fingerprint: 'a' }),
    ];
    const view = buildView({ today: '2026-06-30' });
    expect(userInsights(view, detect, []).insights.map(({ fingerprint }) => fingerprint)).toEqual([
      'duplicate-charge',
      'a',
      'b',
      '0-later',
      'recurring',
    ]);
    const dismissed = { fingerprint: 'a', action: 'dismiss', untilDate: null, atEpochMs: 1 } as const;
    expect(userInsights(view, detect, [dismissed]).insights.map(({ fingerprint }) => fingerprint)).not.toContain('a');
  });

  it('gives what cannot wait first, then what costs, then what is good to know', () => {
    const order: readonly InsightKind[] = [
      'low-balance',
      'duplicate-charge',
      'missed',
      'consent-ends',
      'balance-drift',
      'unusual-spend',
      'price-change',
      'income-change',
      'category-pace',
      'fees',
      'idle-cash',
      'savings-rate',
      'recurring',
    ];
    // Each about a movement of its own, or one would be told in place of another.
    const detect = () =>
      order.toReversed().map((kind, at) =>
        buildInsight(kind, {
          evidence: [{ connectionId: 'c1', accountId: 'current', date: `2026-05-${10 + at}`, minor: -at - 1 }],
          counterparty: kind,
          ...(kind === 'category-pace' && { category: 'groceries' }), // the unusual charge is no cause of it
        } as Partial<ReturnType<typeof buildInsight>>),
      );
    const view = buildView({ today: '2026-06-30' });
    expect(userInsights(view, detect, []).insights.map(({ kind }) => kind)).toEqual(order);
    expect(insightsApart(view, detect).map(({ kind }) => kind)).toEqual(order);
  });

  it('orders equals by their fingerprint, whatever order they came in', () => {
    const fees = ['b', 'c', 'a'].map((fingerprint) => buildInsight('fees', { fingerprint }));
    const view = buildView({ today: '2026-06-30' });
    for (const given of [fees, fees.toReversed()])
      expect(userInsights(view, () => given, []).insights.map(({ fingerprint }) => fingerprint)).toEqual([
        'a',
        'b',
        'c',
      ]);
  });

  it('expects the payment of a card once: by what the card says', () => {
    const toCard = monthly('2026-01-20', 6, { minor: -300_00, who: 'Card payment', category: 'transfer' });
    const onCard = monthly('2026-01-20', 6, {
      minor: 300_00,
      account: 'card',
      who: 'Card payment',
      category: 'transfer',
    });
    const spent = monthly('2026-01-05', 6, { minor: -300_00, account: 'card', who: 'Shop', category: 'shopping' });
    const view = buildView({
      today: '2026-06-30',
      accounts: [
        { id: 'current', balance: 1700_00 },
        { id: 'card', type: 'CARD', balance: -300_00, connection: 'c2' },
      ],
      movements: [...wage, ...toCard, ...onCard, ...spent],
    });
    const { forecast, insights } = userInsights(view, detectMonthly, []);
    const due = forecast.find(({ accountId }) => accountId === 'current')?.due ?? [];
    expect(due.filter(({ date, minor }) => minor < 0 && date < '2026-08-01')).toHaveLength(1);
    expect(
      insights
        .filter(({ kind }) => kind === 'recurring')
        .map(({ counterparty }) => counterparty)
        .sort(),
    ).toEqual(['Employer', 'Shop']);
  });

  it('does not call cash idle on an account whose movements are incomplete', () => {
    const rich: AccountRow = { id: 'current', balance: 90_000_00 };
    const movements = [...food, ...rent];
    const kinds = (account: AccountRow) =>
      userInsights(buildView({ today: '2026-06-30', accounts: [account], movements }), detectMonthly, []).insights.map(
        ({ kind }) => kind,
      );
    expect(kinds(rich)).toContain('idle-cash');
    expect(kinds({ ...rich, earlier: { minor: 5_00, on: '2026-06-20' } })).not.toContain('idle-cash');
    expect(kinds({ ...rich, earlier: { minor: 5_00, on: '2026-06-20' } })).toContain('balance-drift');
  });

  it('gives nothing for nothing', () => {
    const empty: View = { today: 0, connections: [], accounts: [], ledgers: [], droppedMonths: [] };
    expect(userInsights(empty, detectMonthly, [])).toEqual({ insights: [], recommendations: [], forecast: [] });
  });
});

const names = ['Market', 'Anna Muster', 'Maria Garcia', 'Employer', 'Overdraft fee', null] as const;
const categories = ['other', 'income', 'transfer', 'groceries', 'housing', 'fees', 'interest', 'loan'] as const;
const rows = fc.array(
  fc.record({
    on: fc
      .integer({ min: 0, max: 210 })
      .map((days) => new Date(Date.UTC(2026, 0, 1 + days)).toISOString().slice(0, 10)),
    minor: fc
      .oneof(fc.integer({ min: -50_000, max: 50_000 }), fc.constantFrom(-100_00, 100_00), fc.maxSafeInteger())
      .filter((one) => one !== 0),
    account: fc.constantFrom('current', 'savings', 'card', 'yen', 'loan'),
    who: fc.constantFrom(...names),
    category: fc.constantFrom(...categories),
  }),
  { maxLength: 60 },
);
const balance = fc.oneof(fc.constant(null), fc.integer({ min: -900_000, max: 9_000_000 }), fc.maxSafeInteger());
const places = fc
  .record({ current: balance, savings: balance, card: balance, yen: balance })
  .map((of): AccountRow[] => [
    { id: 'current', balance: of.current, earlier: { minor: 5_00, on: '2026-05-01' } },
    { id: 'savings', balance: of.savings, type: 'SVGS', connection: 'c2' },
    { id: 'card', balance: of.card, type: 'CARD', connection: 'c3' },
    { id: 'yen', balance: of.yen, connection: 'c2', currency: 'JPY' },
    { id: 'loan', type: 'LOAN', connection: 'c4', currency: 'XAU' },
  ]);

function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

describe('userInsights over random views', () => {
  it('never throws, and gives whole numbers only', () => {
    fc.assert(
      fc.property(rows, places, (movements, given) => {
        const found = userInsights(buildView({ today: '2026-06-30', accounts: given, movements }), detectMonthly, []);
        expect(numbersIn(found).filter((one) => !Number.isSafeInteger(one))).toEqual([]);
        const fingerprints = [...found.insights, ...found.recommendations].map(({ fingerprint }) => fingerprint);
        expect(new Set(fingerprints).size).toBe(fingerprints.length);
      }),
    );
  });

  it('does not depend on the order of connections, accounts and ledgers', () => {
    fc.assert(
      fc.property(rows, places, fc.infiniteStream(fc.nat()), (movements, given, random) => {
        const view = buildView({ today: '2026-06-30', accounts: given, movements });
        const shuffled = <T>(items: readonly T[]) =>
          items
            .map((item) => ({ item, by: random.next().value ?? 0 }))
            .sort((a, b) => a.by - b.by)
            .map(({ item }) => item);
        const other: View = {
          ...view,
          connections: shuffled(view.connections),
          accounts: shuffled(view.accounts),
          ledgers: shuffled(view.ledgers),
        };
        const [one, two] = [userInsights(view, detectMonthly, []), userInsights(other, detectMonthly, [])];
        expect(two).toEqual(one);
      }),
    );
  });

  it('says of one connection what all together say, less the kinds that need the others', () => {
    let told = 0;
    fc.assert(
      fc.property(rows, places, (movements, given) => {
        const view = buildView({ today: '2026-06-30', accounts: given, movements });
        const all = userInsights(view, detectMonthly, []).insights;
        const apart = insightsApart(view, detectMonthly);
        expect(apart).toEqual(all.filter(({ kind }) => !ofTheUser.has(kind)));
        told += apart.length;
      }),
    );
    expect(told).toBeGreaterThan(0);
  });
});

const ofTheUser: ReadonlySet<InsightKind> = new Set([
  'category-pace',
  'idle-cash',
  'income-change',
  'low-balance',
  'savings-rate',
]);

describe('insightsApart', () => {
  it('does not miss a wage that came at another amount, though it is not told of the change', () => {
    const raised = monthly('2026-01-28', 6, { minor: 2000_00, who: 'Employer', category: 'income' }).map((row, at) =>
      at < 4 ? row : { ...row, minor: 2500_00 },
    );
    const view = buildView({ today: '2026-06-30', accounts, movements: raised });
    const missing = buildInsight('missed', {
      direction: 'in',
      counterparty: 'Employer',
      expectedFromDate: '2026-06-01',
    });
    const detect = (household: View) => [...connectionInsights(household), missing];
    expect(userInsights(view, detect, []).insights.map(({ kind }) => kind)).toContain('income-change');
    expect(insightsApart(view, detect).map(({ kind }) => kind)).toEqual(['recurring']);
  });
});
