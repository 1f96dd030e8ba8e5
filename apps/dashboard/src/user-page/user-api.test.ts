import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createUserApi, readUserCall } from './user-api.ts';

describe('what the page may ask', () => {
  it.each([
    ['GET', '/user/api/robin/v1/insights', '?kind=fees', '/v1/insights?kind=fees'],
    ['GET', '/user/api/robin/v1/changes', '?after=now', '/v1/changes?after=now'],
    ['GET', '/user/api/robin/v1/insights/aB-_9', '', '/v1/insights/aB-_9'],
    ['POST', '/user/api/robin/v1/insights/aB-_9/feedback', '', '/v1/insights/aB-_9/feedback'],
  ])('%s %s%s', (method, path, search, target) => {
    expect(readUserCall(method, path, search)).toEqual({ method, userId: 'robin', target });
  });

  it.each([
    ['GET', '/user/api/robin/v1/openapi.json', ''],
    ['GET', '/user/api/robin/v1/insights/x/feedback', ''],
    ['GET', `/user/api/robin/v1/insights/${'x'.repeat(65)}`, ''],
    ['POST', '/user/api/robin/v1/insights/x', ''],
    ['POST', '/user/api/robin/v1/insights', ''],
    ['POST', '/user/api/robin/v1/connections', ''],
    ['POST', '/user/api/robin/v1/insights/x/feedback', '?a=1'],
    ['DELETE', '/user/api/robin/v1/connections', ''],
    ['GET', '/user/api/robin/v1/accounts/../connections', ''],
    ['GET', '/user/api//v1/accounts', ''],
    ['GET', '/user/api/a%2fb/v1/accounts', ''],
    ['GET', `/user/api/${'x'.repeat(65)}/v1/accounts`, ''],
    ['GET', '/user/api/robin/v1/accounts', `?${'x'.repeat(8_001)}`],
    ['GET', '/elsewhere', ''],
    [undefined, '/user/api/robin/v1/accounts', ''],
  ])('and not %s %s', (method, path, search) => {
    expect(readUserCall(method, path, search)).toBeUndefined();
  });
});

describe('a call', () => {
  let server: Server;
  let url: string;
  let asked: string[];
  let status: number;
  let tokens: object;
  let nowEpochMs: number;

  beforeEach(async () => {
    asked = [];
    status = 200;
    nowEpochMs = 0;
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const { authorization = '', 'content-type': type = '' } = request.headers;
      asked.push([request.method, request.url, authorization, type, body].join(' ').trim());
      if (request.url === '/tokens') response.end(JSON.stringify(tokens));
      else if (request.method === 'POST') response.writeHead(204).end();
      else response.writeHead(status, { 'content-type': 'application/problem+json' }).end('{"title":"no"}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    tokens = { token: 't', apiUrl: url };
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const read = { method: 'GET', userId: 'robin', target: '/v1/accounts?limit=5' } as const;

  it("carries the user's token, which is asked for once in half an hour", async () => {
    const api = createUserApi(url, () => nowEpochMs);
    expect(await api.call(read)).toEqual({ status: 200, type: 'application/problem+json', body: '{"title":"no"}' });
    await api.call(read);
    nowEpochMs = 31 * 60_000;
    await api.call(read);
    const token = 'POST /tokens  text/plain;charset=UTF-8 {"userId":"robin"}';
    const call = 'GET /v1/accounts?limit=5 Bearer t';
    expect(asked).toEqual([token, call, call, token, call]);
  });

  it('takes feedback on, as JSON', async () => {
    const api = createUserApi(url, () => nowEpochMs);
    const call = {
      method: 'POST',
      userId: 'robin',
      target: '/v1/insights/f/feedback',
      body: '{"verdict":"dismissed"}',
    } as const;
    expect(await api.call(call)).toEqual({ status: 204, type: 'application/json', body: '' });
    expect(asked[1]).toBe('POST /v1/insights/f/feedback Bearer t application/json {"verdict":"dismissed"}');
  });

  it('asks for another token once one is refused', async () => {
    const api = createUserApi(url, () => nowEpochMs);
    status = 401;
    expect((await api.call(read)).status).toBe(401);
    await api.call(read);
    expect(asked.filter((line) => line.startsWith('POST /tokens'))).toHaveLength(2);
  });

  it('fails where there is no token, and ends with who asked', async () => {
    tokens = { error: 'no' };
    await expect(createUserApi(url, () => nowEpochMs).call(read)).rejects.toThrow(
      'the system gives no token for robin',
    );
    tokens = { token: 't', apiUrl: url };
    const call = createUserApi(url, () => nowEpochMs).call({ ...read, signal: AbortSignal.abort() });
    await expect(call).rejects.toThrow(/abort/);
  });

  it('forgets its users when there are too many', async () => {
    const api = createUserApi(url, () => nowEpochMs);
    for (let user = 0; user <= 100; user += 1) await api.call({ ...read, userId: `u${user}` });
    await api.call({ ...read, userId: 'u0' });
    expect(asked.filter((line) => line.includes('"u0"'))).toHaveLength(2);
  });
});
