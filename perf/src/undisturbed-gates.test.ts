import { describe, expect, it } from 'vitest';
import { failuresOf } from './gate.ts';
import { undisturbedGates } from './undisturbed-gates.ts';

const broken = (undisturbedMs: readonly number[]) =>
  failuresOf(undisturbedGates({ undisturbedMs })).map(({ name }) => name);
const [inTime, late, many] = [100, 400, 2_000];

describe('undisturbedGates', () => {
  it('let one event in twenty be late, and no more', () => {
    const withLate = (count: number) => [...Array(many - count).fill(inTime), ...Array(count).fill(late)];
    expect(broken(withLate(many * 0.04))).toEqual([]);
    expect(broken(withLate(many * 0.06))).toEqual(['RoundTrip p95 of events without a fault']);
  });

  it('fail where hardly anything, or nothing, went undisturbed', () => {
    expect(broken([inTime])).toEqual(['events without a fault']);
    expect(broken([])).toEqual(['RoundTrip p95 of events without a fault', 'events without a fault']);
  });
});
