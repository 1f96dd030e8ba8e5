import { createJournal, createMemoryTable, linkConnection, StorageError } from '@quartersec/storage';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { createQueryHandler, type QueryDependencies } from './query-handler.ts';
import { transaction } from './scripted-pipeline.ts';

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

async function setUp(overrides: Partial<QueryDependencies> = {}) {
  const table = createMemoryTable();
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
      readTransactions: async (_head, limit) => [transaction('a'), transaction('b')].slice(0, limit),
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
      headers: authorization === undefined ? {} : { authorization },
      queryStringParameters: members.query,
      requestContext: { http: { method: members.method ?? 'GET' } },
    } as unknown as LambdaFunctionURLEvent);
    return { status: answer.statusCode, headers: answer.headers, body: JSON.parse(answer.body ?? '') };
  };
  return { get, logged, measured };
}

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
      syncedEpochMs: null,
      accounts: [],
    });
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

  it('gives the newest transactions, as many as asked for', async () => {
    const { get } = await setUp();
    const bearer = `Bearer ${await token()}`;
    const all = await get('/connections/conn-1/transactions', bearer);
    expect(all.body.transactions.map((found: { transactionId: string }) => found.transactionId)).toEqual(['a', 'b']);
    const one = await get('/connections/conn-1/transactions', bearer, { query: { limit: '1' } });
    expect(one.body.transactions).toHaveLength(1);
  });

  it.each(['0', '501', '-1', '1.5', 'many', '99999'])('refuses the limit %s', async (limit) => {
    const { get } = await setUp();
    const answer = await get('/connections/conn-1/transactions', `Bearer ${await token()}`, { query: { limit } });
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'LIMIT_INVALID', remedy: expect.stringContaining('500') },
    });
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
      readTransactions: () => Promise.reject(new StorageError('ENTRY_CORRUPT', { version: 3 })),
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
    const failing = await setUp({ readTransactions: () => Promise.reject(new StorageError('ENTRY_CORRUPT', {})) });
    await failing.get('/connections/conn-1/transactions', `Bearer ${await token()}`);
    expect(failing.measured).toEqual([{ ReadTime: 0, ReadsFailed: 1, ColdStart: 1 }]);
    const defect = await setUp({ readTransactions: () => Promise.reject(new TypeError('defect')) });
    await expect(defect.get('/connections/conn-1/transactions', `Bearer ${await token()}`)).rejects.toThrow('defect');
    expect(defect.measured).toEqual([{ ReadTime: 0, ReadsFailed: 1, ColdStart: 1 }]);
  });

  it('lets a defect surface', async () => {
    const { get } = await setUp({ readTransactions: () => Promise.reject(new TypeError('defect')) });
    await expect(get('/connections/conn-1/transactions', `Bearer ${await token()}`)).rejects.toThrow('defect');
  });
});
