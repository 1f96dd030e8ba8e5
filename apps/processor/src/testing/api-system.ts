/** For tests: the query function over a table in memory, real tokens, and clocks that only move when told. */
import {
  createFoldMemory,
  createJournal,
  createMemoryTable,
  type EntryContent,
  forgetConnection,
  type Head,
  linkConnection,
  readChanges,
  readConnectionIds,
  readTransactionPage,
  readUser,
  type Table,
} from '@quartersec/storage';
import type { Account, Transaction } from '@quartersec/validation';
import { SignJWT } from 'jose';
import { type ApiDependencies, type ApiHandler, createApiHandler } from '../api/api-handler.ts';
import { createTokenVerifier } from '../api/token-verifier.ts';
import { readDerivedOrWhole } from '../insights/read-derived.ts';
import type { QueryDependencies } from '../read/query-dependencies.ts';
import { createQueryOperations } from '../read/query-operations.ts';
import { rememberAssessments } from '../read/remember-assessments.ts';
import { rememberLast } from '../remember-last.ts';

export const secret: Uint8Array = new Uint8Array(32).fill(7);
export const nowEpochMs = 1_700_000_000_000;
const nowSeconds = nowEpochMs / 1_000;

export interface Claims {
  readonly sub?: string;
  readonly aud?: string;
  readonly iss?: string;
  readonly expSeconds?: number;
}

export async function signedToken(
  { sub = 'user-1', aud = 'quartersec', iss, expSeconds = nowSeconds + 60 }: Claims = {},
  key: Parameters<SignJWT['sign']>[0] = secret,
  header: Parameters<SignJWT['setProtectedHeader']>[0] = { alg: 'HS256' },
): Promise<string> {
  const token = new SignJWT({}).setProtectedHeader(header).setSubject(sub).setAudience(aud);
  if (iss !== undefined) token.setIssuer(iss);
  return token.setExpirationTime(expSeconds).sign(key);
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | boolean>>;
  // biome-ignore lint/suspicious/noExplicitAny: what an app would parse
  readonly body: any;
}

export interface Asking {
  readonly method?: string;
  /** Default `user-1`. */
  readonly userId?: string;
  /** Instead of a good token of the user. */
  readonly authorization?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export async function ask(
  handler: ApiHandler,
  target: string,
  asking: Asking = {},
  leftMs?: () => number,
): Promise<Answer> {
  const { method = 'GET', userId = 'user-1', headers = {}, body } = asking;
  const authorization =
    'authorization' in asking ? asking.authorization : `Bearer ${await signedToken({ sub: userId })}`;
  const [rawPath = '', ...query] = target.split('?');
  const answer = await handler(
    {
      rawPath,
      rawQueryString: query.join('?'),
      headers: { ...(authorization !== undefined && { authorization }), ...headers },
      ...(body !== undefined && { body }),
      requestContext: { http: { method, sourceIp: '203.0.113.7' } } as never,
    },
    leftMs && { getRemainingTimeInMillis: leftMs },
  );
  return {
    status: answer.statusCode ?? 200,
    headers: answer.headers ?? {},
    body: answer.body === undefined ? undefined : JSON.parse(answer.body),
  };
}

export function createApiSystem({
  table = createMemoryTable(),
  ...overrides
}: Partial<QueryDependencies & ApiDependencies> & { readonly table?: Table } = {}) {
  const journal = createJournal({ table });
  const memory = createFoldMemory(50_000_000);
  const logged: unknown[] = [];
  const measured: unknown[] = [];
  const reads: string[] = [];
  let nowMs = 0;
  let cold = true;
  let runs = 0;
  const within = { deadline: { remainingMs: () => 10_000, elapsedMs: () => 0 } };
  const deps: QueryDependencies & ApiDependencies = {
    journal,
    connectionIdsOf: (userId, deadline) => readConnectionIds(table, userId, { deadline, fresh: true }),
    readPage: (head, page, deadline) => {
      reads.push(head.connectionId);
      return readTransactionPage(table, head, { ...page, deadline, memory });
    },
    readChanges: (head, from, limit, deadline) => readChanges(table, head, from, { limit, deadline, memory }),
    readDerived: (head, deadline) => readDerivedOrWhole({ cache: table, entries: table }, table, head, deadline),
    assessments: rememberAssessments(),
    idsReadLast: rememberLast(10),
    userOf: (userId, deadline) => readUser(table, userId, { deadline, fresh: true }),
    log: { write: (...line) => logged.push(line) },
    revision: '1',
    hardDeadlineMs: 2_000,
    nowMs: () => nowMs,
    sleep: async (ms) => {
      nowMs += ms;
    },
    authorise: createTokenVerifier(
      { kind: 'secret', secrets: [secret] },
      { audience: 'quartersec', issuer: undefined },
      () => nowEpochMs,
    ),
    basePath: '',
    metrics: { write: (values) => measured.push(values) },
    measure: (ReadTime, isFailed) => ({ ReadTime, ...(isFailed && { ReadsFailed: 1 }) }),
    provider: 'unknown',
    takeColdStart: () => {
      const first = cold;
      cold = false;
      return first;
    },
    nowEpochMs: () => nowEpochMs,
    ...overrides,
  };
  const handler = createApiHandler(createQueryOperations(deps), deps);
  return {
    table,
    journal,
    deps,
    handler,
    logged,
    measured,
    /** Connections whose transactions were read. */
    reads,
    get: (target: string, asking?: Asking, leftMs?: () => number) => ask(handler, target, asking, leftMs),
    async link(connectionId: string, userId = 'user-1', changes: { readonly runId?: string } = {}): Promise<Head> {
      const link = { connectionId, userId, provider: 'plaid', institutionId: 'ins-1', sealedToken: 'sealed' };
      return linkConnection(
        { journal, table },
        { ...link, runId: 'link', writtenEpochMs: nowEpochMs, ...changes },
        within,
      );
    },
    async append(connectionId: string, content: EntryContent): Promise<Head> {
      const result = await journal.append(await journal.readHead(connectionId, within), connectionId, content, within);
      if (result.outcome !== 'committed') throw new Error('conflict');
      await journal.saveHead(result.head, within);
      return result.head;
    },
    forget: (connectionId: string) => forgetConnection(table, connectionId, within),
    advanceMs: (ms: number) => {
      nowMs += ms;
    },
    /** A page that is a loop by itself. */
    page(added: readonly Transaction[], changes: Partial<Extract<EntryContent, { kind: 'page' }>> = {}): EntryContent {
      runs += 1;
      return {
        kind: 'page',
        runId: `run-${runs}`,
        writtenEpochMs: nowEpochMs,
        loop: { id: `loop-${runs}`, page: 1, last: true, kind: 'delta' },
        cursorBefore: null,
        cursorAfter: `c${runs}`,
        syncStartedEpochMs: nowEpochMs,
        history: 'complete',
        added,
        modified: [],
        removed: [],
        accounts: [],
        quarantined: 0,
        ...changes,
      };
    },
    accounts(
      accounts: readonly Account[],
      changes: Partial<Extract<EntryContent, { kind: 'accounts' }>> = {},
    ): EntryContent {
      runs += 1;
      const list = { id: `list-${runs}`, last: true };
      return {
        kind: 'accounts',
        runId: `run-${runs}`,
        writtenEpochMs: nowEpochMs,
        list,
        readEpochMs: nowEpochMs,
        accounts,
        accountsSeen: [],
        ...changes,
      };
    },
  };
}
export type ApiSystem = ReturnType<typeof createApiSystem>;
