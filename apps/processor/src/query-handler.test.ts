import {
  createJournal,
  createMemoryTable,
  type EntryContent,
  linkConnection,
  readTransactionPage,
  StorageError,
  type Table,
} from '@quartersec/storage';
import type { Transaction } from '@quartersec/validation';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { encodeCursor } from './page-cursor.ts';
import { createQueryHandler, type QueryDependencies } from './query-handler.ts';
import { account, transaction } from './scripted-pipeline.ts';

const key = new Uint8Array(32).fill(7);
const nowEpochMs = 1_700_000_000_000;
const nowSeconds = nowEpochMs / 1_000;

interface Claims {
  readonly sub?: string;
  readonly aud?: string;
  readonly expSeconds?: number;
  readonly signedWith?: Uint8Array;
  readonly alg?: string;
}

async function token({
  sub = 'user-1',
  aud = 'quartersec',
  expSeconds = nowSeconds + 60,
  signedWith = key,
  alg = 'HS256',
}: Claims = {}) {
  const claims = new SignJWT({}).setProtectedHeader({ alg }).setSubject(sub).setAudience(aud);
  return claims.setExpirationTime(expSeconds).sign(signedWith);
}

async function setUp({
  table = createMemoryTable(),
  ...overrides
}: Partial<QueryDependencies> & { readonly table?: Table } = {}) {
  const journal = createJournal({ table });
  const deadline = { remainingMs: () => 1_000, elapsedMs: () => 0 };
  const link = {
    connectionId: 'conn-1',
    userId: 'user-1',
    provider: 'plaid',
    institutionId: 'ins-1',
    sealedToken: 'sealed',
  };
  await linkConnection({ journal, table }, { ...link, runId: 'link', writtenEpochMs: nowEpochMs }, { deadline });
  const logged: unknown[] = [];
  const measured: unknown[] = [];
  const handler = createQueryHandler(
    {
      journal,
      readPage: (head, query, deadline) => readTransactionPage(table, head, { ...query, deadline }),
      readTokenKey: key,
      log: { write: (...line) => void logged.push(line) },
      metrics: { write: (values) => void measured.push(values) },
      takeColdStart: () => measured.length === 0,
      nowMs: () => 0,
      nowEpochMs: () => nowEpochMs,
      ...overrides,
    },
    { hardDeadlineMs: 1_000 },
  );
  const get = async (
    path: string,
    authorization?: string,
    members: { method?: string; query?: Record<string, string> } = {},
  ) => {
    const answer = await handler({
      rawPath: path,
      rawQueryString: new URLSearchParams(members.query).toString(),
      headers: authorization === undefined ? {} : { authorization },
      queryStringParameters: members.query,
      requestContext: { http: { method: members.method ?? 'GET' } },
    } as unknown as LambdaFunctionURLEvent);
    return { status: answer.statusCode, headers: answer.headers, body: JSON.parse(answer.body ?? '') };
  };
  const append = async (content: EntryContent) => {
    const head = await journal.readHead('conn-1', { deadline });
    const appended = await journal.append(head, 'conn-1', content, { deadline });
    if (appended.head !== undefined) await journal.saveHead(appended.head, { deadline });
  };
  const read = async (query: Record<string, string> = {}) =>
    (await get('/connections/conn-1/transactions', `Bearer ${await token()}`, { query })).body;
  return { get, read, append, logged, measured };
}

let runs = 0;

/** A page that is a whole loop. */
function page(added: readonly Transaction[], members: Partial<Extract<EntryContent, { kind: 'page' }>> = {}) {
  runs += 1;
  return {
    kind: 'page',
    runId: `run-${runs}`,
    writtenEpochMs: nowEpochMs,
    loop: { id: `loop-${runs}`, page: 1, last: true, kind: 'delta' },
    cursorBefore: `c${runs - 1}`,
    cursorAfter: `c${runs}`,
    syncStartedEpochMs: nowEpochMs,
    added,
    modified: [],
    removed: [],
    accounts: [],
    quarantined: 0,
    ...members,
  } as const;
}

const idsOf = (body: { transactions: readonly Transaction[] }) =>
  body.transactions.map(({ transactionId }) => transactionId);

describe('reading as the owner', () => {
  it('gives the accounts with how current they are, and nothing secret', async () => {
    const { get } = await setUp();
    const answer = await get('/connections/conn-1/accounts', `Bearer ${await token()}`);
    expect(answer).toMatchObject({ status: 200, headers: { 'cache-control': 'private, no-store' } });
    expect(answer.body).toEqual({
      connectionId: 'conn-1',
      version: 1,
      status: 'active',
      userAction: 'none',
      history: 'none',
      syncedEpochMs: null,
      accounts: [],
    });
  });

  it('gives each account with its state and the time at which its balances were read', async () => {
    const { get, append } = await setUp();
    await append(page([], { accounts: [account('1250')], history: 'recent' }));
    const answer = await get('/connections/conn-1/accounts', `Bearer ${await token()}`);
    expect(answer.body).toMatchObject({ history: 'recent', syncedEpochMs: nowEpochMs });
    expect(answer.body.accounts).toEqual([
      { ...account('1250'), state: 'open', replacedBy: null, readEpochMs: nowEpochMs },
    ]);
  });

  it('leaves a closed account without balances, and names what carries a replaced one on', async () => {
    const { get, append } = await setUp();
    const [old, next] = [
      { ...account('1'), mask: '1111' },
      { ...account('2'), accountId: 'acc-2', mask: '1111' },
    ];
    const list = { kind: 'accounts', runId: 'list', writtenEpochMs: nowEpochMs, accountsSeen: [] } as const;
    await append({ ...list, list: { id: 'l1', last: true }, readEpochMs: nowEpochMs - 5, accounts: [old] });
    await append({ ...list, list: { id: 'l2', last: true }, readEpochMs: nowEpochMs, accounts: [next] });
    const answer = await get('/connections/conn-1/accounts', `Bearer ${await token()}`);
    expect(answer.body.accounts).toEqual([
      { ...old, balances: [], state: 'replaced', replacedBy: 'acc-2', readEpochMs: nowEpochMs - 5 },
      { ...next, state: 'open', replacedBy: null, readEpochMs: nowEpochMs },
    ]);
  });

  it('says what its user can do about a connection that stands still', async () => {
    const table = createMemoryTable();
    const journal = createJournal({ table });
    const deadline = { remainingMs: () => 1_000, elapsedMs: () => 0 };
    const written = { runId: 'run-1', writtenEpochMs: nowEpochMs };
    const connection = { userId: 'user-1', provider: 'plaid', institutionId: 'ins-1', sealedToken: 'sealed' };
    await linkConnection({ journal, table }, { ...written, ...connection, connectionId: 'conn-1' }, { deadline });
    const stopped = { kind: 'status', status: 'consent-expired', reason: 'CONSENT_EXPIRED' } as const;
    const head = await journal.readHead('conn-1', { deadline });
    const next = { ...written, ...stopped, runId: 'run-2', nextAttemptEpochMs: null };
    const appended = await journal.append(head, 'conn-1', next, { deadline });
    if (appended.head !== undefined) await journal.saveHead(appended.head, { deadline });
    const { get } = await setUp({ journal });
    const answer = await get('/connections/conn-1/accounts', `Bearer ${await token()}`);
    expect(answer.body).toMatchObject({ status: 'consent-expired', userAction: 're-consent' });
  });

  it('gives the newest transactions by booking date, as many as asked for', async () => {
    const { read, append } = await setUp();
    await append(
      page([transaction('a', { bookingDate: '2026-01-01' }), transaction('b', { bookingDate: '2026-01-03' })]),
    );
    await append(page([transaction('c', { bookingDate: '2026-01-02' })]));
    expect(idsOf(await read())).toEqual(['b', 'c', 'a']);
    expect(await read()).toMatchObject({ version: 3, nextCursor: null });
    const first = await read({ limit: '1' });
    expect(idsOf(first)).toEqual(['b']);
    expect(idsOf(await read({ limit: '1', cursor: first.nextCursor }))).toEqual(['c']);
  });

  it('gives each record once, whatever is written between two pages', async () => {
    const { read, append } = await setUp();
    const days = Array.from({ length: 30 }, (_, day) => `2026-01-${String(day + 1).padStart(2, '0')}`);
    await append(page(days.map((bookingDate, at) => transaction(`t${at}`, { bookingDate }))));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const body = await read({ limit: '7', ...(cursor !== null && { cursor }) });
      expect(body.version).toBe(2);
      seen.push(...idsOf(body));
      cursor = body.nextCursor;
      await append(page([transaction(`new${seen.length}`, { bookingDate: '2026-01-15' })], { removed: ['t3'] }));
    } while (cursor !== null);
    expect(seen).toEqual(days.map((_, at) => `t${29 - at}`));
  });

  it('leaves out what the filters do not name', async () => {
    const { read, append } = await setUp();
    await append(
      page([
        transaction('a', { bookingDate: '2026-01-01' }),
        transaction('b', { bookingDate: '2026-01-02', accountId: 'acc-2' }),
        transaction('c', { bookingDate: null, executionDate: '2026-01-03', status: 'PDNG' }),
      ]),
    );
    expect(idsOf(await read({ account: 'acc-1' }))).toEqual(['c', 'a']);
    expect(idsOf(await read({ status: 'PDNG' }))).toEqual(['c']);
    expect(idsOf(await read({ from: '2026-01-02', to: '2026-01-02' }))).toEqual(['b']);
    expect(await read({ account: 'acc-3' })).toMatchObject({ transactions: [], nextCursor: null });
  });

  it('refuses what it cannot read in the query string, before it reads anything', async () => {
    const { get } = await setUp({ journal: undefined as never });
    const bearer = `Bearer ${await token()}`;
    const limited = await get('/connections/conn-1/transactions', bearer, { query: { limit: '501' } });
    expect(limited).toMatchObject({
      status: 400,
      body: { code: 'LIMIT_INVALID', remedy: expect.stringContaining('500') },
    });
    const unknown = await get('/connections/conn-1/accounts', bearer, { query: { limit: '5' } });
    expect(unknown).toMatchObject({ status: 400, body: { code: 'PARAMETER_UNKNOWN' } });
  });

  it('sends a reader of another history back to the first page', async () => {
    const { get, logged } = await setUp();
    const cursor = encodeCursor({ version: 9, date: '2026-01-02', transactionId: 'a' });
    const answer = await get('/connections/conn-1/transactions', `Bearer ${await token()}`, { query: { cursor } });
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'VERSION_UNKNOWN', remedy: expect.stringContaining('first page') },
    });
    expect(logged).toEqual([]);
  });

  it('goes on with its reading where a cache is behind the first page', async () => {
    const table = createMemoryTable();
    const journal = createJournal({ table });
    const { read, append } = await setUp({
      journal: {
        ...journal,
        async readHead(connectionId, options) {
          const head = await journal.readHead(connectionId, options);
          return head === undefined || options.fresh ? head : { ...head, version: 1 };
        },
      },
      readPage: (head, query, deadline) => readTransactionPage(table, head, { ...query, deadline }),
      table,
    });
    await append(page([transaction('a'), transaction('b')]));
    const cursor = encodeCursor({ version: 2, date: '2026-01-02', transactionId: 'b' });
    expect(idsOf(await read({ cursor }))).toEqual(['a']);
  });
});

describe('reading as somebody else', () => {
  it('answers another user as if the connection did not exist', async () => {
    const { get } = await setUp();
    const bearer = `Bearer ${await token({ sub: 'user-2' })}`;
    const foreign = await get('/connections/conn-1/accounts', bearer);
    const absent = await get('/connections/conn-2/accounts', bearer);
    expect(foreign).toEqual(absent);
    expect(foreign.status).toBe(404);
  });

  it.each([
    ['no token', undefined],
    ['no JWT', 'Bearer abc'],
    ['another scheme', 'Basic YTpi'],
  ])('refuses %s', async (_title, authorization) => {
    const { get } = await setUp();
    expect(await get('/connections/conn-1/accounts', authorization)).toMatchObject({ status: 401 });
  });

  it.each([
    ['signed with another key', { signedWith: new Uint8Array(32).fill(8) }],
    ['expired', { expSeconds: nowSeconds - 1 }],
    ['for another audience', { aud: 'elsewhere' }],
    ['of another algorithm', { alg: 'HS512', signedWith: new Uint8Array(64).fill(7) }],
  ] as [string, Claims][])('refuses a token that is %s', async (_title, claims) => {
    const { get } = await setUp();
    expect(await get('/connections/conn-1/accounts', `Bearer ${await token(claims)}`)).toMatchObject({ status: 401 });
  });

  it('refuses a token without signature', async () => {
    const { get } = await setUp();
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = { sub: 'user-1', aud: 'quartersec', exp: nowSeconds + 60 };
    const unsigned = `${part({ alg: 'none' })}.${part(claims)}.x`;
    expect(await get('/connections/conn-1/accounts', `Bearer ${unsigned}`)).toMatchObject({ status: 401 });
  });
});

describe('what cannot be answered', () => {
  it('refuses other methods and paths', async () => {
    const { get } = await setUp();
    const bearer = `Bearer ${await token()}`;
    expect(await get('/connections/conn-1/accounts', bearer, { method: 'POST' })).toMatchObject({ status: 405 });
    expect(await get('/connections/conn-1/secrets', bearer)).toMatchObject({ status: 404 });
    expect(await get('/connections/..%2f/accounts', bearer)).toMatchObject({ status: 404 });
  });

  it('answers 503 and logs the code when the data cannot be read or trusted', async () => {
    const { get, logged } = await setUp({
      readPage: () => Promise.reject(new StorageError('ENTRY_CORRUPT', { version: 3 })),
    });
    const answer = await get('/connections/conn-1/transactions', `Bearer ${await token()}`);
    expect(answer).toMatchObject({ status: 503, body: { code: 'ENTRY_CORRUPT' } });
    expect(logged).toEqual([
      [
        'error',
        'query failed',
        { connection_id: 'conn-1', error_code: 'ENTRY_CORRUPT', error_detail: '{"version":3}' },
      ],
    ]);
  });

  it('measures a read, one that failed, and a refusal apart', async () => {
    const { get, measured } = await setUp();
    await get('/connections/conn-1/accounts', `Bearer ${await token()}`);
    await get('/connections/conn-1/accounts', 'Bearer abc');
    expect(measured).toEqual([{ ReadTime: 0, ColdStart: 1 }, { Refused: 1 }]);
    const failing = await setUp({ readPage: () => Promise.reject(new StorageError('ENTRY_CORRUPT', {})) });
    await failing.get('/connections/conn-1/transactions', `Bearer ${await token()}`);
    expect(failing.measured).toEqual([{ ReadTime: 0, ReadsFailed: 1, ColdStart: 1 }]);
    const defect = await setUp({ readPage: () => Promise.reject(new TypeError('defect')) });
    await expect(defect.get('/connections/conn-1/transactions', `Bearer ${await token()}`)).rejects.toThrow('defect');
    expect(defect.measured).toEqual([{ ReadTime: 0, ReadsFailed: 1, ColdStart: 1 }]);
  });

  it('lets a defect surface', async () => {
    const { get } = await setUp({ readPage: () => Promise.reject(new TypeError('defect')) });
    await expect(get('/connections/conn-1/transactions', `Bearer ${await token()}`)).rejects.toThrow('defect');
  });
});
