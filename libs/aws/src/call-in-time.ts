/** One call with its deadline: attempts of bounded length, full jitter between them, and an honest end. */
import type { Deadline } from '@quartersec/sla';
import { AttemptTimeout, withinMs } from './attempt-timeout.ts';
import { type AwsFailure, failureOf, reasonOf } from './failure-of.ts';

/** AWS's own start value for DynamoDB. */
const firstWaitMs = 25;
const waitCapMs = 400;
/** So that a lucky roll of the dice is still a wait. */
const leastWaitMs = 2;
/** With less time left an attempt would only be cut off, and leave a write unknown. */
const leastAttemptMs = 10;
/** Of what is left at the start: a first attempt that hangs leaves time for one that takes twice as long. */
const firstAttemptShare = 1 / 3;
/** Least that it is given, however near the deadline: ten times what DynamoDB usually takes. */
const leastFirstAttemptMs = 100;

export interface RetryDeps {
  /** 0 to 1 */
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** Most that the first attempt may take: one that takes longer hangs on a dead socket. Each that is cut off gives the next one twice the time. */
  readonly attemptTimeoutMs: number;
}

export interface TimedCall<T> {
  readonly deadline: Deadline;
  /** What to answer when nobody can tell whether the call was carried out; without it such a call is made again. */
  readonly lostAnswer?: T;
  /** How often that has been answered before, to the same call. Default 0. */
  readonly lostBefore?: number | undefined;
  /** ONE attempt, given up when the signal says so. */
  readonly attempt: (signal: AbortSignal) => Promise<T>;
}

export type AwsErrorCode =
  /** The service asked us to slow down until the deadline was over. */
  | 'THROTTLED'
  /** No response, or none that says whether the call was carried out. */
  | 'UNREACHABLE'
  /** The last attempt took longer than its time. */
  | 'TIMED_OUT'
  /** The service refused the request as such. */
  | 'REJECTED';

const codes = {
  throttled: 'THROTTLED',
  'not-done': 'UNREACHABLE',
  lost: 'UNREACHABLE',
  'timed-out': 'TIMED_OUT',
  rejected: 'REJECTED',
} as const satisfies Record<AwsFailure | 'timed-out', AwsErrorCode>;

/** A call that cannot succeed, or not within its deadline. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: AwsErrorCode;
  /** The last failure's name or Node's code: never a message, which may quote what was sent. */
  readonly facts: { readonly reason?: string };

  constructor(code: AwsErrorCode, facts: AwsError['facts'], options?: ErrorOptions) {
    super(`${code} ${JSON.stringify(facts)}`, options);
    this.code = code;
    this.facts = facts;
  }
}

/** Most that is waited after so many failures, before jitter. */
export function waitCeilingMs(failures: number): number {
  return Math.min(waitCapMs, firstWaitMs * 2 ** (failures - 1));
}

/**
 * The one backoff of all calls to AWS.
 * @throws {AwsError} after the last failure, with it as its cause
 */
export async function callInTime<T>(deps: RetryDeps, call: TimedCall<T>): Promise<T> {
  const { deadline, lostBefore = 0 } = call;
  let last: { readonly kind: keyof typeof codes; readonly cause: unknown } = { kind: 'timed-out', cause: undefined };
  let timeouts = lostBefore;
  const firstMs = Math.max(leastFirstAttemptMs, deadline.remainingMs() * firstAttemptShare);
  for (let failures = lostBefore; ; ) {
    const timeoutMs = Math.min(Math.min(deps.attemptTimeoutMs, firstMs) * 2 ** timeouts, deadline.remainingMs());
    if (timeoutMs <= 0) throw failed(last);
    try {
      return await withinMs(timeoutMs, call.attempt);
    } catch (error) {
      last = { kind: error instanceof AttemptTimeout ? 'timed-out' : failureOf(error), cause: error };
    }
    failures += 1;
    const { kind } = last;
    if (kind === 'timed-out') timeouts += 1;
    if (kind === 'rejected') throw failed(last);
    const isLost = (kind === 'lost' || kind === 'timed-out') && call.lostAnswer !== undefined;
    const waitMs = Math.max(leastWaitMs, Math.round(deps.random() * waitCeilingMs(failures)));
    const isTimeUp = waitMs + leastAttemptMs > deadline.remainingMs();
    if (isTimeUp && !isLost) throw failed(last);
    if (!isTimeUp) await deps.sleep(waitMs);
    if (isLost && call.lostAnswer !== undefined) return call.lostAnswer;
  }
}

function failed({ kind, cause }: { readonly kind: keyof typeof codes; readonly cause: unknown }): AwsError {
  const reason = reasonOf(cause);
  return new AwsError(codes[kind], reason === undefined ? {} : { reason }, { cause });
}
