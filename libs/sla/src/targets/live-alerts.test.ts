import { describe, expect, it } from 'vitest';
import { alertScenarios } from '../../test/alert-scenarios.ts';
import { deadManAlert, eventAlert } from '../alert.ts';
import { alerts } from '../alerts.ts';
import type { LiveSeries } from './live.ts';
import { type AlertState, nextAlertState, nextAlertStates } from './live-alerts.ts';

describe.each(alertScenarios)('when $title', ({ series, lastSecond, firing }) => {
  const seen = new Map<number, readonly string[]>();
  let states: readonly AlertState[] = [];
  for (let second = 0; second <= lastSecond; second += 5) {
    states = nextAlertStates(alerts, states, series, second * 1_000);
    seen.set(
      second,
      states.filter(({ status }) => status === 'firing').map(({ name }) => name),
    );
  }

  it.each(Object.entries(firing))('after %s s there fire %j', (second, names) => {
    expect(new Set(seen.get(Number(second)))).toEqual(new Set(names));
  });
});

/** A counter that rises to 1 at 10 s; after that, nothing is known of it. */
const forgotten: LiveSeries = {
  counters: [
    {
      metric: 'RetriesExhausted',
      labels: {},
      samples: [
        { atEpochMs: 5_000, value: 0 },
        { atEpochMs: 10_000, value: 1 },
      ],
    },
  ],
  histograms: [],
};
const nothing: LiveSeries = { counters: [], histograms: [] };

const words = { title: 'Title', whatToDo: 'Do.' };
const exhausted = eventAlert('RetriesExhausted', { ...words, severity: 'critical' });
const silence = deadManAlert('Silence', 'RoundTrip', { ...words, windowMs: 60_000, holdMs: 30_000 });

describe('nextAlertState', () => {
  it('is quiet at the start', () => {
    expect(nextAlertState(exhausted, undefined, nothing, 0)).toEqual({ name: 'RetriesExhausted', status: 'quiet' });
  });

  it('fires at once, with its value and its times', () => {
    expect(nextAlertState(exhausted, undefined, forgotten, 10_000)).toEqual({
      name: 'RetriesExhausted',
      status: 'firing',
      value: 1,
      pendingSinceEpochMs: 10_000,
      firingSinceEpochMs: 10_000,
      latchedUntilEpochMs: 130_000,
    });
  });

  it('stays latched for two minutes though the series is gone, then resolves and keeps its times', () => {
    const fired = nextAlertState(exhausted, undefined, forgotten, 10_000);
    const latched = nextAlertState(exhausted, fired, nothing, 129_999);
    expect(latched).toMatchObject({ status: 'firing', firingSinceEpochMs: 10_000 });
    const resolved = nextAlertState(exhausted, latched, nothing, 130_000);
    const times = { firingSinceEpochMs: 10_000, latchedUntilEpochMs: 130_000, resolvedAtEpochMs: 130_000 };
    expect(resolved).toEqual({ name: 'RetriesExhausted', status: 'resolved', ...times });
    expect(nextAlertState(exhausted, resolved, nothing, 500_000)).toEqual(resolved);
  });

  it('fires anew, with new times, after it was resolved', () => {
    const resolved: AlertState = {
      name: 'RetriesExhausted',
      status: 'resolved',
      firingSinceEpochMs: 1_000,
      resolvedAtEpochMs: 2_000,
    };
    const again = nextAlertState(exhausted, resolved, forgotten, 11_000);
    expect(again).toMatchObject({ status: 'firing', firingSinceEpochMs: 11_000, latchedUntilEpochMs: 131_000 });
    expect(again).not.toHaveProperty('resolvedAtEpochMs');
  });

  it('keeps the time of its first firing while it goes on', () => {
    const fired = nextAlertState(exhausted, undefined, forgotten, 10_000);
    expect(nextAlertState(exhausted, fired, forgotten, 15_000)).toMatchObject({ firingSinceEpochMs: 10_000 });
  });

  it('is pending for the hold, and quiet again when it was nothing', () => {
    const pending = nextAlertState(silence, undefined, nothing, 1_000);
    expect(pending).toEqual({ name: 'Silence', status: 'pending', pendingSinceEpochMs: 1_000 });
    expect(nextAlertState(silence, pending, nothing, 30_999)).toEqual(pending);
    expect(nextAlertState(silence, pending, nothing, 31_000)).toMatchObject({
      status: 'firing',
      pendingSinceEpochMs: 1_000,
      firingSinceEpochMs: 31_000,
    });
    const zero = new Array<number>(60).fill(0);
    const event = new Array<number>(60).fill(1);
    const traffic: LiveSeries = {
      counters: [],
      histograms: [
        {
          metric: 'RoundTrip',
          labels: {},
          samples: [
            { atEpochMs: 2_000, cumulativeCounts: zero, sumMs: 0 },
            { atEpochMs: 7_000, cumulativeCounts: event, sumMs: 9 },
          ],
        },
      ],
    };
    expect(nextAlertState(silence, pending, traffic, 8_000)).toMatchObject({ status: 'quiet' });
  });
});

describe('nextAlertStates', () => {
  it('forgets the states of alerts that no longer exist', () => {
    const gone: AlertState = { name: 'Gone', status: 'firing' };
    expect(nextAlertStates([exhausted], [gone], nothing, 0).map(({ name }) => name)).toEqual(['RetriesExhausted']);
  });
});
