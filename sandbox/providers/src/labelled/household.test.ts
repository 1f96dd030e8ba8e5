import { describe, expect, it } from 'vitest';
import { calendarDay } from '../story/calendar.ts';
import { createLabelledHousehold, judgingSeeds, tuningSeeds } from './household.ts';
import { householdPageJson } from './plaid-json.ts';

const seeds = Array.from({ length: 40 }, (_, index) => tuningSeeds.from + index);
const households = seeds.map(createLabelledHousehold);

describe('createLabelledHousehold', () => {
  it('tells the same household for the same seed, and another for another', () => {
    const text = (seed: number) => householdPageJson(createLabelledHousehold(seed), 0, 0, 100_000);
    expect(text(7)).toBe(text(7));
    expect(text(7)).not.toBe(text(8));
  });

  it('keeps the seeds to tune on and the seeds to judge by apart', () => {
    expect(tuningSeeds.to).toBeLessThan(judgingSeeds.from);
  });

  it('gives every id once, and labels speak of records that are there', () => {
    for (const { transactions, labels } of households) {
      const ids = transactions.flatMap(({ id, pendingId }) => (pendingId === null ? [id] : [id, pendingId]));
      expect(new Set(ids).size).toBe(ids.length);
      const known = new Set(transactions.map(({ id }) => id));
      expect(labels.flatMap((label) => label.ids).filter((id) => !known.has(id))).toEqual([]);
    }
  });

  it('lives two years or more, over one to three banks, in many countries, two thirds of them enriched', () => {
    for (const { firstDay, lastDay, connections, accounts } of households) {
      expect(lastDay - firstDay).toBeGreaterThanOrEqual(730);
      expect(connections.length).toBeLessThanOrEqual(3);
      expect(accounts.length).toBeLessThanOrEqual(4);
    }
    expect(new Set(households.map(({ country }) => country)).size).toBeGreaterThan(9);
    expect(households.filter(({ isEnriched }) => isEnriched).length).toBeGreaterThan(20);
    expect(households.filter(({ isEnriched }) => !isEnriched).length).toBeGreaterThan(6);
  });

  it('pairs own transfers: one out, one in, the same amount, of two accounts', () => {
    for (const { transactions, labels } of households) {
      const byId = new Map(transactions.map((each) => [each.id, each]));
      for (const label of labels.filter(({ kind }) => kind === 'own-transfer')) {
        const [out, into] = label.ids.map((id) => byId.get(id));
        expect(out?.outMinor).toBe(-(into?.outMinor ?? Number.NaN));
        expect(out?.account).not.toBe(into?.account);
      }
    }
  });

  it('moves each balance by its records alone', () => {
    for (const { accounts, transactions, firstDay, lastDay } of households) {
      accounts.forEach(({ balances, openingMinor }, account) => {
        const moved = transactions
          .filter((each) => each.account === account && each.movesDay >= firstDay && each.movesDay <= lastDay)
          .reduce((sum, { outMinor }) => sum - outMinor, 0);
        expect(balances.at(-1)).toBe(openingMinor + moved);
      });
    }
  });

  it('plants every kind of fact and of look-alike', () => {
    const kinds = new Set(
      households.flatMap(({ labels }) =>
        labels.map((label) => (label.kind === 'innocent' ? label.reason : label.kind)),
      ),
    );
    expect([...kinds].sort()).toEqual([
      'balance-drift',
      'bonus',
      'category-pace',
      'charged-again',
      'commute',
      'consent-ends',
      'duplicate-charge',
      'equal-coffees',
      'equal-tickets',
      'fees',
      'habitual-groceries',
      'income-change',
      'instalments',
      'irregular-person',
      'late-inside-band',
      'late-record',
      'low-balance',
      'missed',
      'own-transfer',
      'person',
      'price-change',
      'recurring',
      'refund',
      'regular-cash',
      'two-contracts',
      'unusual-spend',
      'weekly-cafe',
    ]);
  });
});

describe('householdPageJson', () => {
  it('tells the history page by page as it tells it at once', () => {
    const household = createLabelledHousehold(1);
    const { firstDay, lastDay } = household;
    interface Page {
      readonly added: readonly { readonly transaction_id: string; readonly pending_transaction_id: string | null }[];
      readonly removed: readonly { readonly transaction_id: string }[];
    }
    const standing = new Set<string>();
    for (let day = firstDay; day <= lastDay; day += 1) {
      const page: Page = JSON.parse(householdPageJson(household, 0, day - 1, day));
      for (const { transaction_id } of page.added) standing.add(transaction_id);
      for (const { transaction_id } of page.removed) standing.delete(transaction_id);
    }
    const whole: Page = JSON.parse(householdPageJson(household, 0, firstDay - 1, lastDay));
    expect([...standing].sort()).toEqual(whole.added.map(({ transaction_id }) => transaction_id).sort());
  });

  it('never tells what is missing, and says each date as its bank does', () => {
    const household = households.find(({ transactions }) => transactions.some(({ isMissing }) => isMissing));
    const missing = household?.transactions.find(({ isMissing }) => isMissing);
    if (household === undefined || missing === undefined) throw new Error('no record is missing');
    const text = householdPageJson(household, missing.connection, 0, household.lastDay);
    expect(text).not.toContain(missing.id);
    expect(text).toContain(`"date":"${calendarDay(household.firstDay + 40).text}"`);
  });
});
