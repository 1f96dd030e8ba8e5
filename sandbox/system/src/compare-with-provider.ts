/** A connection's full read from its provider, compared with what stands. Nothing of it is stored. */
import { createProviderAccess, withAccess } from '@quartersec/processor/provider-access';
import type { CallLimits, Connector, RawPage } from '@quartersec/providers';
import type { Deadline } from '@quartersec/sla';
import {
  closeUnlisted,
  compareWithRead,
  createJournal,
  type Head,
  type ProviderDifferences,
  readTransactions,
  type StandingAccount,
  StorageError,
  standingAfter,
  type Table,
} from '@quartersec/storage';
import type { Account, CanonicalPage, Transaction } from '@quartersec/validation';

/** As the `process` function has them: `TOKEN_KEY`, `PLAID_BASE_URL`, `OPEN_BANKING_UK_BANKS` and so on. */
export type Variables = Readonly<Record<string, string | undefined>>;

export type Comparison =
  | ({ readonly connectionId: string; readonly skipped?: undefined } & ProviderDifferences)
  | { readonly connectionId: string; readonly skipped: string };

/** The provider may take its time: nobody waits for one page of many. */
const attemptTimeoutMs = 30_000;
/** 500,000 transactions; a provider whose pages never end is not followed further. */
const pagesMost = 1_000;

/**
 * @returns `skipped` with the reason where there is nothing to compare: history that is not complete, on either side
 * @throws {StorageError | ProviderError | ProcessorError} what keeps one of the sides from being read
 */
export async function compareConnection(
  table: Table,
  connectionId: string,
  variables: Variables,
  deadline: Deadline,
): Promise<Comparison> {
  const journal = createJournal({ table });
  const head = await journal.readHead(connectionId, { deadline, fresh: true });
  if (head === undefined) throw new StorageError('CONNECTION_UNKNOWN', { connectionId });
  if (head.history !== 'complete') return { connectionId, skipped: `its history is ${head.history}` };
  const access = createProviderAccess(variables, table);
  const connector = access.connectorFor(head);
  const { provider, institutionId } = head;
  if (connector === undefined) return { connectionId, skipped: `no variables name ${provider}'s ${institutionId}` };
  const deps = { openToken: access.openAccess };
  const ask: Ask = (call) =>
    withAccess({ head, deadline, deps }, (accessToken) => call(accessToken, { attemptTimeoutMs, deadline }));
  const pages = await readAll(head, connector, ask);
  if (pages === undefined) return { connectionId, skipped: 'the provider does not call its history complete' };
  // What a run has stored meanwhile counts: the read is newer than the first head.
  const latest = (await journal.readHead(connectionId, { deadline, fresh: true })) ?? head;
  const { transactions } = await readTransactions(table, latest, { deadline });
  const there = standingAfter(pages);
  return { connectionId, ...compareWithRead(transactions, await accountsNow(latest, there, connector, ask), there) };
}

/** An account that the read has nothing of may have been closed since its last list: then its history may stand. */
async function accountsNow(
  { institutionId, accounts, accountsListVersion }: Head,
  there: readonly Transaction[],
  connector: Connector,
  ask: Ask,
): Promise<readonly StandingAccount[]> {
  const told = new Set(there.map(({ accountId }) => accountId));
  if (accounts.every(({ accountId, state }) => state !== 'open' || told.has(accountId))) return accounts;
  const raw = await ask((accessToken, limits) => connector.fetchAccounts({ accessToken }, limits));
  const list = connector.readAccounts(raw, { institutionId, knownAccounts: accounts });
  if (!list.isWhole) return accounts;
  const listed = new Set(list.accounts.map(({ accountId }) => accountId));
  return closeUnlisted(accounts, listed, accountsListVersion);
}

type Ask = (call: (accessToken: string, limits: CallLimits) => Promise<RawPage>) => Promise<RawPage>;

/** @returns `undefined` where the read is not of the whole history */
async function readAll(
  { connectionId, institutionId, accounts }: Head,
  connector: Connector,
  ask: Ask,
): Promise<readonly CanonicalPage[] | undefined> {
  const today = new Date().toISOString().slice(0, 10);
  const pages: CanonicalPage[] = [];
  let knownAccounts: readonly Account[] = accounts;
  let cursor: string | null = null;
  while (pages.length < pagesMost) {
    const at = cursor;
    const raw = await ask((accessToken, limits) => connector.fetchPage({ accessToken, cursor: at }, limits));
    const page = connector.validatePage(raw);
    const canonical = connector.normalisePage(page, { connectionId, institutionId, knownAccounts, today });
    pages.push(canonical);
    knownAccounts = [...knownAccounts, ...canonical.accounts];
    if (!page.hasMore) return page.history === 'complete' ? pages : undefined;
    if (page.nextCursor === null || page.nextCursor === cursor) return undefined;
    cursor = page.nextCursor;
  }
  return undefined;
}
