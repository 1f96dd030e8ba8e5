import { objectives } from '@quartersec/sla';
import { describe, expect, it } from 'vitest';
import { answering, healthy } from '../../test/answers.ts';
import { objectiveRows, objectivesWithoutRow } from './objective-rows.ts';

const noArrivals = { arrivals: { count: 0, slowestMs: 0 } };

function rowsOf(changed: Readonly<Record<string, number>> = {}, facts = noArrivals) {
  const rows = objectiveRows(answering({ ...healthy, ...changed }), facts);
  return Object.fromEntries(rows.map((row) => [row.key, row]));
}

function without(...leaves: readonly string[]) {
  const rest = Object.fromEntries(Object.entries(healthy).filter(([leaf]) => !leaves.includes(leaf)));
  return Object.fromEntries(objectiveRows(answering(rest), noArrivals).map((row) => [row.key, row]));
}

describe('rows and objectives', () => {
  it('are in step: each objective has a row or a reason, never both', () => {
    const rows = objectiveRows(() => undefined, noArrivals).map(({ key }) => key);
    expect([...rows, ...Object.keys(objectivesWithoutRow)].sort()).toEqual(Object.keys(objectives).sort());
    expect(Object.values(objectivesWithoutRow).every((reason) => reason.trim() !== '')).toBe(true);
  });

  it('say that there is no data where a source answers nothing, which is never a promise kept', () => {
    const rows = objectiveRows(() => undefined, noArrivals);
    expect(rows.map(({ key, status }) => [key, status])).toEqual([
      ['roundTrip', 'no-data'],
      ['processing', 'no-data'],
      ['store', 'no-data'],
      ['availability', 'no-data'],
      ['errors', 'no-data'],
      ['throughput', 'no-data'],
      ['retries', 'no-data'],
      ['alert', 'not-asked'],
      ['cache', 'no-data'],
      ['integrity', 'no-data'],
    ]);
    expect(rows.every(({ value }) => value === null)).toBe(true);
  });
});

describe('a latency objective', () => {
  it('shows value, bound and margin, and is kept below its bound', () => {
    expect(rowsOf().roundTrip).toEqual({
      key: 'roundTrip',
      title: 'Round trip',
      status: 'kept',
      value: 148.25,
      bound: 250,
      valueText: '148.3 ms',
      boundText: 'p95 < 250 ms',
      margin: expect.closeTo(0.407, 9),
      marginText: '101.8 ms left',
      note: 'p95 of 300 events in the last minute',
    });
  });

  it('is broken at its bound and above', () => {
    expect(rowsOf({ 'percentile Store': 100 }).store).toMatchObject({ status: 'broken', marginText: '0.0 ms over' });
    expect(rowsOf({ 'percentile Store': 130 }).store).toMatchObject({ status: 'broken', marginText: '30.0 ms over' });
    expect(rowsOf({ 'percentile Store': 99.99 }).store).toMatchObject({ status: 'kept' });
  });

  it('is not judged by a few events', () => {
    const few = rowsOf({ 'count RoundTrip': 39, 'percentile RoundTrip': 900 }).roundTrip;
    expect(few).toMatchObject({
      status: 'too-few',
      valueText: '900.0 ms',
      note: 'p95 of 39 events in the last minute (40 are needed to judge)',
    });
    expect(rowsOf({ 'count RoundTrip': 40, 'percentile RoundTrip': 900 }).roundTrip?.status).toBe('broken');
  });
});

describe('a share objective', () => {
  it('is judged over the last hour, with what is left of its budget', () => {
    expect(rowsOf().availability).toMatchObject({
      status: 'kept',
      valueText: '99.75 %',
      boundText: '≥ 99 %',
      marginText: '75 % of the budget left',
      note: 'of 18,000 events in the last hour',
    });
  });

  it('is kept to the last event of its budget and broken beyond', () => {
    expect(rowsOf({ 'countOver RoundTrip': 180 }).availability?.status).toBe('kept');
    expect(rowsOf({ 'countOver RoundTrip': 181 }).availability).toMatchObject({
      status: 'broken',
      marginText: 'budget overdrawn',
    });
  });

  it('is not judged by fewer than a hundred events', () => {
    expect(rowsOf({ 'count RoundTrip@3600': 99, 'countOver RoundTrip': 9 }).availability?.status).toBe('too-few');
  });
});

describe('throughput', () => {
  it('is not tested while less arrives than is promised', () => {
    expect(rowsOf().throughput).toMatchObject({
      status: 'not-asked',
      valueText: '300/min',
      marginText: '3 % of the promised load',
    });
  });

  it('is kept where the promised load arrives and both clocks are in time', () => {
    expect(rowsOf({ 'ratePerMinute RoundTrip': 10_000 }).throughput).toMatchObject({
      status: 'kept',
      note: 'with both clocks in time',
    });
    const slow = rowsOf({ 'ratePerMinute RoundTrip': 10_000, 'percentile Processing': 251 });
    expect(slow.throughput?.status).toBe('broken');
  });
});

describe('the other objectives', () => {
  it('tell retries an event, and those that ran out', () => {
    expect(rowsOf().retries).toMatchObject({
      status: 'kept',
      valueText: '0.04 each',
      note: '1 event used them all up in the last 5 minutes',
    });
    expect(rowsOf({ 'count Retries': 901 }).retries?.status).toBe('broken');
    expect(rowsOf({ 'count RoundTrip': 0 }).retries?.status).toBe('no-data');
    expect(without('count RoundTrip').retries?.status).toBe('no-data');
  });

  it('tell how long event alerts took to arrive', () => {
    expect(rowsOf({}, { arrivals: { count: 2, slowestMs: 2_040 } }).alert).toMatchObject({
      status: 'kept',
      valueText: 'within 2.04 s',
      marginText: '57.96 s left',
      note: 'slowest of 2 event alerts',
    });
    expect(rowsOf({}, { arrivals: { count: 1, slowestMs: 60_001 } }).alert?.status).toBe('broken');
  });

  it('tell how many reads the cache answers', () => {
    expect(rowsOf().cache).toMatchObject({ status: 'kept', valueText: '60 %', marginText: '40 points above' });
    expect(rowsOf({ 'count CacheHits': 50 }).cache).toMatchObject({ status: 'broken', value: 50 / 450 });
    expect(rowsOf({ 'count CacheMisses': 3, 'count CacheHits': 1 }).cache?.status).toBe('too-few');
  });

  it('tell what audits found', () => {
    expect(rowsOf().integrity).toMatchObject({ status: 'kept', valueText: '0 differences' });
    expect(rowsOf({ 'count AuditDifferences': 1.02 }).integrity).toMatchObject({
      status: 'broken',
      valueText: '1 difference',
    });
  });
});
