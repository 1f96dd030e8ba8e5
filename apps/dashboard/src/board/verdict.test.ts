import { describe, expect, it } from 'vitest';
import { answering, healthy } from '../../test/answers.ts';
import { objectiveRows } from './objective-rows.ts';
import type { AlertEntry, SourceState } from './snapshot.ts';
import { verdictOf } from './verdict.ts';

const live: SourceState = {
  kind: 'system',
  url: 'http://127.0.0.1:1',
  status: 'live',
  dataAgeMs: 400,
  warnings: [],
};
const rows = (changed: Readonly<Record<string, number>> = {}) =>
  objectiveRows(answering({ ...healthy, ...changed }), { arrivals: { count: 0, slowestMs: 0 } });
const nothing = objectiveRows(() => undefined, { arrivals: { count: 0, slowestMs: 0 } });

const alert = (name: string, severity: string, more: Partial<AlertEntry> = {}): AlertEntry => ({
  path: 'live',
  name,
  severity,
  title: `${name} title`,
  whatToDo: '',
  status: 'firing',
  firedEpochMs: 0,
  shownEpochMs: 0,
  ...more,
});

describe('verdictOf', () => {
  it('is kept with everything in order', () => {
    expect(verdictOf(live, rows(), [], 300)).toEqual({
      level: 'kept',
      headline: 'Promise kept',
      announced: 'Promise kept',
      detail: '9 of 11 objectives kept, none broken; Round trip 148.3 ms, Processing 21.0 ms. No alert fires.',
    });
  });

  it('is broken with what is broken, its values and what was promised', () => {
    const broken = rows({ 'percentile RoundTrip': 412, 'percentile Store': 120 });
    expect(verdictOf(live, broken, [alert('A', 'warning')], 300)).toEqual({
      level: 'broken',
      headline: 'Promise broken: Round trip 412.0 ms and Store 120.0 ms',
      announced: 'Promise broken: Round trip and Store',
      detail:
        'Round trip 412.0 ms (promised p95 < 250 ms); Store 120.0 ms (promised p95 < 100 ms). 1 warning: A title.',
    });
  });

  it('is at risk while an alert fires, counted once whichever paths report it', () => {
    const alerts = [
      alert('A', 'critical'),
      alert('A', 'critical', { path: 'prometheus' }),
      alert('B', 'warning'),
      alert('C', 'critical', { status: 'resolved' }),
    ];
    const verdict = verdictOf(live, rows(), alerts, 300);
    expect(verdict.level).toBe('at-risk');
    expect(verdict.headline).toBe('Promise kept, but a title; and 1 other alert');
    expect(verdict.announced).toBe('Promise kept, but 1 critical alert and 1 warning');
    expect(verdict.detail).toMatch(/^1 critical alert and 1 warning: A title and B title\. 9 of 11 objectives kept/);
  });

  it('names two alerts, and counts the others', () => {
    const alerts = ['A', 'B', 'C', 'D'].map((name) => alert(name, 'critical'));
    expect(verdictOf(live, rows(), alerts, 300).detail).toMatch(/^4 critical alerts: A title, B title and 2 more\./);
  });

  it('has nothing to say without events, or with too few', () => {
    expect(verdictOf(live, nothing, [], 0)).toMatchObject({ level: 'no-data', headline: 'No events' });
    const few = rows({ 'count RoundTrip': 12, 'count Processing': 12 });
    expect(verdictOf(live, few, [], 300)).toEqual({
      level: 'no-data',
      headline: 'Too few events to judge',
      announced: 'Too few events to judge',
      detail: 'p95 of 12 events in the last minute (40 are needed to judge).',
    });
  });

  it('never says that there were no events when there were: they were not stored', () => {
    expect(verdictOf(live, nothing, [], 57)).toEqual({
      level: 'no-data',
      headline: 'Too few events to judge',
      announced: 'Too few events to judge',
      detail: '57 events in the last minute, none of them stored.',
    });
    const warned = verdictOf(live, nothing, [alert('DeferredShareHigh', 'warning')], 57);
    expect(warned.announced).toBe('Too few events to judge, but 1 warning');
  });

  it.each(['ProviderFailing', 'BacklogOld', 'QueryErrors', 'AvailabilityFastBurn'])(
    'is broken by %s, which lasts and wakes somebody up, with the cause as its headline',
    (name) => {
      expect(verdictOf(live, rows(), [alert(name, 'critical')], 300)).toMatchObject({
        level: 'broken',
        headline: `Promise broken: ${name} title`,
      });
    },
  );

  it('leads with the cause, not with the objectives that it breaks', () => {
    const slow = rows({ 'percentile RoundTrip': 412 });
    const alerts = [alert('AvailabilityFastBurn', 'critical'), alert('ProviderFailing', 'critical')];
    const verdict = verdictOf(live, slow, alerts, 300);
    expect(verdict.headline).toBe('Promise broken: ProviderFailing title');
    expect(verdict.detail).toMatch(/^Round trip 412\.0 ms/);
  });

  it('says what is wrong in one sentence with its figure; what is read aloud has none that moves', () => {
    const provider = alert('ProviderFailing', 'critical', { title: 'Events fail (plaid)', figure: '43.1 % now' });
    const follows = alert('AvailabilityFastBurn', 'critical', { under: 'ProviderFailing' });
    expect(verdictOf(live, rows(), [follows, provider], 300)).toMatchObject({
      headline: 'Promise broken: events fail (plaid), 43.1 % now',
      announced: 'Promise broken: Events fail (plaid)',
      detail: '2 critical alerts: Events fail (plaid) and 1 more.',
    });
    const slow = rows({ 'percentile RoundTrip': 412 });
    expect(verdictOf(live, slow, [], 300).headline).toBe('Promise broken: Round trip 412.0 ms (promised p95 < 250 ms)');
    const exhausted = alert('RetriesExhausted', 'critical', { title: 'Retries exhausted', figure: '3 now' });
    expect(verdictOf(live, rows(), [exhausted], 300)).toMatchObject({
      level: 'at-risk',
      headline: 'Promise kept, but retries exhausted, 3 now',
      announced: 'Promise kept, but 1 critical alert',
    });
  });

  it('names an alert also where no event is seen', () => {
    expect(verdictOf(live, nothing, [alert('NoMetrics', 'critical')], 0)).toMatchObject({
      level: 'at-risk',
      announced: 'No events, but 1 critical alert',
    });
  });

  it.each([
    ['connecting', 'no-data', 'Reading the first figures'],
    ['stale', 'stale', 'Stale: no new data'],
    ['disconnected', 'disconnected', 'Disconnected: nobody answers at the source'],
  ] as const)('does not judge old figures: %s', (status, level, headline) => {
    const verdict = verdictOf({ ...live, status, dataAgeMs: 12_300, trouble: 'no answer' }, rows(), [], 300);
    expect(verdict).toMatchObject({ level, headline });
    if (status !== 'connecting') expect(verdict.detail).toMatch(/^No answer\. No data for 12 s\./);
  });

  it('says of a source that never had data only what is known', () => {
    const { detail } = verdictOf({ ...live, status: 'stale', dataAgeMs: null }, nothing, [], 300);
    expect(detail).toBe('The source has nothing newer. The figures below are the last that were seen.');
    const gone = verdictOf({ ...live, status: 'disconnected', dataAgeMs: null }, nothing, [], 300);
    expect(gone.detail).not.toContain('No data for');
  });
});
