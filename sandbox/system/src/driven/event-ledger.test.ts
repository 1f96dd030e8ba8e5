import { describe, expect, it } from 'vitest';
import { accountFor, createEventLedger } from './event-ledger.ts';

const line = (correlationId: string, outcome: string, more: object = {}) =>
  JSON.stringify({ level: 'INFO', correlation_id: correlationId, connection_id: 'conn-1', outcome, ...more });

describe('createEventLedger', () => {
  it('keeps the last outcome of each event of ours', () => {
    const ledger = createEventLedger('perf-');
    ledger.read(line('perf-1', 'failed'));
    ledger.read(line('perf-1', 'committed', { version: 4 }));
    ledger.read(line('other-1', 'committed', { version: 9 }));
    expect([ledger.outcome('perf-1'), ledger.outcome('other-1')]).toEqual(['committed', undefined]);
  });

  it('tells how long those took that met no fault', () => {
    const ledger = createEventLedger('perf-');
    ledger.read(line('perf-1-0', 'committed', { round_trip_ms: 80 }));
    ledger.read(line('perf-2-0', 'committed', { round_trip_ms: 90 }));
    ledger.read(line('perf-2-1', 'committed', { round_trip_ms: 700, retries: 1 }));
    ledger.read(line('perf-2-2', 'failed', { round_trip_ms: 900 }));
    ledger.read(line('perf-2-2', 'committed', { round_trip_ms: 95 }));
    ledger.read(line('perf-2-3', 'coalesced', { round_trip_ms: 3 }));
    expect(ledger.undisturbedMs('perf-2-')).toEqual([90]);
  });

  it('keeps the highest version of each connection, whoever asked for it', () => {
    const ledger = createEventLedger('perf-');
    for (const version of [2, 5, 3]) ledger.read(line('other-1', 'committed', { version }));
    ledger.read(line('perf-2', 'failed', { version: 8 }));
    expect([...ledger.versions()]).toEqual([['conn-1', 5]]);
  });

  it.each(['', 'plain text', '{"outcome":', '"outcome": quoted in text', '{"outcome":7}', '[]'])(
    'passes over %j',
    (text) => {
      const ledger = createEventLedger('');
      ledger.read(text);
      expect(ledger.versions().size).toBe(0);
    },
  );
});

describe('accountFor', () => {
  const ledger = createEventLedger('p-');
  const outcomes = ['committed', 'coalesced', 'stopped', 'failed', 'failed', 'postponed', 'failed'];
  for (const [index, outcome] of outcomes.entries()) ledger.read(line(`p-${index}`, outcome, { version: 1 }));

  it('finds each event in one place, and names those that are nowhere', () => {
    const sent = ['p-0', 'p-1', 'p-2', 'p-3', 'p-4', 'p-5', 'p-6', 'p-7'];
    const where = { ledger, deadLettered: new Set(['p-3']), queued: new Set(['p-4']) };
    expect(accountFor(sent, where)).toEqual({
      committed: 1,
      coalesced: 1,
      stopped: 1,
      deadLettered: 1,
      queued: 1,
      postponed: 1,
      lost: ['p-6', 'p-7'],
    });
  });
});
