import { describe, expect, it } from 'vitest';
import { readCommand } from './command-line.ts';
import type { Settled } from './integrity-gates.ts';
import type { RunReport } from './report/report.ts';
import { exampleReport } from './report/report-example.ts';
import { findingsOf, settledAtSeconds } from './scenario-findings.ts';

const settled: Settled = {
  drainedMs: 2_000,
  account: { committed: 90, coalesced: 0, stopped: 2, postponed: 1, queued: 1, deadLettered: 3, lost: [] },
  undisturbedMs: [],
  entries: 90,
  shortJournals: [],
  repeated: 0,
  auditDifferences: 0,
  findings: [],
};
const slice = (atSeconds: number, p95: number) => ({
  atSeconds,
  values: { count: 10, p50: p95, p95, p99: p95, max: p95 },
});
const findings = (args: readonly string[]) => findingsOf(readCommand(args), exampleReport.runs, settled);

describe('findingsOf', () => {
  it('has nothing to add to the promise kept', () => {
    expect(findings(['sla'])).toEqual([]);
  });

  it('says that a gentle rate proves nothing about the promise', () => {
    expect(findings(['sla', '--rate', '600'])).toEqual(['At 600 events/min this is NOT the promise, which is 10000.']);
  });

  it('tells the cold share of a burst and when it settled', () => {
    expect(findings(['burst'])).toEqual([
      '3 of 1000 events met a cold environment (0.03 %).',
      'The round trip kept its bound from second 0 on.',
    ]);
  });

  it('tells where every event is after faults', () => {
    expect(findings(['faults'])[1]).toBe(
      'Afterwards: 90 committed, 2 waiting for their user, 2 waiting for the provider, 3 dead letters, 0 lost; quiet after 2 s.',
    );
  });

  it('says when events had to be asked for again before the audit', () => {
    const cutOff = { ...settled, repeated: 3 };
    expect(findingsOf(readCommand(['sla']), exampleReport.runs, cutOff)).toEqual([
      '3 events ran out of time between their commit and their head, and were asked for again before the audit, as their callers would.',
    ]);
  });

  it('tells the drift of a soak', () => {
    expect(findings(['soak']).at(-1)).toMatch(/^Round trip p95: \d+ ms in the second quarter, \d+ in the last\.$/);
  });
});

describe('settledAtSeconds', () => {
  const run = (...p95s: readonly number[]): Pick<RunReport, 'overTime' | 'sliceMs'> => ({
    sliceMs: 1_000,
    overTime: { RoundTrip: p95s.map((p95, index) => slice(index + 0.5, p95)) },
  });

  it.each([
    [[900, 300, 120, 251, 90, 80], 4],
    [[100, 100], 0],
    [[100, 900], undefined],
    [[], undefined],
  ])('of %j is %s', (p95s, seconds) => {
    expect(settledAtSeconds(run(...p95s))).toBe(seconds);
  });
});
