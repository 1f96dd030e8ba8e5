import { describe, expect, it } from 'vitest';
import { highestKept, nextRate, type Step } from './surge.ts';

/** What a machine with this limit is asked, in order. */
function climbTo(limitPerMinute: number, stepPerMinute: number): { rates: number[]; highest: number } {
  const steps: Step[] = [];
  for (;;) {
    const ratePerMinute = nextRate(steps, stepPerMinute);
    if (ratePerMinute === undefined) break;
    steps.push({ ratePerMinute, kept: ratePerMinute <= limitPerMinute });
  }
  return { rates: steps.map(({ ratePerMinute }) => ratePerMinute), highest: highestKept(steps) };
}

describe('nextRate', () => {
  it('climbs by steps, then halves the gap until it is a quarter of a step', () => {
    expect(climbTo(23_000, 10_000)).toEqual({ rates: [10_000, 20_000, 30_000, 25_000, 22_500], highest: 22_500 });
  });

  it('looks below the first step when that is too much already', () => {
    expect(climbTo(6_000, 10_000)).toEqual({ rates: [10_000, 5_000, 7_500], highest: 5_000 });
  });

  it('ends also where nothing is kept, or everything', () => {
    expect(climbTo(0, 10_000)).toEqual({ rates: [10_000, 5_000, 2_500], highest: 0 });
    expect(climbTo(1_000_000, 100_000)).toEqual({ rates: [100_000, 200_000, 300_000], highest: 300_000 });
  });
});
