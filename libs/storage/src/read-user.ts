/** What an answer about a user's insights needs of the user: both are in one partition, and cost one call instead of two. */
import { afterFeedback, type InsightFeedback, parseFeedback } from './insight-feedback.ts';
import type { CallOptions, Table } from './table.ts';
import { parseUserLinkKey, userLinkKey } from './user-link.ts';

export interface StoredUser {
  /** As `readConnectionIds` gives them. */
  readonly connectionIds: readonly string[];
  /** As `readFeedback` gives it. */
  readonly feedback: readonly InsightFeedback[];
}

/** @throws {StorageError} as `Table.query` */
export async function readUser(table: Table, userId: string, options: CallOptions): Promise<StoredUser> {
  // Records of exchanges lie between the two, gone after a day.
  const { pk, sk } = userLinkKey(userId, '');
  const items = await table.query({ pk, fromSk: sk, toSk: afterFeedback }, options);
  return {
    connectionIds: items.flatMap((item) => parseUserLinkKey(item)?.connectionId ?? []),
    feedback: items.flatMap((item) => parseFeedback(item) ?? []),
  };
}
