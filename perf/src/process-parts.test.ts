import { describe, expect, it } from 'vitest';
import { partsOf } from './process-parts.ts';

describe('partsOf', () => {
  it('names every process of a run, and none of anybody else', () => {
    const processes = [
      { pid: 1, parentPid: 0, command: 'init' },
      { pid: 10, parentPid: 1, command: 'node perf.ts' },
      { pid: 11, parentPid: 10, command: 'bin/k6 run --quiet single-events.ts' },
      { pid: 12, parentPid: 10, command: 'node sandbox/system/src/driven/driven-service.ts {}' },
      { pid: 13, parentPid: 12, command: 'node providers-service.ts {}' },
      { pid: 14, parentPid: 12, command: 'node dynalite-service.ts {}' },
      { pid: 19, parentPid: 12, command: 'node dax-service.ts {}' },
      { pid: 15, parentPid: 12, command: 'node node-runtime.mjs' },
      { pid: 16, parentPid: 12, command: 'bin/peer' },
      { pid: 17, parentPid: 10, command: 'node reference-loop.ts' },
      { pid: 18, parentPid: 10, command: 'git rev-parse' },
      { pid: 30, parentPid: 1, command: 'node node-runtime.mjs' },
    ];
    expect([...partsOf(processes, 10)]).toEqual([
      [10, 'harness'],
      [11, 'k6'],
      [12, 'host'],
      [13, 'provider'],
      [14, 'table'],
      [19, 'dax'],
      [15, 'environments'],
      [16, 'environments'],
      [17, 'reference'],
      [18, 'other'],
    ]);
  });
});
