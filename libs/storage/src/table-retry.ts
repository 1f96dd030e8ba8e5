/** One table call with its deadline: the common backoff, and what its end means for the table. */
import { AwsError, type AwsErrorCode, callInTime, type RetryDeps, type TimedCall } from '@quartersec/aws';
import { objectives } from '@quartersec/sla';
import { StorageError, type StorageErrorCode, type StorageErrorFacts } from './storage-error.ts';
import { failureOf } from './table-failure.ts';

/** A call that takes five times the store objective hangs on a dead socket: a new one is the better bet. */
export const defaultAttemptTimeoutMs = 5 * objectives.store.underMs;

export interface TableCall<T> extends TimedCall<T> {
  /** For the error: operation and key. */
  readonly facts: StorageErrorFacts;
  /** What to answer when the condition did not hold. */
  readonly refusedAnswer?: T;
}

const codeOf = {
  THROTTLED: 'TABLE_THROTTLED',
  UNREACHABLE: 'TABLE_UNREACHABLE',
  TIMED_OUT: 'DEADLINE_EXCEEDED',
  REJECTED: 'TABLE_REJECTED',
} as const satisfies Record<AwsErrorCode, StorageErrorCode>;

/** @throws {StorageError} when the call cannot succeed, or not within its deadline; named after the last failure */
export async function callTable<T>(deps: RetryDeps, call: TableCall<T>): Promise<T> {
  try {
    return await callInTime(deps, call);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const { cause, facts } = error;
    const failure = failureOf(cause);
    if (failure === 'refused' && call.refusedAnswer !== undefined) return call.refusedAnswer;
    const code = failure === 'too-large' ? 'ITEM_TOO_LARGE' : codeOf[error.code];
    throw new StorageError(code, { ...call.facts, ...facts }, { cause });
  }
}
