import { describe, expect, it } from 'vitest';
import { type AlertRun, type Delays, judgeAlerts, summarisePath, waitForPhaseMs } from './alert-summary.ts';

const runsOf = (...delays: readonly Delays[]): readonly AlertRun[] =>
  delays.map((delaysMs, index) => ({ run: index + 1, exhaustedAt: '2026-01-05T10:00:00.000Z', delaysMs }));
const live = (...delaysMs: readonly (number | null)[]) => runsOf(...delaysMs.map((each) => ({ live: each })));
const unharmed = { sent: 20, committed: 20 };
const judge = (runs: readonly AlertRun[]) => judgeAlerts([summarisePath('live', runs)], unharmed, [900]);

describe('summarisePath', () => {
  it('gives the spread of the delays, unsorted as they come', () => {
    const delays = Array.from({ length: 20 }, (_, index) => (((index * 7) % 20) + 1) * 100);
    expect(summarisePath('live', live(...delays))).toEqual({
      path: 'live',
      runs: 20,
      neverShown: 0,
      minMs: 100,
      medianMs: 1_000,
      p95Ms: 1_900,
      maxMs: 2_000,
      targetMs: 15_000,
      targetMet: true,
      kept: true,
    });
  });

  it('holds the slowest run to target and promise, each to the millisecond', () => {
    expect(summarisePath('live', live(10, 15_000))).toMatchObject({ targetMet: true, kept: true });
    expect(summarisePath('live', live(10, 15_001))).toMatchObject({ targetMet: false, kept: true });
    expect(summarisePath('live', live(60_000, 10))).toMatchObject({ targetMet: false, kept: true });
    expect(summarisePath('live', live(60_001, 10))).toMatchObject({ targetMet: false, kept: false });
    expect(summarisePath('alertmanager', runsOf({ alertmanager: 25_000 }))).toMatchObject({ targetMet: true });
  });

  it('counts an alert that never showed, and keeps no promise with it', () => {
    expect(summarisePath('live', live(10, null, 20))).toMatchObject({
      runs: 3,
      neverShown: 1,
      maxMs: 20,
      targetMet: false,
      kept: false,
    });
  });

  it('has no figures, and keeps nothing, when it never showed or was never measured', () => {
    const nothing = { minMs: null, medianMs: null, p95Ms: null, maxMs: null, targetMet: false, kept: false };
    expect(summarisePath('live', live(null))).toMatchObject({ ...nothing, runs: 1, neverShown: 1 });
    expect(summarisePath('live', [])).toMatchObject({ ...nothing, runs: 0, neverShown: 0 });
  });

  it('keeps nothing when a run is missing on its path', () => {
    const runs = runsOf({ live: 10, prometheus: 10 }, { live: 10 });
    expect(summarisePath('prometheus', runs)).toMatchObject({ runs: 1, targetMet: false, kept: false });
  });
});

describe('judgeAlerts', () => {
  it('passes on the promise, also where a target is missed', () => {
    expect(judge(live(10, 59_000))).toEqual({
      passed: true,
      because: 'the slowest alert was shown after 59 s, promised are 60 s',
    });
  });

  it('fails on one alert that came too late', () => {
    expect(judge(live(10, 61_000))).toEqual({
      passed: false,
      because: 'live evaluator of the board: 61 s in the slowest run, promised are 60 s',
    });
  });

  it('fails on one alert that never showed, however fast the others were', () => {
    expect(judge(live(10, null, 10))).toEqual({
      passed: false,
      because: 'live evaluator of the board: the alert never showed in 1 of 3 runs',
    });
  });

  it('fails on any of its paths, and on none at all', () => {
    const runs = runsOf({ live: 10, alertmanager: 61_000 });
    const summaries = [summarisePath('live', runs), summarisePath('alertmanager', runs)];
    expect(judgeAlerts(summaries, unharmed, undefined).passed).toBe(false);
    expect(judgeAlerts([], unharmed, undefined)).toEqual({ passed: false, because: 'nothing was measured' });
    expect(judge([]).passed).toBe(false);
  });

  it('fails when an event was held up by monitoring that stood still, or none was sent', () => {
    const fast = [summarisePath('live', live(10))];
    expect(judgeAlerts(fast, { sent: 20, committed: 19 }, undefined)).toEqual({
      passed: false,
      because: '19 of 20 events were processed while monitoring stood still',
    });
    expect(judgeAlerts(fast, { sent: 0, committed: 0 }, undefined).passed).toBe(false);
  });

  it("fails when no visit to the board's page was painted within a second", () => {
    const fast = [summarisePath('live', live(10))];
    expect(judgeAlerts(fast, unharmed, [3_000, 999])).toMatchObject({ passed: true });
    expect(judgeAlerts(fast, unharmed, [3_000, 1_000])).toEqual({
      passed: false,
      because: "the board's page was painted after 1 s at best, promised is 1 s",
    });
    expect(judgeAlerts(fast, unharmed, [])).toMatchObject({ passed: false });
  });
});

describe('waitForPhaseMs', () => {
  it.each([
    [0, 0, 0],
    [0, 5, 1_250],
    [20_000_000_001, 0, 4_999],
    [20_000_001_250, 5, 0],
    [20_000_004_900, 19, 4_850],
    [20_000_000_000, 25, 1_250],
  ])('at %i ms, run %i of 20 waits %i ms for its place in five seconds', (nowEpochMs, run, waitMs) => {
    expect(waitForPhaseMs(nowEpochMs, run, 20, 5_000)).toBe(waitMs);
  });
});
