import { describe, expect, it } from 'vitest';
import { busyOnAverage, meanWaitMs, serversFor, shareThatWaits, waitPercentileMs } from './erlang-c.ts';

describe('Erlang C', () => {
  it.each([
    [1, 0.5, 0.5], // one server: as often busy as not
    [2, 1, 1 / 3],
    [3, 2, 4 / 9],
    [10, 8, 0.4092],
  ])('of arrivals at %d servers with %d busy, %d wait', (servers, load, share) => {
    expect(shareThatWaits(servers, load)).toBeCloseTo(share, 4);
  });

  it('holds for more servers than factorials do', () => {
    const share = shareThatWaits(1_500, 1_440);
    expect(share).toBeGreaterThan(0.05);
    expect(share).toBeLessThan(0.12);
  });

  it("is Little's law before it is anything else", () => {
    expect(busyOnAverage(166, 100)).toBeCloseTo(16.6, 6);
  });

  it('waits on average', () => {
    expect(meanWaitMs(2, 10, 100)).toBeCloseTo(33.33, 2); // a third waits, 100 ms each
  });

  it('waits at the 95th percentile', () => {
    expect(waitPercentileMs(2, 10, 100, 0.95)).toBeCloseTo(189.71, 2); // ln((1/3) / 0.05) x 100
    expect(waitPercentileMs(20, 10, 100, 0.95)).toBe(0);
  });

  it('says that too few servers never catch up', () => {
    expect(shareThatWaits(2, 2)).toBe(1);
    expect(meanWaitMs(2, 20, 100)).toBe(Number.POSITIVE_INFINITY);
    expect(waitPercentileMs(2, 20, 100, 0.95)).toBe(Number.POSITIVE_INFINITY);
  });

  it('finds the fewest servers for a wait', () => {
    const servers = serversFor(1_000, 100, { percentile: 0.95, upToMs: 10 });
    expect(waitPercentileMs(servers, 1_000, 100, 0.95)).toBeLessThanOrEqual(10);
    expect(waitPercentileMs(servers - 1, 1_000, 100, 0.95)).toBeGreaterThan(10);
    expect(servers).toBeGreaterThan(100); // more than are busy on average
  });
});
