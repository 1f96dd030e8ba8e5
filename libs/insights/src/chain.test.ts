import { describe, expect, it } from 'vitest';
import { ruleOf } from './cadence.ts';
import { longestChain, MOST_MEMBERS } from './chain.ts';

const monthly = ruleOf('monthly');
const at = (...days: readonly number[]) => days.map((day) => ({ day, size: 1_000 }));
const daysOf = (...days: readonly number[]) => longestChain(at(...days), monthly).members.map(({ day }) => day);

describe('the longest run in one rhythm', () => {
  it('leaves out what comes between', () => {
    expect(daysOf(0, 12, 30, 47, 61, 91)).toEqual([0, 30, 61, 91]);
  });

  it('is told with the periods between, and without a break', () => {
    expect(longestChain(at(0, 30, 61), monthly)).toEqual({ members: at(0, 30, 61), steps: [1, 1, 1], breaks: 0 });
    expect(longestChain(at(), monthly)).toEqual({ members: [], steps: [], breaks: 0 });
    expect(longestChain(at(5), monthly)).toEqual({ members: at(5), steps: [1], breaks: 0 });
    // The shortest and the longest month that there is, by a weekend.
    expect(longestChain(at(0, 25, 60), monthly)).toEqual({ members: at(0, 25, 60), steps: [1, 1, 1], breaks: 0 });
  });

  it('goes over one period that was left out, and over a day that moved, each of which is a break', () => {
    expect(longestChain(at(0, 30, 91, 121), monthly)).toEqual({
      members: at(0, 30, 91, 121),
      steps: [1, 1, 2, 1],
      breaks: 1,
    });
    expect(longestChain(at(0, 30, 60, 80, 110, 140, 170), monthly)).toMatchObject({
      steps: [1, 1, 1, 1, 1, 1, 1],
      breaks: 1,
    });
  });

  it.each([
    [25, 2],
    [35, 2],
    [24, 1],
    [36, 1],
    [49, 1],
    [50, 1],
    [51, 2], // two of the shortest, and a day
    [69, 2],
    [70, 1],
    [120, 1],
  ])('with a gap of %i days between two has %i', (gap, members) => {
    expect(longestChain(at(0, gap), monthly).members).toHaveLength(members);
  });

  it('takes a moved day only where more comes behind it', () => {
    // A shift costs more than one more member is worth.
    expect(daysOf(0, 30, 60, 80)).toEqual([0, 30, 60]);
    expect(daysOf(0, 30, 60, 80, 110, 140)).toEqual([0, 30, 60, 80, 110, 140]);
    // By less than a period and six tenths.
    for (const [moved, isOne] of [
      [48, true],
      [49, false],
    ] as const)
      expect(daysOf(0, 30, 60, 60 + moved, 90 + moved, 120 + moved, 150 + moved)[0]).toBe(isOne ? 0 : 60 + moved);
  });

  it('takes of two in one month the one of a like amount, else the one nearer to the period', () => {
    const like = [
      { day: 0, size: 1_000 },
      { day: 28, size: 9_000 },
      { day: 31, size: 1_010 },
      { day: 61, size: 1_000 },
    ];
    expect(longestChain(like, monthly).members.map(({ size }) => size)).toEqual([1_000, 1_010, 1_000]);
    expect(daysOf(0, 27, 30, 60)).toEqual([0, 30, 60]);
  });

  it('of two equally long ones is the later', () => {
    expect(daysOf(0, 30, 1_000, 1_030)).toEqual([1_000, 1_030]);
  });

  it(`looks at the last ${MOST_MEMBERS}`, () => {
    const days = Array.from({ length: 70 }, (_, index) => index * 30);
    expect(daysOf(...days)).toEqual(days.slice(-MOST_MEMBERS));
  });
});
