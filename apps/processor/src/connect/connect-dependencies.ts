/** What the use cases of `connect` need of the world. */
import type { PlaidLinkCalls } from '@quartersec/providers';
import type { Deadline } from '@quartersec/sla';
import type { ExchangeRecords, Head, InsightFeedback, Journal, LinkRequest } from '@quartersec/storage';
import type { EventLog } from '@quartersec/telemetry';
import type { SyncQueue } from '../sync-queue.ts';

export interface LinkSettings {
  /** Shown to the user at the bank's login. */
  readonly clientName: string;
  /** ISO 639-1. */
  readonly language: string;
  /** ISO 3166-1 alpha-2. */
  readonly countryCodes: readonly string[];
  readonly daysRequested: number;
  readonly webhookUrl: string | undefined;
  readonly redirectUri: string | undefined;
}

export interface ConnectDependencies {
  readonly calls: PlaidLinkCalls;
  readonly settings: LinkSettings;
  readonly journal: Journal;
  readonly exchanges: ExchangeRecords;
  readonly queue: Pick<SyncQueue, 'send'>;
  readonly log: EventLog;
  /** @throws {StorageError} as `linkConnection` */
  link(request: LinkRequest, deadline: Deadline): Promise<Head>;
  /** Ids of a user's connections; the heads say whether they are. */
  connectionIdsOf(userId: string, deadline: Deadline): Promise<readonly string[]>;
  /** @throws {StorageError} as `putFeedback` */
  keepFeedback(userId: string, feedback: InsightFeedback, deadline: Deadline): Promise<void>;
  /** @returns items erased */
  forget(connectionId: string, deadline: Deadline): Promise<number>;
  sealToken(token: string, connectionId: string): string;
  /** @throws {StorageError} `TOKEN_UNREADABLE` */
  openToken(sealedToken: string, connectionId: string): string | Promise<string>;
  newId(): string;
  nowEpochMs(): number;
}

/** One call of a user. */
export interface ConnectCall {
  readonly userId: string;
  /** Of the user, by the gateway's word. */
  readonly sourceIp?: string;
  readonly deadline: Deadline;
}

/** The one provider that can be linked so far. */
export const linkProvider = 'plaid';

/** @returns the user's own connection; `undefined` for another one's as for none, so that nothing is revealed */
export async function readOwn(
  deps: Pick<ConnectDependencies, 'journal'>,
  connectionId: string,
  { userId, deadline }: ConnectCall,
): Promise<Head | undefined> {
  const head = await deps.journal.readHead(connectionId, { deadline, fresh: true });
  return head?.userId === userId ? head : undefined;
}
