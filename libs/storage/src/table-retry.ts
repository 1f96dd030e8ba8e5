/** One table call with its deadline: attempts of bounded length, full jitter between them, and an honest end. */
import { type Deadline, objectives } from '@quartersec/sla';
import { AttemptTimeout, withinMs } from './attempt-timeout.ts';
import { StorageError, type StorageErrorCode, type StorageErrorFacts } from './storage-error.ts';
import { failureOf, type TableFailure } from './table-failure.ts';

/**
 * A call that takes five times the store objective hangs on a dead socket: a new one is the better bet. If that one takes as long, the table is
 * slow, and each further attempt has twice the time.
 */
export const defaultAttemptTimeoutMs = 5 * objectives.store.underMs;
/** AWS's own start value for DynamoDB. */
const firstWaitMs = 25;
const waitCapMs = 400;
/** So that a lucky roll of the dice is still a wait. */
const leastWaitMs = 2;
/** With less time left an attempt would only be cut off, and leave a put unknown. */
const leastAttemptMs = 10;

export interface RetryDeps {
  /** 0 to 1 */
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  readonly attemptTimeoutMs: number;
}

export interface TableCall<T> {
  readonly deadline: Deadline;
  /** For the error: operation and key. */
  readonly facts: StorageErrorFacts;
  /** What to answer when nobody can tell whether the call was carried out; without it such a call is made again. */
  readonly lostAnswer?: T;
  /** How often that has been answered before, to the same call. Default 0. */
  readonly lostBefore?: number | undefined;
  /** What to answer when the condition did not hold. */
  readonly refusedAnswer?: T;
  /** ONE attempt, given up when the signal says so. */
  readonly attempt: (signal: AbortSignal) => Promise<T>;
}

const codeOf = {
  throttled: 'TABLE_THROTTLED',
  'not-done': 'TABLE_UNREACHABLE',
  lost: 'TABLE_UNREACHABLE',
  'timed-out': 'DEADLINE_EXCEEDED',
  refused: 'TABLE_REJECTED',
  'too-large': 'ITEM_TOO_LARGE',
  rejected: 'TABLE_REJECTED',
} as const satisfies Record<TableFailure | 'timed-out', StorageErrorCode>;

/** Most that is waited after so many failures, before jitter. */
export function waitCeilingMs(failures: number): number {
  return Math.min(waitCapMs, firstWaitMs * 2 ** (failures - 1));
}

/**
 * @throws {StorageError} when the call cannot succeed, or not within its deadline; named after the last failure
 */
export async function callTable<T>(deps: RetryDeps, call: TableCall<T>): Promise<T> {
  let last: { readonly kind: keyof typeof codeOf; readonly cause: unknown } = { kind: 'timed-out', cause: undefined };
  const { lostBefore = 0 } = call;
  let timeouts = lostBefore;
  for (let failures = lostBefore; ; ) {
    const timeoutMs = Math.min(deps.attemptTimeoutMs * 2 ** timeouts, call.deadline.remainingMs());
    if (timeoutMs <= 0) throw failed(call, last);
    try {
      return await withinMs(timeoutMs, call.attempt);
    } catch (error) {
      last = { kind: error instanceof AttemptTimeout ? 'timed-out' : failureOf(error), cause: error };
    }
    failures += 1;
    const { kind } = last;
    if (kind === 'timed-out') timeouts += 1;
    if (kind === 'refused' && call.refusedAnswer !== undefined) return call.refusedAnswer;
    if (kind === 'refused' || kind === 'rejected' || kind === 'too-large') throw failed(call, last);
    const isLost = (kind === 'lost' || kind === 'timed-out') && call.lostAnswer !== undefined;
    const waitMs = Math.max(leastWaitMs, Math.round(deps.random() * waitCeilingMs(failures)));
    const isTimeUp = waitMs + leastAttemptMs > call.deadline.remainingMs();
    if (isTimeUp && !isLost) throw failed(call, last);
    if (!isTimeUp) await deps.sleep(waitMs);
    if (isLost && call.lostAnswer !== undefined) return call.lostAnswer;
  }
}

function failed(call: { readonly facts: StorageErrorFacts }, last: { kind: keyof typeof codeOf; cause: unknown }) {
  // A name only: messages quote what was sent. Node's own errors are all called Error, and have codes.
  const { name, code } = (last.cause ?? {}) as { readonly name?: unknown; readonly code?: unknown };
  const reason = typeof code === 'string' ? code : name;
  const facts = typeof reason === 'string' ? { ...call.facts, reason } : call.facts;
  return new StorageError(codeOf[last.kind], facts, { cause: last.cause });
}
