import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectionRow, connectionsAnswer } from '../../test/connections-answer.ts';
import { type FakeApi, startFakeApi } from '../../test/fake-api.ts';
import { type FakeSystem, startFakeSystem } from '../../test/fake-system.ts';
import { type RunningBoard, startBoard } from '../board/start-board.ts';

let system: FakeSystem;
let api: FakeApi;
let running: RunningBoard;
beforeEach(async () => {
  [system, api] = await Promise.all([startFakeSystem(), startFakeApi()]);
  system.apiUrl = api.url;
  system.connections = connectionsAnswer({ rows: [connectionRow('c', { userId: 'robin', byHand: true })] });
  running = await startBoard({ kind: 'system', url: system.url }, { port: 0, readEveryMs: 50 });
});
afterEach(async () => {
  await running.close();
  await Promise.all([system.close(), api.shut()]);
});

const get = (path: string, init?: RequestInit) => fetch(running.url + path, init);
const dismissed = JSON.stringify({ verdict: 'dismissed' });
const feedbackPath = '/user/api/robin/v1/insights/f-1/feedback';

/** With headers that `fetch` does not let one set. */
function raw(path: string, headers: Record<string, string>, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asking = request(running.url + path, { method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asking.on('error', reject);
    asking.end(body);
  });
}

describe('the page of a user', () => {
  it('comes with its files, as strictly as the board, and holds no token and no data', async () => {
    await expect.poll(async () => (await get('/user')).text()).toContain('data-user="robin"');
    const page = await get('/user?of=carla');
    expect(page.headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    const text = await page.text();
    expect(text).toContain('data-user="carla"');
    expect(text).toContain('<option value="robin">robin</option>');
    expect(text).not.toContain('token');
    const [script, styles] = await Promise.all([get('/user.js'), get('/user.css')]);
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(await script.text()).not.toContain('Bearer');
    expect(await styles.text()).toContain('.uplot');
    expect(await (await get('/')).text()).toContain('<a href="/user">A user\'s page</a>');
  });

  it('reads through the server, which adds the token of that user', async () => {
    const answer = await get('/user/api/robin/v1/connections');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(await answer.json()).toMatchObject({ connections: [{ connectionId: 'conn-a' }] });
    expect([...api.authorizations]).toEqual(['Bearer token of robin']);
    await get('/user/api/carla/v1/connections');
    expect([...api.authorizations]).toEqual(['Bearer token of robin', 'Bearer token of carla']);
    expect((await get('/user/api/robin/v1/openapi.json')).status).toBe(404);
    expect((await get('/user/api/robin/v1/connections', { method: 'DELETE' })).status).toBe(404);
  });

  it('sends feedback on from itself alone', async () => {
    const host = new URL(running.url).host;
    const json = { 'content-type': 'application/json' };
    expect((await get(feedbackPath, { method: 'POST', headers: json, body: dismissed })).status).toBe(204);
    expect(api.feedback).toEqual([{ fingerprint: 'f-1', body: { verdict: 'dismissed' } }]);
    for (const headers of [
      { ...json, host, origin: 'https://evil.example' },
      { ...json, host, 'sec-fetch-site': 'cross-site' },
      { host, 'content-type': 'text/plain' },
    ]) {
      expect(await raw(feedbackPath, headers, dismissed)).toBe(403);
    }
    expect(await raw(feedbackPath, { ...json, host: 'evil.example' }, dismissed)).toBe(421);
    expect(api.feedback).toHaveLength(1);
  });

  it('says so when the API or the system does not answer', async () => {
    await get('/user/api/robin/v1/accounts');
    await api.shut();
    const answer = await get('/user/api/robin/v1/accounts');
    expect([answer.status, await answer.json()]).toEqual([502, { error: 'the API does not answer' }]);
    expect((await get('/user/api/carla/v1/accounts')).status).toBe(502);
    await api.listen();
  });
});

describe('behind a Prometheus', () => {
  it('there is no page of a user, and no link to one', async () => {
    const board = await startBoard({ kind: 'prometheus', url: system.url }, { port: 0 });
    try {
      expect((await fetch(`${board.url}/user`)).status).toBe(404);
      expect((await fetch(`${board.url}/user/api/robin/v1/accounts`)).status).toBe(404);
      expect(await (await fetch(board.url)).text()).not.toContain('href="/user"');
    } finally {
      await board.close();
    }
  });
});
