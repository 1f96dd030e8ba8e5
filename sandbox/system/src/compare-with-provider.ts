/** A connection's full read from its provider, compared with what stands. Nothing of it is stored. */
import { type Connector, createHttpClient, createPlaidConnector } from '@quartersec/providers';
import type { Deadline } from '@quartersec/sla';
import {
  compareWithRead,
  createJournal,
  type Head,
  openToken,
  type ProviderDifferences,
  readTransactions,
  StorageError,
  standingAfter,
  type Table,
} from '@quartersec/storage';
import type { Account, CanonicalPage } from '@quartersec/validation';

export interface ProviderAccess {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly secret: string;
  /** 32 bytes, base64: opens the stored access tokens. */
  readonly tokenKey: string;
}

export type Comparison =
  | ({ readonly connectionId: string; readonly skipped?: undefined } & ProviderDifferences)
  | { readonly connectionId: string; readonly skipped: string };

/** The provider may take its time: nobody waits for one page of many. */
const attemptTimeoutMs = 30_000;
/** 500,000 transactions; a provider whose pages never end is not followed further. */
const pagesMost = 1_000;

/**
 * @returns `skipped` with the reason where there is nothing to compare: history that is not complete, on either side
 * @throws {StorageError | ProviderError} what keeps one of the sides from being read
 */
export async function compareConnection(
  table: Table,
  connectionId: string,
  access: ProviderAccess,
  deadline: Deadline,
): Promise<Comparison> {
  const journal = createJournal({ table });
  const head = await journal.readHead(connectionId, { deadline, fresh: true });
  if (head === undefined) throw new StorageError('CONNECTION_UNKNOWN', { connectionId });
  if (head.provider !== 'plaid') return { connectionId, skipped: `no connector for ${head.provider}` };
  if (head.history !== 'complete') return { connectionId, skipped: `its history is ${head.history}` };
  const pages = await readAll(head, access, deadline);
  if (pages === undefined) return { connectionId, skipped: 'the provider does not call its history complete' };
  // What a run has stored meanwhile counts: the read is newer than the first head.
  const latest = (await journal.readHead(connectionId, { deadline, fresh: true })) ?? head;
  const { transactions } = await readTransactions(table, latest, { deadline });
  return { connectionId, ...compareWithRead(transactions, latest.accounts, standingAfter(pages)) };
}

/** @returns `undefined` where the read is not of the whole history */
async function readAll(
  head: Head,
  { tokenKey, ...plaid }: ProviderAccess,
  deadline: Deadline,
): Promise<readonly CanonicalPage[] | undefined> {
  const { connectionId, institutionId } = head;
  const http = createHttpClient({ provider: 'plaid', allowedOrigins: [plaid.baseUrl], nowEpochMs: Date.now });
  const connector: Connector = createPlaidConnector({ ...plaid, http });
  const accessToken = openToken(head.sealedToken, { tokenKeys: tokenKey, connectionId });
  const today = new Date().toISOString().slice(0, 10);
  try {
    const pages: CanonicalPage[] = [];
    let knownAccounts: readonly Account[] = head.accounts;
    let cursor: string | null = null;
    while (pages.length < pagesMost) {
      const page = connector.validatePage(
        await connector.fetchPage({ accessToken, cursor }, { attemptTimeoutMs, deadline }),
      );
      const canonical = connector.normalisePage(page, { connectionId, institutionId, knownAccounts, today });
      pages.push(canonical);
      knownAccounts = [...knownAccounts, ...canonical.accounts];
      if (!page.hasMore) return page.history === 'complete' ? pages : undefined;
      if (page.nextCursor === null || page.nextCursor === cursor) return undefined;
      cursor = page.nextCursor;
    }
    return undefined;
  } finally {
    http.close();
  }
}
