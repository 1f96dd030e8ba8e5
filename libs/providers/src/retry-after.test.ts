import { describe, expect, it } from 'vitest';
import { parseRetryAfterMs } from './retry-after.ts';

const nowEpochMs = Date.UTC(2026, 10, 24, 12, 0, 0);

describe('parseRetryAfterMs', () => {
  it.each([
    ['whole seconds', '120', 120_000],
    ['spaces around it', ' 7 ', 7_000],
    ['a decimal', '1.5', 1_500],
    ['a fraction of a ms, rounded up', '0.0004', 1],
    ['nearly a day', '85092', 85_092_000],
    ['more than a week: capped', '9999999', 604_800_000],
    ['digits past any number: capped', '9'.repeat(400), 604_800_000],
    ['an HTTP date', 'Tue, 24 Nov 2026 12:00:30 GMT', 30_000],
    ['an HTTP date that says UTC', 'Tue, 24 Nov 2026 12:00:30 UTC', 30_000],
    ['an RFC 850 date', 'Tuesday, 24-Nov-26 12:01:00 GMT', 60_000],
    ['an asctime date', 'Tue Nov 24 12:00:05 2026', 5_000],
  ])('reads %s', (_title, header, expectedMs) => {
    expect(parseRetryAfterMs(header, undefined, nowEpochMs)).toBe(expectedMs);
  });

  it.each([
    ['no header', undefined],
    ['an empty one', ''],
    ['zero', '0'],
    ['a negative number, which Date.parse takes for a date', '-5'],
    ['a past date', 'Tue, 24 Nov 2026 11:59:59 GMT'],
    ['this very second', 'Tue, 24 Nov 2026 12:00:00 GMT'],
    ['NaN', 'NaN'],
    ['Infinity', 'Infinity'],
    ['words', 'soon'],
    ['a date that does not exist', 'Tue, 99 Nov 2026 12:00:00 GMT'],
    ['two values', '1, 2'],
  ])('leaves %s to the backoff', (_title, header) => {
    expect(parseRetryAfterMs(header, undefined, nowEpochMs)).toBeUndefined();
  });

  it("counts from the answer's own Date, so that a wrong clock of ours does no harm", () => {
    const tenMinutesSlow = nowEpochMs - 600_000;
    expect(parseRetryAfterMs('Tue, 24 Nov 2026 12:00:30 GMT', 'Tue, 24 Nov 2026 12:00:00 GMT', tenMinutesSlow)).toBe(
      30_000,
    );
  });

  it('falls back to our clock when the Date cannot be read', () => {
    expect(parseRetryAfterMs('Tue, 24 Nov 2026 12:00:30 GMT', 'yesterday', nowEpochMs)).toBe(30_000);
  });
});
