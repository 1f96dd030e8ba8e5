import { describe, expect, it } from 'vitest';
import { eventDurationMs } from './event-figures.ts';
import { logNormalDraw, logNormalMean } from './log-normal.ts';
import { createRandom } from './queue-simulation.ts';

describe('eventDurationMs', () => {
  it.each([
    [1_769, 82.5], // the mean through 75 and 154 ms, on a whole core
    [3_538, 82.5], // more than one core does not help one thread
    [884.5, 87.8], // half a core: the 5.3 ms of CPU take twice as long
    [512, 95.5],
  ])('with %d MB an event takes %d ms', (memoryMb, durationMs) => {
    expect(eventDurationMs(memoryMb)).toBeCloseTo(durationMs, 1);
  });
});

describe('log-normal times', () => {
  it('have a mean above the median', () => {
    expect(logNormalMean(100, 100)).toBe(100);
    expect(logNormalMean(100, 200)).toBeCloseTo(109.29, 2); // 100 x exp((ln 2 / 1.6449)^2 / 2)
  });

  it('are drawn with the median and the p95 that were given', () => {
    const random = createRandom(3);
    const draw = logNormalDraw(75, 154);
    const drawn = Array.from({ length: 20_001 }, () => draw(random)).sort((a, b) => a - b);
    expect(drawn[10_000]).toBeGreaterThan(73);
    expect(drawn[10_000]).toBeLessThan(77);
    expect(drawn[19_000]).toBeGreaterThan(149);
    expect(drawn[19_000]).toBeLessThan(159);
  });
});
