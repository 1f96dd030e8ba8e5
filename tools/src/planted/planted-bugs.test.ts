import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { workspaceRoot } from '../workspace-root.ts';
import { plantIn } from './plant-in.ts';
import { plantedBugs } from './planted-bugs.ts';

const place = { id: 'sum-minus', file: 'sum.ts', find: 'a + b', replace: 'a - b' };

it('plants a bug at its place', () => {
  expect(plantIn('return a + b;', place)).toBe('return a - b;');
});

it.each(['return a * b;', 'a + b + (a + b)'])('refuses %j: the place is not there, or more than once', (text) => {
  expect(() => plantIn(text, place)).toThrow('planted bug sum-minus');
});

it('names each bug once', () => {
  expect(new Set(plantedBugs.map(({ id }) => id)).size).toBe(plantedBugs.length);
});

describe.each(plantedBugs)('$id', (bug) => {
  it('has its place in the code of today, and tests that are there', () => {
    const sound = readFileSync(join(workspaceRoot, bug.file), 'utf8');
    expect(plantIn(sound, bug)).not.toBe(sound);
    expect(bug.caughtBy.filter((file) => !existsSync(join(workspaceRoot, file)))).toEqual([]);
  });
});
