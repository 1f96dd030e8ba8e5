import { describe, expect, it } from 'vitest';
import { meanWaitMs, shareThatWaits, waitPercentileMs } from './erlang-c.ts';
import { logNormalDraw, logNormalMean } from './log-normal.ts';
import { exponential, type QueueSettings, simulateQueue } from './queue-simulation.ts';

describe('simulateQueue', () => {
  it('says what Erlang C says, where service is as the formula assumes', () => {
    const settings: QueueSettings = {
      servers: 20,
      arrivalsPerSecond: 160,
      arrivals: 400_000,
      seed: 11,
      serviceMs: exponential(100),
    };
    const run = simulateQueue(settings);
    const off = (simulated: number, formula: number) => Math.abs(simulated / formula - 1);
    expect(run.arrivals).toBe(360_000);
    expect(off(run.waitedShare, shareThatWaits(20, 16))).toBeLessThan(0.05);
    expect(off(run.meanWaitMs, meanWaitMs(20, 160, 100))).toBeLessThan(0.1);
    expect(off(run.p95WaitMs, waitPercentileMs(20, 160, 100, 0.95))).toBeLessThan(0.1);
    expect(off(run.p99WaitMs, waitPercentileMs(20, 160, 100, 0.99))).toBeLessThan(0.1);
  });

  it('waits less when times vary less than that', () => {
    const measured = { servers: 16, arrivalsPerSecond: 10_000 / 60, arrivals: 100_000, seed: 1 };
    const asMeasured = simulateQueue({ ...measured, serviceMs: logNormalDraw(75, 154) });
    const asAssumed = simulateQueue({ ...measured, serviceMs: exponential(logNormalMean(75, 154)) });
    expect(asMeasured.meanWaitMs).toBeLessThan(asAssumed.meanWaitMs);
  });

  it('never waits while a server is free, and waits exactly for the first that becomes free', () => {
    const run = (servers: number) =>
      simulateQueue({ servers, arrivalsPerSecond: 1e9, arrivals: 10, seed: 1, serviceMs: () => 100 });
    expect(run(10).meanWaitMs).toBe(0);
    // Ten at once at three servers: the one that warms up starts at once, then 0, 0, 100 x 3, 200 x 3, 300.
    expect(run(3).meanWaitMs).toBeCloseTo(1_200 / 9, 3);
  });

  it('repeats itself from the same seed', () => {
    const run = (seed: number) =>
      simulateQueue({ servers: 4, arrivalsPerSecond: 30, arrivals: 1_000, seed, serviceMs: exponential(100) });
    expect(run(5)).toEqual(run(5));
    expect(run(5)).not.toEqual(run(6));
  });
});
