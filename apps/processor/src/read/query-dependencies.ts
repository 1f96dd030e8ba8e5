/** What the reads of the API need of the world. */
import type { Deadline } from '@quartersec/sla';
import type {
  ChangePosition,
  ChangesRead,
  Head,
  Journal,
  PageOptions,
  StoredUser,
  TransactionPage,
} from '@quartersec/storage';
import type { EventLog } from '@quartersec/telemetry';
import type { Derived } from '../insights/derived.ts';
import type { Remembered } from '../remember-last.ts';
import type { RememberedAssessments } from './remember-assessments.ts';

export interface QueryDependencies {
  readonly journal: Pick<Journal, 'readHead' | 'storedHeads'>;
  /** Ids of a user's connections in the order of their texts, as they are now; the heads say whether they are. */
  connectionIdsOf(userId: string, deadline: Deadline): Promise<readonly string[]>;
  /** By user, as this environment has read them last. */
  readonly idsReadLast: Remembered<readonly string[]>;
  /**
   * By date, newest first.
   * @throws {StorageError} `VERSION_UNKNOWN` for a page of another history; `ENTRY_CORRUPT` rather than showing what cannot be trusted
   */
  readPage(head: Head, page: Omit<PageOptions, 'deadline' | 'memory'>, deadline: Deadline): Promise<TransactionPage>;
  /** @throws {StorageError} as `readPage` */
  readChanges(head: Head, from: ChangePosition, limit: number, deadline: Deadline): Promise<ChangesRead>;
  /**
   * What is derived of a connection for its insights, as of the head.
   * @throws {StorageError} as `readPage`
   */
  readDerived(head: Head, deadline: Deadline): Promise<Derived>;
  readonly assessments: RememberedAssessments;
  /** The ids as `connectionIdsOf` gives them, and what the user has said of insights. @throws {StorageError} */
  userOf(userId: string, deadline: Deadline): Promise<StoredUser>;
  readonly log: EventLog;
  /** Of the deployed code: another one may say the same in another way, so what callers have kept of this one is out of date. */
  readonly revision: string;
  readonly hardDeadlineMs: number;
  nowMs(): number;
  /** Wall clock: insights and forecasts depend on the day. */
  nowEpochMs(): number;
  sleep(ms: number): Promise<void>;
}
