import { describe, expect, it } from 'vitest';
import { failuresOf } from './gate.ts';
import { integrityGates, type Settled } from './integrity-gates.ts';

const account = { committed: 9, coalesced: 0, stopped: 1, postponed: 0, queued: 0, deadLettered: 1, lost: [] };
const clean: Settled = {
  drainedMs: 1,
  account,
  undisturbedMs: [],
  entries: 30,
  shortJournals: [],
  repeated: 0,
  auditDifferences: 0,
  findings: [],
};

describe('integrityGates', () => {
  it('passes where everything is somewhere', () => {
    expect(failuresOf(integrityGates(clean))).toEqual([]);
  });

  it.each([
    ['events lost', { ...clean, account: { ...account, lost: ['perf-7'] } }],
    ['commits missing from the journal', { ...clean, shortJournals: ['conn-1'] }],
    ['audit differences', { ...clean, auditDifferences: 1 }],
    ['entries audited', { ...clean, entries: 0 }],
  ])('fails: %s', (name, settled) => {
    expect(failuresOf(integrityGates(settled)).map((gate) => [gate.name, gate.kind])).toEqual([[name, 'integrity']]);
  });
});
