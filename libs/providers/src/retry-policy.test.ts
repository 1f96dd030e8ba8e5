import { describe, expect, it } from 'vitest';
import type { Outcome } from './provider-error.ts';
import { decideRetry, type RetryDecision } from './retry-policy.ts';

type Row = [
  title: string,
  attempts: number,
  outcome: Outcome,
  retryAfterMs: number | undefined,
  remainingMs: number,
  random: number,
  expected: RetryDecision,
];

const rows: Row[] = [
  // full jitter: 0 up to 50, 100, 200 ms
  ['waits up to 50 ms after the first failure', 1, 'soon', undefined, 2_000, 1, { action: 'retry', afterMs: 50 }],
  ['waits up to 100 ms after the second', 2, 'soon', undefined, 2_000, 1, { action: 'retry', afterMs: 100 }],
  ['waits up to 200 ms after the third', 3, 'soon', undefined, 2_000, 1, { action: 'retry', afterMs: 200 }],
  ['may retry at once', 1, 'soon', undefined, 2_000, 0, { action: 'retry', afterMs: 0 }],
  ['scales by chance', 3, 'soon', undefined, 2_000, 0.25, { action: 'retry', afterMs: 50 }],
  // the count
  ['gives up after the fourth failure', 4, 'soon', undefined, 2_000, 0, { action: 'give-up' }],
  ['gives up after a fourth 429, saying when', 4, 'throttled', 100, 2_000, 0, { action: 'give-up', afterMs: 100 }],
  // the deadline
  [
    'waits less when more would leave no time to call and commit',
    3,
    'soon',
    undefined,
    230,
    1,
    { action: 'retry', afterMs: 80 },
  ],
  ['retries at once when only that fits', 3, 'soon', undefined, 150, 1, { action: 'retry', afterMs: 0 }],
  ['gives up when no call fits', 1, 'soon', undefined, 149, 0, { action: 'give-up' }],
  ['gives up when the deadline is over', 1, 'soon', undefined, 0, 0, { action: 'give-up' }],
  // Retry-After
  ['waits what a 429 asks, when it just fits', 1, 'throttled', 1_000, 1_150, 0, { action: 'retry', afterMs: 1_000 }],
  ['never waits less, and spreads by 10 %', 1, 'throttled', 1_000, 2_000, 1, { action: 'retry', afterMs: 1_100 }],
  ['hands back a wait that does not', 1, 'throttled', 1_000, 1_149, 0, { action: 'hand-back', afterMs: 1_000 }],
  ['hands back a day whole', 1, 'throttled', 85_092_000, 2_000, 0, { action: 'hand-back', afterMs: 85_092_000 }],
  [
    'takes a minute for a 429 without a time',
    1,
    'throttled',
    undefined,
    2_000,
    0,
    { action: 'hand-back', afterMs: 60_000 },
  ],
  ['honours Retry-After of a 503', 1, 'soon', 300, 2_000, 0, { action: 'retry', afterMs: 300 }],
  ['hands back a 503 past the deadline', 1, 'soon', 120_000, 2_000, 0, { action: 'hand-back', afterMs: 120_000 }],
  // not for this event
  [
    'hands a bank that is down back for five minutes',
    1,
    'later',
    undefined,
    2_000,
    0,
    { action: 'hand-back', afterMs: 300_000 },
  ],
  ['spreads the wait', 1, 'later', undefined, 2_000, 0.5, { action: 'hand-back', afterMs: 315_000 }],
  ['takes the time of the bank itself', 1, 'later', 7_200_000, 2_000, 0, { action: 'hand-back', afterMs: 7_200_000 }],
  [
    'polls data in the making every ten minutes',
    1,
    'not-ready',
    undefined,
    2_000,
    0,
    { action: 'hand-back', afterMs: 600_000 },
  ],
  ['takes the time of the provider itself', 1, 'not-ready', 5_000, 9_000, 0, { action: 'hand-back', afterMs: 5_000 }],
  [
    'asks again in a day what is unclear',
    1,
    'unclear',
    undefined,
    2_000,
    0,
    { action: 'hand-back', afterMs: 86_400_000 },
  ],
  ['asks wrong keys hourly', 1, 'configuration', undefined, 2_000, 0, { action: 'hand-back', afterMs: 3_600_000 }],
  ['whatever they answer', 1, 'configuration', 60_000, 2_000, 0, { action: 'hand-back', afterMs: 3_600_000 }],
  ['leaves a restart to the caller', 1, 'restart', undefined, 2_000, 0, { action: 'stop' }],
  ['leaves a resync to the caller', 1, 'resync', undefined, 2_000, 0, { action: 'stop' }],
  ['does not retry what the user must repair', 1, 'user-action', undefined, 2_000, 0, { action: 'stop' }],
  ['does not retry what is closed', 1, 'terminal', undefined, 2_000, 0, { action: 'stop' }],
  ['does not retry a request that is wrong', 1, 'defect', undefined, 2_000, 0, { action: 'stop' }],
];

describe('decideRetry', () => {
  it.each(rows)('%s', (_title, attempts, outcome, retryAfterMs, remainingMs, random, expected) => {
    expect(decideRetry({ attempts, outcome, retryAfterMs, remainingMs }, () => random)).toEqual(expected);
  });
});
