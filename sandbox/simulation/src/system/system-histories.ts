/** Random histories of the whole system: what may happen, how often, and what a campaign must have met of FAULTS.md. */
import fc from 'fast-check';
import type { HistoryKind } from '../bank/history-kind.ts';
import { type ActName, actNames, type SystemStep } from './acts.ts';
import { type SystemStory, tellSystemHistory } from './system-history.ts';

/** What has to happen often, so that the rest has something to happen to. */
const often = ['link', 'days', 'news', 'work', 'work', 'work', 'faulty', 'faulty', 'faulty', 'faulty', 'feed'] as const;

const step = fc.record<SystemStep>({ act: fc.constantFrom<ActName>(...often, ...actNames), seed: fc.nat() });

/** Rows of FAULTS.md that hundreds of histories have met, by far. */
const common: readonly number[] = [
  ...[3, 4, 6, 7, 15, 16, 17, 18, 22, 24, 25, 26, 27, 28, 30, 33, 34, 35, 36, 39, 40, 41, 42, 43],
  ...[51, 53, 55, 57, 58, 61, 64, 75],
];
const rare: readonly number[] = [1, 5, 8, 12, 13, 14, 31, 52, 56, 60, 62, 63, 68, 70];

const named = (rows: readonly number[]) => rows.map((row) => `row ${row}`);

export const systemHistories: HistoryKind<SystemStory> = {
  name: 'system',
  story: fc.record({ seed: fc.nat(1_000_000), steps: fc.array(step, { minLength: 4, maxLength: 24 }) }),
  async tell(story) {
    const { acts, rows } = await tellSystemHistory(story);
    return [...acts.map((act) => `act ${act}`), ...[...rows.keys()].map((row) => `row ${row}`)];
  },
  musts: [...actNames.map((act) => `act ${act}`), ...named(common)],
  rare: named(rare),
  words: ({ seed, steps }) => [`banks of seed ${seed}`, ...steps.map(({ act, seed: of }) => `${act} (${of})`)],
};
