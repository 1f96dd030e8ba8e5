import { StorageError } from '@quartersec/storage';
import { describe, expect, it } from 'vitest';
import { type ApiDependencies, type ApiOperations, createApiHandler } from './api-handler.ts';
import type { Connection } from './contract.ts';
import { ApiError } from './problems.ts';
import type { OperationsOf } from './routes.ts';

const connection: Connection = {
  connectionId: 'conn-1',
  version: 3,
  status: 'active',
  userAction: 'none',
  history: 'complete',
  syncedEpochMs: 5,
  provider: 'plaid',
  institutionId: 'ins-1',
  consentExpiresEpochMs: null,
  accounts: 2,
};

function setUp({
  operations = {},
  ...overrides
}: Partial<ApiDependencies> & { readonly operations?: Partial<ApiOperations<OperationsOf<'connect'>>> } = {}) {
  const logged: unknown[] = [];
  const measured: unknown[] = [];
  let cold = true;
  let nowMs = 0;
  const all: ApiOperations<OperationsOf<'connect'>> = {
    createLinkToken: async ({ userId, body }) => ({
      status: 201,
      body: { provider: 'plaid', linkToken: `${userId} ${body.connectionId ?? 'new'}`, expiresEpochMs: 1 },
    }),
    createConnection: async () => ({ status: 201, body: { how: 'new', connection } }),
    refreshConnection: async ({ pathId }) => ({ status: 202, body: { correlationId: pathId } }),
    giveFeedback: async () => ({ status: 204 }),
    deleteConnection: async () => ({ status: 204 }),
    ...operations,
  };
  const handler = createApiHandler(all, {
    authorise: async (header) => {
      if (header === undefined) throw new ApiError('TOKEN_INVALID');
      return header;
    },
    basePath: '/prod',
    hardDeadlineMs: 1_000,
    log: { write: (...line) => logged.push(line) },
    metrics: { write: (values, provider) => measured.push([values, provider]) },
    measure: (ReadTime, isFailed) => ({ ReadTime, ...(isFailed && { ReadsFailed: 1 }) }),
    provider: 'plaid',
    takeColdStart: () => {
      const first = cold;
      cold = false;
      return first;
    },
    nowMs: () => nowMs,
    nowEpochMs: () => 0,
    ...overrides,
  });
  async function send(method: string, target: string, body?: unknown, headers: Record<string, string> = {}) {
    const [rawPath = '', rawQueryString = ''] = target.split('?');
    const answer = await handler({
      rawPath,
      rawQueryString,
      headers: { authorization: 'user-1', 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      requestContext: { http: { method } } as never,
    });
    return { ...answer, json: answer.body === undefined ? undefined : JSON.parse(answer.body) };
  }
  return { send, handler, logged, measured, passMs: (ms: number) => (nowMs += ms) };
}

describe('a request to the API', () => {
  it('reaches its operation with user, path and body, also behind a stage', async () => {
    const { send } = setUp();
    const first = await send('POST', '/v1/link-tokens', { connectionId: 'c1' });
    expect(first).toMatchObject({ statusCode: 201, json: { linkToken: 'user-1 c1' } });
    expect(first.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'private, no-store' });
    expect(await send('POST', '/prod/v1/connections/c2/refresh')).toMatchObject({
      statusCode: 202,
      json: { correlationId: 'c2' },
    });
    expect(await send('DELETE', '/v1/connections/c2')).toMatchObject({ statusCode: 204, json: undefined });
  });

  it('takes a body that the gateway has encoded, and none as an empty one', async () => {
    const { handler, send } = setUp();
    expect(await send('POST', '/v1/link-tokens', undefined)).toMatchObject({ json: { linkToken: 'user-1 new' } });
    const answer = await handler({
      rawPath: '/v1/link-tokens',
      headers: { authorization: 'u', 'content-type': 'application/json; charset=utf-8' },
      body: Buffer.from('{"connectionId":"c9"}').toString('base64'),
      isBase64Encoded: true,
      requestContext: { http: { method: 'POST' } } as never,
    });
    expect(answer.body).toContain('u c9');
  });

  it('is refused by address and method, with the methods that there are', async () => {
    const { send } = setUp();
    expect(await send('GET', '/v1/nothing')).toMatchObject({
      statusCode: 404,
      headers: { 'content-type': 'application/problem+json' },
      json: { type: 'urn:quartersec:problem:NOT_FOUND', status: 404, code: 'NOT_FOUND', title: expect.any(String) },
    });
    expect(await send('PUT', '/v1/connections')).toMatchObject({ statusCode: 405, headers: { allow: 'POST, GET' } });
    expect(await send('POST', '/v1/connections/..%2f/refresh')).toMatchObject({ statusCode: 404 });
    // Served by the other function.
    expect(await send('GET', '/v1/accounts')).toMatchObject({ statusCode: 404 });
  });

  it('without a token is refused before anything of it is judged', async () => {
    const { send } = setUp({
      authorise: () => Promise.reject(new ApiError('TOKEN_INVALID')),
    });
    expect(await send('POST', '/v1/connections', { wrong: 1 })).toMatchObject({
      statusCode: 401,
      headers: { 'www-authenticate': 'Bearer' },
      json: { code: 'TOKEN_INVALID' },
    });
  });

  it('names each member that is wrong, and quotes none', async () => {
    const { send } = setUp();
    const answer = await send('POST', '/v1/connections?limit=1', { publicToken: 'a b', more: 'secret' });
    expect(answer).toMatchObject({
      statusCode: 400,
      json: {
        code: 'REQUEST_INVALID',
        errors: [
          { path: 'query.limit', expected: 'no such member' },
          { path: 'body.publicToken', expected: 'string (matching ^[A-Za-z0-9_.-]{1,512}$)' },
          { path: 'body.more', expected: 'no such member' },
        ],
      },
    });
    expect(answer.body).not.toContain('secret');
    expect((await send('POST', '/v1/connections', '{"a"')).json).toMatchObject({ status: 400, code: 'BODY_MALFORMED' });
    expect((await send('POST', '/v1/connections', '[1]')).json).toMatchObject({
      errors: [{ path: 'body' }],
    });
    expect((await send('POST', '/v1/connections', 'null')).json).toMatchObject({
      errors: [{ path: 'body', expected: 'object' }],
    });
    expect(await send('POST', '/v1/connections', {}, { 'content-type': 'text/plain' })).toMatchObject({
      statusCode: 415,
    });
  });

  it.each([
    [431, '/v1/connections', '{}', { 'x-large': 'x'.repeat(8_200) }],
    [414, `/v1/connections?${'a'.repeat(7_001)}`, '{}', {}],
    [413, '/v1/connections', `"${'x'.repeat(16_384)}"`, {}],
  ])('is answered with %i where it is too large', async (status, target, body, headers) => {
    expect((await setUp().send('POST', target, body, headers as never)).json).toMatchObject({ status });
  });
});

describe('what an operation throws', () => {
  const failing = (error: unknown) => setUp({ operations: { refreshConnection: () => Promise.reject(error) } });

  it('is a problem with its facts', async () => {
    const { send, logged } = failing(
      new ApiError('PROVIDER_FAILED', {
        providerCode: 'SERVER_ERROR',
        detail: 'later',
        headers: { 'retry-after': '5' },
      }),
    );
    expect(await send('POST', '/v1/connections/c1/refresh')).toMatchObject({
      statusCode: 502,
      headers: { 'retry-after': '5' },
      json: { code: 'SERVER_ERROR', detail: 'later' },
    });
    expect(logged).toEqual([['error', 'request failed', expect.objectContaining({ error_code: 'SERVER_ERROR' })]]);
  });

  it('of the table is 503 by its code, logged with its facts', async () => {
    const { send, logged, measured } = failing(new StorageError('TABLE_THROTTLED', { pk: 'CONN#c1' }));
    expect(await send('POST', '/v1/connections/c1/refresh')).toMatchObject({
      statusCode: 503,
      headers: { 'retry-after': '1' },
      json: { code: 'TABLE_THROTTLED' },
    });
    expect(logged).toEqual([
      [
        'error',
        'request failed',
        {
          method: 'POST',
          path: '/v1/connections/{connectionId}/refresh',
          error_code: 'TABLE_THROTTLED',
          error_detail: '{"pk":"CONN#c1"}',
        },
      ],
    ]);
    expect(measured).toEqual([[{ ReadTime: 0, ReadsFailed: 1, ColdStart: 1 }, 'plaid']]);
  });

  it('is 500 without details for a defect, logged by kind and place alone', async () => {
    const { send, logged } = failing(new TypeError('cannot read Anna'));
    const answer = await send('POST', '/v1/connections/c1/refresh');
    expect(answer.json).toEqual({
      type: 'urn:quartersec:problem:UNEXPECTED',
      title: 'A defect',
      status: 500,
      code: 'UNEXPECTED',
    });
    expect(logged).toEqual([
      [
        'critical',
        'request failed',
        expect.objectContaining({ error_code: 'UNEXPECTED', error_detail: expect.stringMatching(/^TypeError at /) }),
      ],
    ]);
    expect(JSON.stringify(logged)).not.toContain('Anna');
    expect((await failing('text').send('POST', '/v1/connections/c1/refresh')).statusCode).toBe(500);
    // Of another kind than what the table is short of: a defect as well.
    const foreign = failing(new StorageError('TOKEN_UNREADABLE', {}));
    expect((await foreign.send('POST', '/v1/connections/c1/refresh')).statusCode).toBe(500);
  });

  it('may be an error of the function’s own', async () => {
    const { send } = setUp({
      operations: { refreshConnection: () => Promise.reject(new RangeError()) },
      problemOf: (error) => (error instanceof RangeError ? new ApiError('RELINK_REQUIRED') : undefined),
    });
    expect((await send('POST', '/v1/connections/c1/refresh')).statusCode).toBe(409);
  });
});

describe('what is measured', () => {
  it('is the time without what the caller wished to wait, and a refusal apart', async () => {
    const { send, measured, passMs } = setUp({
      operations: {
        refreshConnection: async () => {
          passMs(700);
          return { status: 202, body: { correlationId: 'x' }, waitedMs: 600 };
        },
        deleteConnection: async () => ({ status: 204, isPartial: true }),
      },
    });
    await send('POST', '/v1/connections/c1/refresh');
    await send('GET', '/v1/nothing');
    await send('DELETE', '/v1/connections/c1');
    expect(measured).toEqual([
      [{ ReadTime: 100, ColdStart: 1 }, 'plaid'],
      [{ Refused: 1 }, 'plaid'],
      [{ ReadTime: 0, ReadsFailed: 1 }, 'plaid'],
    ]);
  });

  it('tells an operation how long the function has', async () => {
    const left: number[] = [];
    const { handler, passMs } = setUp({
      operations: {
        deleteConnection: async ({ remainingMs, deadline }) => {
          passMs(100);
          left.push(remainingMs(), deadline.remainingMs());
          return { status: 204 };
        },
      },
    });
    const request = {
      rawPath: '/v1/connections/c1',
      headers: { authorization: 'u' },
      requestContext: { http: { method: 'DELETE' } } as never,
    };
    await handler(request);
    await handler(request, { getRemainingTimeInMillis: () => 25_000 });
    expect(left).toEqual([900, 900, 24_500, 900]);
  });
});
