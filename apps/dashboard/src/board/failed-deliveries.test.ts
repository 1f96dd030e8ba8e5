import { describe, expect, it } from 'vitest';
import { deliveryWarnings, type FailedDelivery, recordFailure } from './failed-deliveries.ts';

const tenEpochMs = Date.UTC(2026, 0, 5, 10);
const minuteMs = 60_000;

describe('deliveryWarnings', () => {
  it('says each reason once, the newest first, with its number', () => {
    let failures: readonly FailedDelivery[] = [];
    failures = recordFailure(failures, 'not JSON', tenEpochMs);
    failures = recordFailure(failures, 'too large', tenEpochMs + minuteMs);
    failures = recordFailure(failures, 'not JSON', tenEpochMs + 2 * minuteMs);
    expect(deliveryWarnings(failures, tenEpochMs + 3 * minuteMs)).toEqual([
      '2 notifications were lost, the last at 10:02:00 UTC: not JSON',
      'A notification was lost, the last at 10:01:00 UTC: too large',
    ]);
  });

  it('says nothing of what was not repeated for ten minutes', () => {
    const failures = recordFailure([], 'not JSON', tenEpochMs);
    expect(deliveryWarnings(failures, tenEpochMs + 10 * minuteMs - 1)).toHaveLength(1);
    expect(deliveryWarnings(failures, tenEpochMs + 10 * minuteMs)).toEqual([]);
  });
});

describe('recordFailure', () => {
  it('keeps a bounded number, the newest', () => {
    let failures: readonly FailedDelivery[] = [];
    for (let each = 0; each < 1_001; each += 1) failures = recordFailure(failures, `${each}`, tenEpochMs);
    expect([failures.length, failures[0]?.reason]).toEqual([1_000, '1']);
  });
});
