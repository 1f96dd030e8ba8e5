/** What the use cases of `connect` need of the world. */
import { isIP } from 'node:net';
import type { PlaidLinkCalls } from '@quartersec/providers';
import type { Deadline } from '@quartersec/sla';
import type { ExchangeRecords, Head, InsightFeedback, Journal, LinkRequest, PendingLinks } from '@quartersec/storage';
import type { EventLog } from '@quartersec/telemetry';
import type { SyncQueue } from '../sync-queue.ts';
import type { LinkProviders } from './link-provider.ts';

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
  readonly pending: PendingLinks;
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

/** With the providers whose banks are linked by it. */
export interface LinkDependencies extends ConnectDependencies {
  readonly links: LinkProviders;
}

/** One call of a user. */
export interface ConnectCall {
  readonly userId: string;
  /** Of the user, by the gateway's word. */
  readonly sourceIp?: string;
  readonly deadline: Deadline;
}

/** That the user is there, for banks that ask from where. */
export function presentAt({ sourceIp = '' }: ConnectCall): { readonly userIpAddress?: string } {
  return isIP(sourceIp) === 0 ? {} : { userIpAddress: sourceIp };
}

/** Where a call names none. */
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

/** The user's own connections. */
export async function readHeads(
  { userId, deadline }: ConnectCall,
  deps: Pick<ConnectDependencies, 'journal' | 'connectionIdsOf'>,
): Promise<readonly Head[]> {
  const ids = await deps.connectionIdsOf(userId, deadline);
  const heads = await Promise.all(ids.map((id) => deps.journal.readHead(id, { deadline, fresh: true })));
  return heads.flatMap((head) => (head?.userId === userId ? [head] : []));
}
