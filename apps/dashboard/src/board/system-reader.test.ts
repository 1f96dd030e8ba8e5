import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectionsAnswer } from '../../test/connections-answer.ts';
import { addHealthySecond, type FakeSystem, startFakeSystem } from '../../test/fake-system.ts';
import { objectiveRows } from './objective-rows.ts';
import { boardFaultId, SystemReader } from './system-reader.ts';

const START_EPOCH_MS = 1_760_000_000_000;

let system: FakeSystem;
let reader: SystemReader;
let nowEpochMs = START_EPOCH_MS;
beforeEach(async () => {
  nowEpochMs = START_EPOCH_MS;
  system = await startFakeSystem();
  reader = new SystemReader(system.url);
});
afterEach(() => system.close());

const read = () => reader.read(() => nowEpochMs);
const seconds = async (count: number, each: (second: number) => void = () => {}) => {
  for (let second = 0; second < count; second += 1) {
    each(second);
    reader.take(system.exposition(), nowEpochMs);
    nowEpochMs += 1_000;
  }
};
const rows = () => {
  const { ask } = reader.view(nowEpochMs);
  return Object.fromEntries(objectiveRows(ask, { arrivals: { count: 0, slowestMs: 0 } }).map((row) => [row.key, row]));
};

describe('SystemReader', () => {
  it('has nothing before it has read', () => {
    expect(reader.view(0)).toMatchObject({ notices: [], errors: [], warnings: [] });
    expect(reader.view(0).dataEpochMs).toBeUndefined();
  });

  it('reads a running system: figures, errors, faults', async () => {
    system.errors = [{ error_code: 'SERVER_ERROR', timestamp: '2026-01-05T10:00:00Z' }];
    await read();
    const view = reader.view(nowEpochMs);
    expect(view.dataEpochMs).toBe(START_EPOCH_MS);
    expect(view.errors.map(({ code }) => code)).toEqual(['SERVER_ERROR']);
    expect(view.faultSwitch).toMatchObject({ available: true, on: false });
    expect(view.warnings).toEqual([]);
  });

  it('answers from the scrapes: exactly what was counted', async () => {
    await seconds(61, () => {
      system.time('RoundTrip', 120, 120, 120, 120);
      system.count('Events', 4);
      system.count('CacheHits', 30);
      system.count('CacheMisses', 10);
    });
    expect(rows().roundTrip).toMatchObject({ status: 'kept', note: 'p95 of 240 events in the last minute' });
    expect(rows().cache).toMatchObject({ value: 0.75 });
    expect(rows().throughput?.value).toBeCloseTo(240, 6);
  });

  it('shows an event alert at the very next read, with the moment before which it cannot have happened', async () => {
    await seconds(5, () => system.time('RoundTrip', 100));
    expect(reader.view(nowEpochMs).notices).toEqual([]);
    await seconds(1, () => system.count('RetriesExhausted'));
    const seenEpochMs = nowEpochMs - 1_000;
    expect(reader.view(seenEpochMs).notices).toMatchObject([
      {
        path: 'live',
        name: 'RetriesExhausted',
        firedEpochMs: START_EPOCH_MS + 5_000,
        happenedAfterEpochMs: START_EPOCH_MS + 4_000,
      },
    ]);
  });

  it('keeps an alert for its latch and ends it after the event is out of its window', async () => {
    await seconds(2);
    await seconds(1, () => system.count('RetriesExhausted'));
    const firing = () => reader.view(nowEpochMs).notices.map(({ name }) => name);
    expect(firing()).toEqual(['RetriesExhausted']);
    await seconds(120);
    expect(firing()).toEqual(['RetriesExhausted']);
    await seconds(62);
    expect(firing()).toEqual([]);
  });

  it('sees what was counted across a restart, and when', async () => {
    await seconds(3, () => system.count('DeadLettered'));
    await seconds(200);
    expect(reader.view(nowEpochMs).notices).toEqual([]);
    const restartEpochMs = nowEpochMs;
    system.restart();
    await seconds(1, () => system.count('DeadLettered'));
    expect(reader.view(nowEpochMs).notices).toMatchObject([
      { name: 'DeadLettered', happenedAfterEpochMs: restartEpochMs - 1_000 },
    ]);
  });

  it('notices silence while it cannot read', async () => {
    await seconds(3, () => system.count('ScheduleTicks'));
    const silent = (afterMs: number) => reader.view(nowEpochMs + afterMs).notices.map(({ name }) => name);
    expect(silent(61_000)).toEqual([]);
    expect(silent(200_000)).toEqual([]);
    expect(silent(320_000)).toEqual(['NoMetrics']);
  });

  it('takes a night without an event for no fault, and the end of the ticks for one', async () => {
    const names = () => reader.view(nowEpochMs).notices.map(({ name }) => name);
    await seconds(1, () => system.time('RoundTrip', 100));
    await seconds(600, (second) => {
      if (second % 60 === 0) system.count('ScheduleTicks');
      if (second % 10 === 0) expect(names()).toEqual([]);
    });
    await seconds(400, () => names());
    expect(names()).toEqual(['NoMetrics']);
  });

  it('draws what it has read', async () => {
    await seconds(130, (second) => addHealthySecond(system, second));
    const { times, charts } = reader.chartData('15m', nowEpochMs);
    expect(times).toHaveLength(26);
    const roundTrip = charts.find(({ id }) => id === 'roundTrip');
    const newest = roundTrip?.lines[0]?.values.at(-1);
    reader.view(nowEpochMs);
    expect(newest).toBeGreaterThan(150);
    expect(newest).toBeLessThan(250);
    expect(charts.find(({ id }) => id === 'provider-time')?.lines.map(({ name }) => name)).toEqual(['p95', 'p50']);
  });

  it('draws no provider of which nothing was ever counted', async () => {
    await seconds(10);
    const lines = () =>
      reader.chartData('15m', nowEpochMs).charts.find(({ id }) => id === 'provider-time')?.lines.length;
    expect(lines()).toBe(0);
    await seconds(1, () => system.count('Retries'));
    expect(lines()).toBe(2);
  });

  it('leaves out a scrape of a clock that was set back', async () => {
    await seconds(2);
    reader.take(system.exposition(), START_EPOCH_MS - 60_000);
    expect(reader.view(nowEpochMs).dataEpochMs).toBe(START_EPOCH_MS + 1_000);
  });

  it('names the provider that is the cause, and knows the latest audit', async () => {
    await seconds(30, () => {
      system.time('ProviderTime', 60);
      system.count('Events', 2);
      system.count('Bad', 2);
      system.count('Deferred', 2);
    });
    const failing = reader.view(nowEpochMs).notices.find(({ name }) => name === 'ProviderFailing');
    expect(failing).toMatchObject({ status: 'firing', causes: ['plaid'] });
    await read();
    expect(reader.view(nowEpochMs).lastAudit).toBeNull();
    system.lastAudit = { atEpochMs: 7, differences: 0 };
    nowEpochMs += 1_000;
    await read();
    expect(reader.view(nowEpochMs).lastAudit).toEqual({ atEpochMs: 7, differences: 0 });
  });

  it('warns of what it could not read, and of what the system did not count', async () => {
    system.answer = { status: 200, body: 'quartersec_failed_total x\n' };
    system.droppedValues = 2;
    await read();
    expect(reader.view(nowEpochMs).warnings).toEqual([
      '1 line of the metrics could not be read: another version?',
      '2 metric values were not counted by the system',
    ]);
    const many = Array.from({ length: 36 }, (_, index) => `quartersec_failed_total{service="s${index}"} 1`).join('\n');
    system.answer = { status: 200, body: many };
    system.droppedValues = 0;
    nowEpochMs += 1_000;
    await read();
    expect(reader.view(nowEpochMs).warnings).toEqual(['4 series too many of one metric, not shown']);
  });

  it('tells one that is not there from one that answers wrongly', async () => {
    system.answer = { status: 500, body: 'oops' };
    await expect(read()).rejects.toMatchObject({ code: 'SOURCE_WRONG', message: '/metrics answers 500: oops' });
    await system.shut();
    await expect(read()).rejects.toMatchObject({
      code: 'SOURCE_REFUSED',
      message: expect.stringMatching(/^no connection to 127/),
    });
    await system.listen();
  });

  it('gives up one that hangs', async () => {
    system.hangs = true;
    await expect(read()).rejects.toMatchObject({
      code: 'SOURCE_SILENT',
      message: '/metrics does not answer within 2 s',
    });
  });

  it('goes on with figures when only the errors or faults fail', async () => {
    system.faults = undefined;
    await read();
    expect(reader.view(nowEpochMs).faultSwitch).toEqual({
      available: false,
      on: false,
      says: 'The provider is a real one: it has no fault to switch.',
    });
  });

  it('knows the connections of a system that has the call, and keeps them while it does not answer', async () => {
    await read();
    expect(reader.view(nowEpochMs).connections).toBeUndefined();
    system.connections = connectionsAnswer({ linked: 2 });
    await read();
    expect(reader.view(nowEpochMs).connections).toMatchObject({ linked: 2, rows: [{ connectionId: 'conn-0' }] });
    system.connections = 'busy';
    await read();
    expect(reader.view(nowEpochMs).connections).toMatchObject({ linked: 2 });
    system.connections = undefined;
    await read();
    expect(reader.view(nowEpochMs).connections).toBeUndefined();
  });

  it('switches its own fault and sees it', async () => {
    await reader.switchFault('POST', '/faults', JSON.stringify({ id: boardFaultId, kind: 'status' }));
    await read();
    expect(reader.view(nowEpochMs).faultSwitch.on).toBe(true);
    await reader.switchFault('DELETE', `/faults/${boardFaultId}`, '');
    nowEpochMs += 1_000;
    await read();
    expect(reader.view(nowEpochMs).faultSwitch).toMatchObject({ available: true, on: false });
  });
});
