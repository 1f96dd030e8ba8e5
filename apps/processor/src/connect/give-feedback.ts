/** What a user says of an insight. It is kept whether or not the insight holds now: it may come back, and then the word still counts. */
import { isLocalDate } from '@quartersec/validation';
import type { ApiCall } from '../api/api-handler.ts';
import { ApiError } from '../api/problems.ts';
import type { ConnectDependencies } from './connect-dependencies.ts';
import { ConnectError } from './connect-error.ts';

/**
 * @throws {ApiError} `REQUEST_INVALID` for a snooze without its day, and a day without a snooze
 * @throws {ConnectError} `CONNECTION_UNKNOWN` for a user without any
 */
export async function giveFeedback(
  fingerprint: string,
  { userId, body: { verdict, until }, deadline }: Pick<ApiCall<'giveFeedback'>, 'userId' | 'body' | 'deadline'>,
  deps: Pick<ConnectDependencies, 'keepFeedback' | 'connectionIdsOf' | 'nowEpochMs'>,
): Promise<void> {
  const isDayRight = verdict === 'snoozed' ? until !== undefined && isLocalDate(until) : until === undefined;
  if (!isDayRight) {
    const expected = verdict === 'snoozed' ? 'a day of the calendar' : 'nothing: only a snooze has an end';
    throw new ApiError('REQUEST_INVALID', { errors: [{ path: 'body.until', expected }] });
  }
  // Kept for as long as the user has a connection: without one nothing would ever erase it.
  if ((await deps.connectionIdsOf(userId, deadline)).length === 0) throw new ConnectError('CONNECTION_UNKNOWN');
  const said = { fingerprint, verdict, untilDate: until ?? null, saidEpochMs: deps.nowEpochMs() };
  await deps.keepFeedback(userId, said, deadline);
}
