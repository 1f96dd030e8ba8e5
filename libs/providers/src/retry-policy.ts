/** When to ask a provider again. Pure: `fetch-with-retries.ts` calls and sleeps, this file only decides. */
import { longestWaitMs, maxAttempts, objectives, waitFits } from '@quartersec/sla';
import type { Outcome } from './provider-error.ts';

/** Longest first wait: a fifth of the promise, so that one failed call, its wait and a second call can still keep it. */
const baseWaitMs = objectives.roundTrip.underMs / 5;

/** Longest wait within an event: beyond it the queue waits better, because nobody pays for a queue that waits. */
const waitCapMs = 400;

/** For a 429 that names no time: quotas are counted by the minute at every provider that publishes them. */
const unstatedThrottleWaitMs = 60_000;

/** The first wait for a bank that is down. The caller doubles it: most outages end within minutes, and the long ones last for hours. */
const institutionDownWaitMs = 300_000;

/** An answer that may mean several things, e.g. no accounts: what has to clear up at the bank takes days, not hours. */
const unclearWaitMs = 86_400_000;

/** Wrong keys or a contract that has ended are mended by people: soon noticed after the mend, and no series of calls before. */
const configurationWaitMs = 3_600_000;

/** The provider's webhook says when its data are ready; this is the slow poll in case the webhook is lost. */
const notReadyWaitMs = 600_000;

/** Share of a long wait added at random, so that connections throttled together do not come back together. */
const longWaitJitter = 0.1;

/** One failed attempt. */
export interface FailedAttempt {
  /** Attempts made so far, from 1, this one included. */
  readonly attempts: number;
  readonly outcome: Outcome;
  /** What the provider asked for; `undefined` when it did not. */
  readonly retryAfterMs: number | undefined;
  /** Left of the event's deadline. */
  readonly remainingMs: number;
}

export type RetryDecision =
  /** Sleep, then call again within this event. */
  | { readonly action: 'retry'; readonly afterMs: number }
  /** Nothing is broken, but the time to ask again lies outside this event: put it back with this delay. */
  | { readonly action: 'hand-back'; readonly afterMs: number }
  /** The last permitted attempt failed: by count, or because the deadline leaves no room for another. */
  | { readonly action: 'give-up'; readonly afterMs?: number }
  /** Another attempt would fail in the same way: the caller acts on the error's outcome. */
  | { readonly action: 'stop' };

/**
 * What follows a failed attempt.
 * @param random 0 to 1, exclusive
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ for full jitter
 */
export function decideRetry(failed: FailedAttempt, random: () => number): RetryDecision {
  switch (failed.outcome) {
    case 'soon':
    case 'throttled':
      return decideWithinEvent(failed, random);
    case 'later':
      return { action: 'hand-back', afterMs: withJitter(failed.retryAfterMs ?? institutionDownWaitMs, random) };
    case 'unclear':
      return { action: 'hand-back', afterMs: withJitter(failed.retryAfterMs ?? unclearWaitMs, random) };
    case 'configuration':
      return { action: 'hand-back', afterMs: withJitter(configurationWaitMs, random) };
    case 'not-ready':
      return { action: 'hand-back', afterMs: withJitter(failed.retryAfterMs ?? notReadyWaitMs, random) };
    default:
      return { action: 'stop' };
  }
}

function decideWithinEvent(failed: FailedAttempt, random: () => number): RetryDecision {
  const { attempts, outcome, remainingMs } = failed;
  const askedMs = failed.retryAfterMs ?? (outcome === 'throttled' ? unstatedThrottleWaitMs : undefined);
  const afterMs =
    askedMs === undefined
      ? Math.min(backoffMs(attempts, random), longestWaitMs(remainingMs))
      : withJitter(askedMs, random);
  if (attempts >= maxAttempts) return askedMs === undefined ? { action: 'give-up' } : { action: 'give-up', afterMs };
  if (waitFits(afterMs, remainingMs)) return { action: 'retry', afterMs };
  return askedMs === undefined ? { action: 'give-up' } : { action: 'hand-back', afterMs };
}

/** Full jitter: anything from 0 to the doubled base, so that a crowd of failed events spreads out. */
function backoffMs(attempts: number, random: () => number): number {
  return Math.round(random() * Math.min(waitCapMs, baseWaitMs * 2 ** (attempts - 1)));
}

/** Never shorter than asked. */
function withJitter(askedMs: number, random: () => number): number {
  return Math.round(askedMs * (1 + longWaitJitter * random()));
}
