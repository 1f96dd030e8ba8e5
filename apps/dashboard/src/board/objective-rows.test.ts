import { objectives } from '@quartersec/sla';
import { describe, expect, it } from 'vitest';
import { answering, healthy } from '../../test/answers.ts';
import { objectiveRows, objectivesWithoutRow, type WatchedFacts } from './objective-rows.ts';

const noArrivals = { arrivals: { count: 0, slowestMs: 0 } };

function rowsOf(changed: Readonly<Record<string, number>> = {}, facts: WatchedFacts = noArrivals) {
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
      ['freshness', 'no-data'],
      ['throughput', 'no-data'],
      ['retries', 'no-data'],
      ['alert', 'not-asked'],
      ['cache', 'no-data'],
      ['integrity', 'not-asked'],
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
      note: 'of 18,000 events in the last hour, 45 bad',
    });
  });

  it('is kept to the last event of its budget and broken beyond', () => {
    expect(rowsOf({ 'count Bad': 180 }).availability?.status).toBe('kept');
    expect(rowsOf({ 'count Bad': 181 }).availability).toMatchObject({
      status: 'broken',
      marginText: 'budget overdrawn',
    });
  });

  it('is not judged by few events: one bad one among them says nothing of a small share', () => {
    const few = rowsOf({ 'count Events@3600': 999, 'count Bad': 9, 'count Failed': 1 });
    expect(few.availability).toMatchObject({
      status: 'too-few',
      margin: null,
      marginText: '',
      note: 'of 999 events in the last hour, 9 bad (1,000 are needed to judge)',
    });
    expect(few.errors).toMatchObject({
      status: 'too-few',
      note: 'of 999 events in the last hour, 1 bad (10,000 are needed to judge)',
    });
    expect(rowsOf({ 'count Events@3600': 1_000, 'count Bad': 9 }).availability?.status).toBe('kept');
  });

  it('is broken by few events where more went wrong than may among all that are needed', () => {
    expect(rowsOf({ 'count Events@3600': 60, 'count Bad': 10 }).availability?.status).toBe('too-few');
    expect(rowsOf({ 'count Events@3600': 60, 'count Bad': 11 }).availability?.status).toBe('broken');
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
    expect(rowsOf({ 'ratePerMinute Events': 10_000 }).throughput).toMatchObject({
      status: 'kept',
      note: 'with both clocks in time',
    });
    const slow = rowsOf({ 'ratePerMinute Events': 10_000, 'percentile Processing': 251 });
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
    expect(rowsOf({ 'count Events': 0 }).retries?.status).toBe('no-data');
    expect(without('count Events').retries?.status).toBe('no-data');
    expect(rowsOf({ 'count Events': 39, 'count Retries': 200 }).retries?.status).toBe('too-few');
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
    expect(rowsOf({ 'count CacheHits': 100, 'count CacheMisses': 900 }).cache).toMatchObject({
      status: 'broken',
      value: 100 / 1_050,
    });
    expect(rowsOf({ 'count CacheMisses': 3, 'count CacheHits': 1 }).cache?.status).toBe('too-few');
  });

  it('say that nothing was checked before the first audit, and that all is well again after a clean one', () => {
    const unchecked = {
      status: 'not-asked',
      value: null,
      valueText: 'not checked yet',
      note: 'npm run audit checks it',
    };
    const atEpochMs = Date.UTC(2026, 0, 2, 3, 4, 5);
    const audited = (differences: number) => ({
      arrivals: { count: 0, slowestMs: 0 },
      lastAudit: { atEpochMs, differences },
    });
    expect(rowsOf({}, { arrivals: { count: 0, slowestMs: 0 }, lastAudit: null }).integrity).toMatchObject(unchecked);
    expect(rowsOf({ 'count Audits': 0 }).integrity).toMatchObject(unchecked);
    expect(without('count Audits').integrity).toMatchObject(unchecked);
    expect(rowsOf({ 'count AuditDifferences': 3 }, audited(3)).integrity).toMatchObject({ status: 'broken', value: 3 });
    expect(rowsOf({ 'count AuditDifferences': 3 }, audited(0)).integrity).toMatchObject({
      status: 'kept',
      valueText: '0 differences',
      note: 'found by the audit of 03:04:05 UTC',
    });
  });

  it('tell what audits found', () => {
    expect(rowsOf().integrity).toMatchObject({ status: 'kept', valueText: '0 differences' });
    expect(rowsOf({ 'count AuditDifferences': 1.02 }).integrity).toMatchObject({
      status: 'broken',
      valueText: '1 difference',
    });
  });
});
