import { describe, expect, it } from 'vitest';
import { driftOf, soakGates } from './drift.ts';
import { exampleReport } from './report/report-example.ts';

const broken = { environment: 3, table: 2, cache: 1 };
const [example] = exampleReport.runs;
const soaked = (bytesAt: (index: number) => number, handlesAt: (index: number) => number) => ({
  cost: example?.cost
    ? {
        ...example.cost,
        environmentsOverTime: Array.from({ length: 40 }, (_, index) => ({
          atSeconds: index,
          bytes: bytesAt(index) * 2 ** 20,
          handles: handlesAt(index),
        })),
      }
    : null,
});
const failing = (run: ReturnType<typeof soaked>, breakages = broken) =>
  soakGates(run, breakages)
    .filter(({ passed }) => !passed)
    .map(({ name, value }) => `${name}: ${value}`);

describe('driftOf', () => {
  it('leaves the warming out, and a single outlier', () => {
    expect(driftOf([1, 1, 10, 10, 10, 10, 10, 99, 11, 11, 11, 11])).toEqual({ before: 10, after: 11 });
  });

  it('is not of too few values', () => {
    expect(driftOf([1, 2, 3])).toBeUndefined();
  });
});

describe('soakGates', () => {
  it('pass where nothing grows and everything broke', () => {
    const run = soaked(
      (index) => 400 + (index % 5),
      () => 80,
    );
    expect(failing(run)).toEqual([]);
  });

  it('fail where memory or handles grow, or a part never broke', () => {
    const leaking = soaked(
      (index) => 400 + index * 10,
      (index) => 80 + index,
    );
    expect(failing(leaking, { ...broken, cache: 0 })).toEqual([
      'memory of the environments, MiB: 540 to 740',
      'handles of the environments: 94 to 114',
      'times that the cache broke: 0',
    ]);
  });

  it('fail where nothing could be measured', () => {
    expect(failing({ cost: null })).toEqual([
      'memory of the environments, MiB: not measured',
      'handles of the environments: not measured',
    ]);
  });
});
