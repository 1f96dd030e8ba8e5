/**
 * How the time of one event is shared out, derived from the objectives. Pure: `deadline.ts` knows what is left, the
 * caller sleeps and calls, this file only decides.
 *
 * ```ts
 * const deadline = createDeadline(deadlineBudget.hardMs, performance.now);
 * const timeoutMs = attemptTimeoutMs(deadline.remainingMs(), maxAttempts - failures);
 * if (timeoutMs === 0) throw outOfTime();
 * ```
 */
import { objectives } from './objectives.ts';

export interface DeadlineBudget {
  /** An event that is not done by then fails and goes back to the queue. */
  readonly hardMs: number;
  /** Kept back for the commit: a page that cannot be stored need not be fetched. */
  readonly commitReserveMs: number;
  /** A provider call with less time than this would only cost the provider. */
  readonly attemptAtLeastMs: number;
  /** A provider that has not answered by then is hung, even where nobody waits. */
  readonly patientAttemptMs: number;
}

/** Bounds an event whose retries cannot fit the promise: eight promised round trips. */
const HARD_MS = 8 * objectives.roundTrip.underMs;

export const deadlineBudget: DeadlineBudget = {
  hardMs: HARD_MS,
  commitReserveMs: objectives.store.underMs,
  attemptAtLeastMs: 50, // a TLS handshake and an answer within one region
  patientAttemptMs: 10_000,
};

/**
 * Time limit of the next provider call. It takes half of what is left while further attempts remain, so a provider that is
 * only slow is waited for (an equal share would cut off all attempts alike) and a hung call still leaves room for the
 * others; the last attempt takes everything. What a quick failure did not use goes to those after it.
 * @param remainingMs what `Deadline.remainingMs` says
 * @param attemptsLeft attempts that may still be made, this one included, from 1
 * @returns ms; 0 when no useful call fits before the commit's reserve, or no attempt is left
 */
export function attemptTimeoutMs(remainingMs: number, attemptsLeft: number, budget = deadlineBudget): number {
  const usableMs = remainingMs - budget.commitReserveMs;
  if (attemptsLeft < 1 || usableMs < budget.attemptAtLeastMs) return 0;
  if (attemptsLeft === 1) return Math.floor(usableMs);
  return Math.floor(Math.max(usableMs / 2, budget.attemptAtLeastMs));
}

/**
 * Time limit of a call that nobody waits for (a webhook, a schedule, a first import): three quarters of what is left, so
 * that a page which takes over a second arrives in a short event too, and a hung call still leaves room for another.
 * @returns as `attemptTimeoutMs`
 */
export function patientTimeoutMs(remainingMs: number, attemptsLeft: number, budget = deadlineBudget): number {
  const sharedMs = attemptTimeoutMs(remainingMs, attemptsLeft, budget);
  if (sharedMs === 0 || attemptsLeft === 1) return sharedMs;
  const mostMs = ((remainingMs - budget.commitReserveMs) * 3) / 4;
  return Math.floor(Math.max(budget.attemptAtLeastMs, Math.min(mostMs, budget.patientAttemptMs)));
}

/**
 * Whether a wait (a backoff, a provider's Retry-After) still leaves time for a call and its commit. When it does not, the
 * event goes back to the queue with that delay.
 */
export function waitFits(waitMs: number, remainingMs: number, budget = deadlineBudget): boolean {
  return waitMs + budget.attemptAtLeastMs + budget.commitReserveMs <= remainingMs;
}

/** The longest wait that still leaves time for a call and its commit, for capping a backoff; 0 when none does. */
export function longestWaitMs(remainingMs: number, budget = deadlineBudget): number {
  return Math.max(0, remainingMs - budget.attemptAtLeastMs - budget.commitReserveMs);
}
