import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CARD } from './household.ts';
import type { Entry } from './origin.ts';
import { Story } from './story.ts';

const storyOf = (seed: number, historyTransactions = 40) =>
  new Story({ seed, connections: 5_000, startDate: '2025-01-01', historyTransactions });

const key = ({ origin, pending }: Entry) => `${origin.step}/${origin.ordinal}/${pending ? 'pending' : 'posted'}`;
const shown = (entry: Entry) => ({ key: key(entry), outMinor: entry.outMinor, day: entry.day });
const seeds = fc.integer({ min: 0, max: 4_294_967_295 });
const indexes = fc.integer({ min: 0, max: 4_999 });

/** Applies what steps publish, in the order a reader must: upsert, then delete. */
function fold(story: Story, index: number, lastStep: number): Map<string, Entry> {
  const copy = new Map<string, Entry>();
  for (let step = 0; step <= lastStep; step += 1) {
    const { added, modified, removed } = story.changes(index, step);
    for (const entry of [...added, ...modified]) copy.set(key(entry), entry);
    for (const entry of removed) copy.delete(key(entry));
  }
  return copy;
}

describe('the story', () => {
  it('folds to what is published, for any seed, connection and step', () => {
    fc.assert(
      fc.property(seeds, indexes, fc.integer({ min: 0, max: 40 }), (seed, index, step) => {
        const story = storyOf(seed);
        const folded = [...fold(story, index, step).values()].map(shown);
        const published = story.published(index, step).map(shown);
        const byKey = (one: { key: string }, other: { key: string }) => (one.key < other.key ? -1 : 1);
        expect(folded.sort(byKey)).toEqual(published.sort(byKey));
      }),
      { numRuns: 150 },
    );
  });

  it('adds nothing twice, modifies and removes only what stands', () => {
    fc.assert(
      fc.property(seeds, indexes, (seed, index) => {
        const story = storyOf(seed);
        const ever = new Set<string>();
        const standing = new Set<string>();
        for (let step = 0; step <= 30; step += 1) {
          const { added, modified, removed } = story.changes(index, step);
          for (const entry of added) {
            expect(ever).not.toContain(key(entry));
            ever.add(key(entry));
            standing.add(key(entry));
          }
          for (const entry of modified) expect(standing).toContain(key(entry));
          for (const entry of removed) expect(standing.delete(key(entry))).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('ends every pending entry within 3 steps: posted under another id, or dropped', () => {
    const story = storyOf(7);
    let posted = 0;
    let dropped = 0;
    let unlinked = 0;
    for (let index = 0; index < 40; index += 1) {
      const pendingSince = new Map<string, number>();
      for (let step = 0; step <= 60; step += 1) {
        const { added, removed } = story.changes(index, step);
        const postedNow = new Map(added.filter(({ pending }) => !pending).map((entry) => [key(entry), entry]));
        for (const entry of removed.filter(({ pending }) => pending)) {
          const twin = postedNow.get(key({ ...entry, pending: false }));
          if (twin === undefined) dropped += 1;
          else posted += 1;
          if (twin?.origin.linked === false) unlinked += 1;
          expect(step - (pendingSince.get(key(entry)) ?? 0)).toBeLessThanOrEqual(3);
          pendingSince.delete(key(entry));
        }
        for (const entry of added.filter(({ pending }) => pending)) pendingSince.set(key(entry), step);
        for (const since of pendingSince.values()) expect(step - since).toBeLessThan(3);
      }
    }
    expect({ posted: posted > 1_000, dropped: dropped > 50, unlinked: unlinked > 10 }).toEqual({
      posted: true,
      dropped: true,
      unlinked: true,
    });
  });

  it('usually publishes 3 to 7 new records a step, and a history of exactly the size asked for', () => {
    const story = storyOf(3);
    let usual = 0;
    for (let index = 0; index < 100; index += 1) {
      expect(story.changes(index, 0).added).toHaveLength(40);
      for (let step = 5; step < 25; step += 1) {
        const { length } = story.changes(index, step).added;
        if (length >= 3 && length <= 7) usual += 1;
      }
    }
    expect(usual).toBeGreaterThan(1_700); // of 2,000
    expect(storyOf(3, 5_000).changes(4, 0).added).toHaveLength(5_000);
    expect(storyOf(3, 0).changes(4, 0).added).toHaveLength(0);
    expect(storyOf(3, 3).changes(4, 0).added).toHaveLength(3);
  });

  it('moves balances by exactly what is published, forwards, backwards and out of order', () => {
    fc.assert(
      fc.property(
        seeds,
        indexes,
        fc.array(fc.integer({ min: 0, max: 80 }), { minLength: 1, maxLength: 4 }),
        (seed, index, steps) => {
          const story = storyOf(seed);
          const { openingMinor, cardLimitMinor } = story.household(index);
          for (const step of steps) {
            const entries = story.published(index, step).filter(({ origin }) => origin.step > 0);
            const net = (account: number, pending: boolean) =>
              entries
                .filter((entry) => entry.origin.account === account && entry.pending === pending)
                .reduce((sum, { outMinor }) => sum + outMinor, 0);
            const expected = openingMinor.map((opening, account) => {
              const current = account === CARD ? opening + net(account, false) : opening - net(account, false);
              const free = account === CARD ? cardLimitMinor - current : current;
              return { currentMinor: current, availableMinor: free - net(account, true) };
            });
            expect(story.balances(index, step)).toEqual(expected);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('keeps balances believable over ten years: income covers what leaves', () => {
    const story = storyOf(11);
    for (let index = 0; index < 10; index += 1) {
      const { cardLimitMinor } = story.household(index);
      const [checking, card] = story.balances(index, 3_650);
      expect(Math.abs(card?.currentMinor ?? Number.NaN)).toBeLessThan(4 * cardLimitMinor);
      expect(checking?.currentMinor).toBeGreaterThan(-4 * cardLimitMinor);
    }
  });

  it('has two or three accounts and every currency, mostly USD', () => {
    const story = storyOf(1);
    const households = Array.from({ length: 1_000 }, (_, index) => story.household(index));
    const codes = new Map<string, number>();
    for (const { currency } of households) codes.set(currency.code, (codes.get(currency.code) ?? 0) + 1);
    expect([...codes.keys()].sort()).toEqual(['EUR', 'GBP', 'JPY', 'KWD', 'USD']);
    expect(codes.get('USD')).toBeGreaterThan(700);
    expect(new Set(households.map(({ accountCount }) => accountCount))).toEqual(new Set([2, 3]));
  });

  it('knows no connection beyond the last', () => {
    expect(() => storyOf(1).household(5_000)).toThrow('connection 5000 is not one of 0 to 4999');
  });
});
