import { describe, expect, it } from 'vitest';
import { cpuShares, parseMachineCpu, parseProcessStat } from './proc-files.ts';

describe('parseMachineCpu', () => {
  it('adds up the first eight columns: guest time is in user time already', () => {
    const text = 'cpu  100 5 50 800 20 3 2 20 40 0\ncpu0 1 2 3 4 5 6 7 8 9 10\n';
    expect(parseMachineCpu(text)).toEqual({ totalMs: 10_000, idleMs: 8_200, stolenMs: 200 });
  });

  it.each(['', 'cpu0 1 2 3', 'cpu  a b c d e f g h'])('gives up on %j', (text) => {
    expect(parseMachineCpu(text)).toBeUndefined();
  });
});

describe('cpuShares', () => {
  it('compares two readings', () => {
    const before = { totalMs: 1_000, idleMs: 500, stolenMs: 0 };
    expect(cpuShares(before, { totalMs: 3_000, idleMs: 1_000, stolenMs: 300 })).toEqual({ stolen: 0.15, idle: 0.25 });
  });

  it('is 0 where no time has passed', () => {
    const same = { totalMs: 1_000, idleMs: 500, stolenMs: 0 };
    expect(cpuShares(same, same)).toEqual({ stolen: 0, idle: 0 });
  });
});

describe('parseProcessStat', () => {
  const fields = (name: string) =>
    `42 (${name}) S 7 42 42 0 -1 4194560 100 0 0 0 120 30 999 999 20 0 11 0 5000 1000000 256 18446744073709551615`;

  it.each(['node', 'a b', 'odd) S 1 (name'])('finds its columns behind the name %j', (name) => {
    expect(parseProcessStat(fields(name))).toEqual({ parentPid: 7, cpuMs: 1_500, memoryBytes: 1_048_576 });
  });

  it('gives up on what is not such a line', () => {
    expect(parseProcessStat('nothing')).toBeUndefined();
  });
});
