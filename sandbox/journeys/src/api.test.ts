/**
 * The API as an app uses it, at its base URL: driven by a client that is generated from the document it serves, compared with the
 * simulator's own books.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, promisify } from 'node:util';
import {
  type ControlServer,
  controlSourcesOf,
  createErrorLines,
  type System,
  startControlServer,
} from '@quartersec/sandbox-system';
import openapiTypes, { astToString } from 'openapi-typescript';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { expectCleanAudit, readJournal, startJourneySystem, until } from './journey.ts';
import { truthAt } from './provider-control.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));
const connections = 4;
let system: System;
let control: ControlServer;
let folder: string;

beforeAll(async () => {
  system = await startJourneySystem({ connections, webhooks: true, providers: { webhookRetryMs: 500 } });
  control = await startControlServer(controlSourcesOf(system, createErrorLines()));
  await mkdir(join(root, '.cache'), { recursive: true });
  folder = await mkdtemp(join(root, '.cache', 'example-')); // in the workspace, so that the example finds its client
});
afterAll(async () => {
  await control?.close();
  await system?.close();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: the body of whatever route was called
  readonly body: any;
}

async function ask(userId: string, method: string, path: string, body?: object): Promise<Answered> {
  const headers = { authorization: `Bearer ${system.tokenFor(userId)}`, 'content-type': 'application/json' };
  const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
  const response = await fetch(system.apiUrl + path, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

async function login(linkToken: string, username: string): Promise<string> {
  const body = JSON.stringify({ link_token: linkToken, username });
  const response = await fetch(`${control.url}/logins`, { method: 'POST', body });
  return ((await response.json()) as { public_token: string }).public_token;
}

async function allTransactions(userId: string): Promise<readonly { transactionId: string }[]> {
  const found: { transactionId: string }[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: Answered = await ask(
      userId,
      'GET',
      `/v1/transactions?limit=50${cursor === '' ? '' : `&cursor=${cursor}`}`,
    );
    expect(page.status).toBe(200);
    found.push(...page.body.transactions);
    cursor = page.body.nextCursor;
  }
  return found;
}

/** How many records the bank has, by the simulator's own books. */
async function bankHas(accessToken: string, connectionId: string): Promise<number> {
  const { head } = await readJournal(system, connectionId);
  return Object.keys(await truthAt(system.controlUrl, accessToken, head.cursor ?? '')).length;
}

/** In front of the API, as on AWS: its first answers are its own, of these statuses and without a problem. */
async function gatewayWithout(statuses: number[]): Promise<string> {
  const gateway = createServer(async (request, response) => {
    const status = statuses.shift();
    if (status !== undefined) {
      response.writeHead(status, { 'content-type': 'application/json' }).end('{"message":"Not now"}');
      return;
    }
    const body = request.method === 'POST' ? await text(request) : null;
    const headers = { authorization: String(request.headers.authorization), 'content-type': 'application/json' };
    const answer = await fetch(`${system.apiUrl}${request.url}`, { method: String(request.method), headers, body });
    const type = String(answer.headers.get('content-type'));
    response.writeHead(answer.status, { 'content-type': type }).end(await answer.text());
  });
  gateway.listen(0, '127.0.0.1');
  await once(gateway, 'listening');
  onTestFinished(() => void gateway.close());
  return `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
}

describe('the document', () => {
  it('is served at the base URL, and makes a client that the example is written with', async () => {
    const served = await (await fetch(`${system.apiUrl}/v1/openapi.json`)).json();
    await writeFile(join(folder, 'api.d.ts'), astToString(await openapiTypes(served as never)));
    await copyFile(join(root, 'docs/examples/app.ts'), join(folder, 'app.ts'));
    const options = ['--strict', '--noEmit', '--target', 'es2024', '--module', 'nodenext', '--types', 'node'];
    const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
    const flags = [...options, '--allowImportingTsExtensions', '--skipLibCheck', 'app.ts'];
    await run(process.execPath, [compiler, '--ignoreConfig', ...flags], { cwd: folder }).catch((error) => {
      throw new Error(error.stdout);
    });
    const env = {
      ...process.env,
      API_URL: await gatewayWithout([429, 503]),
      API_TOKEN: system.tokenFor('example'),
      LOGIN_URL: `${control.url}/logins`,
    };
    const { stdout } = await run(process.execPath, ['app.ts'], { cwd: folder, env });
    const connectionId = /^linked (\S+)$/m.exec(stdout)?.[1] ?? '';
    const [, listed, copied] = /^(\d+) transactions listed, (\d+) in the copy$/m.exec(stdout) ?? [];
    expect(Number(listed)).toBe(await bankHas(`access-sandbox-${connections}`, connectionId));
    expect(copied).toBe(listed);
    expect(Number(listed)).toBeGreaterThan(0);

    const noRoute = { ...env, API_URL: await gatewayWithout([404]) };
    const refused = run(process.execPath, ['app.ts'], { cwd: folder, env: noRoute });
    await expect(refused).rejects.toMatchObject({
      stderr: expect.stringContaining('refused: status 404 without a problem'),
    });
  });
});

describe('a user’s whole way', () => {
  it('goes from a link to data, changes, refresh, repair and removal', async () => {
    const { body: session } = await ask('mia', 'POST', '/v1/link-tokens', {});
    const publicToken = await login(session.linkToken, 'mia');
    const linked = await ask('mia', 'POST', '/v1/connections', { publicToken });
    expect(linked).toMatchObject({ status: 201, body: { how: 'new' } });
    const { connectionId } = linked.body.connection;
    const token = `access-sandbox-${connections + 1}`;
    const state = async () => (await ask('mia', 'GET', `/v1/connections/${connectionId}`)).body;
    await until('the first import', async () => (await state()).history === 'complete');
    const first = await allTransactions('mia');
    expect(first).toHaveLength(await bankHas(token, connectionId));
    const { body: accounts } = await ask('mia', 'GET', '/v1/accounts');
    expect(accounts.accounts.length).toBe((await state()).accounts);

    // The feed from its beginning has all of it; from here on, what the bank does next.
    let cursor = '';
    const seen = new Set<string>();
    const follow = async (wait: number) => {
      const from = cursor === '' ? '' : `&after=${cursor}`;
      const page = await ask('mia', 'GET', `/v1/changes?limit=500&wait=${wait}${from}`);
      cursor = page.body.nextCursor;
      for (const change of page.body.changes)
        if (change.kind === 'transaction.removed') seen.delete(change.transactionId);
        else if (change.transaction !== undefined) seen.add(change.transaction.transactionId);
      return page.body.changes.length as number;
    };
    while ((await follow(0)) > 0);
    expect(seen).toEqual(new Set(first.map(({ transactionId }) => transactionId)));
    const waiting = follow(20);
    await fetch(`${system.controlUrl}/connections/${token}/advance`, { method: 'POST', body: '{}' });
    expect((await ask('mia', 'POST', `/v1/connections/${connectionId}/refresh`)).status).toBe(202);
    expect(await waiting).toBeGreaterThan(0);
    const standing = async () => new Set((await allTransactions('mia')).map(({ transactionId }) => transactionId));
    // Webhook and refresh each lead to a read: the feed may be asked between the two.
    await until('the copy is what stands', async () => {
      while ((await follow(0)) > 0);
      return isDeepStrictEqual(seen, await standing());
    });
    expect(seen.size).toBe(await bankHas(token, connectionId));

    const fault = { token, kind: 'login-required' };
    await fetch(`${system.controlUrl}/faults`, { method: 'POST', body: JSON.stringify(fault) });
    await ask('mia', 'POST', `/v1/connections/${connectionId}/refresh`);
    await until('the user is asked', async () => (await state()).userAction === 'update-mode');
    const { body: update } = await ask('mia', 'POST', '/v1/link-tokens', { connectionId });
    await login(update.linkToken, 'mia');
    expect((await ask('mia', 'POST', `/v1/connections/${connectionId}/refresh`)).status).toBe(202);
    await until('it works again', async () => (await state()).status === 'active');

    expect((await ask('mia', 'DELETE', `/v1/connections/${connectionId}`)).status).toBe(204);
    expect((await ask('mia', 'GET', '/v1/transactions')).body.transactions).toEqual([]);
    const { body: ended } = await ask('mia', 'GET', `/v1/changes?after=${cursor}`);
    expect(ended.changes).toMatchObject([{ kind: 'connection.removed', connectionId }]);
    await expectCleanAudit(system);
  });

  it('shows nobody else anything, and answers what it has already with 304', async () => {
    const own = await ask('user-0', 'GET', '/v1/connections');
    const etag = own.headers.get('etag') ?? '';
    expect(own.body.connections).toMatchObject([{ connectionId: 'conn-0' }]);
    const headers = { authorization: `Bearer ${system.tokenFor('user-0')}`, 'if-none-match': etag };
    expect((await fetch(`${system.apiUrl}/v1/connections`, { headers })).status).toBe(304);
    expect((await ask('user-1', 'GET', '/v1/connections/conn-0')).status).toBe(404);
    expect((await ask('user-1', 'GET', '/v1/transactions?connection=conn-0')).status).toBe(404);
    expect((await fetch(`${system.apiUrl}/v1/connections`)).status).toBe(401);
  });
});
