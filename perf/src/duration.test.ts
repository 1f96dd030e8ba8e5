import { describe, expect, it } from 'vitest';
import { formatMs, parseDurationMs } from './duration.ts';

describe('parseDurationMs', () => {
  it.each([
    ['500ms', 500],
    ['60s', 60_000],
    ['10m', 600_000],
    ['2h', 7_200_000],
  ])('reads %s', (text, durationMs) => {
    expect(parseDurationMs('duration', text)).toBe(durationMs);
  });

  it.each(['', '10', 's', '-1s', '1.5s', '10 m', '1d'])('refuses %j and says what to write', (text) => {
    expect(() => parseDurationMs('warmup', text)).toThrow(/^--warmup must be a number with its unit, such as 60s/);
  });
});

describe('formatMs', () => {
  it.each([
    [12.4, '12 ms'],
    [1_500, '1.5 s'],
    [60_000, '60 s'],
    [600_000, '10 min'],
  ])('says %d ms as %s', (ms, text) => {
    expect(formatMs(ms)).toBe(text);
  });
});
