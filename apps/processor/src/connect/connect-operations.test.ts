/** Linking, mending, refreshing and removing, against the simulator over HTTP and a table in memory. */
import { createHttpClient, createPlaidLinkCalls } from '@quartersec/providers';
import { type Providers, startProviders } from '@quartersec/sandbox-providers';
import { createDeadline, type Deadline } from '@quartersec/sla';
import {
  auditTable,
  createExchangeRecords,
  createFoldMemory,
  createJournal,
  createMemoryTable,
  createPendingLinks,
  forgetConnection,
  type Head,
  linkConnection,
  openToken,
  putFeedback,
  readChanges,
  readConnectionIds,
  readItemLink,
  readTransactionPage,
  readUser,
  StorageError,
  sealToken,
  type Table,
} from '@quartersec/storage';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiDependencies, createApiHandler } from '../api/api-handler.ts';
import { createTokenVerifier } from '../api/token-verifier.ts';
import { readDerivedOrWhole } from '../insights/read-derived.ts';
import { processEvent } from '../process-event.ts';
import { ProcessorError } from '../processor-error.ts';
import type { QueryDependencies } from '../read/query-dependencies.ts';
import { createQueryOperations } from '../read/query-operations.ts';
import { rememberAssessments } from '../read/remember-assessments.ts';
import { rememberLast } from '../remember-last.ts';
import { createScriptedPipeline } from '../scripted-pipeline.ts';
import type { SyncRequested } from '../sync-event.ts';
import { ask, secret, nowEpochMs as tokensNowEpochMs } from '../testing/api-system.ts';
import type { ConnectDependencies } from './connect-dependencies.ts';
import { connectProblemOf, createConnectOperations } from './connect-operations.ts';
import { createPlaidLinks } from './link-plaid.ts';

type Dependencies = ConnectDependencies & ApiDependencies & QueryDependencies;

const key = Buffer.alloc(32, 3).toString('base64');
const within = () => ({ deadline: createDeadline(600_000, () => performance.now()) });
const closers: (() => void)[] = [];
let providers: Providers;
let table: Table;
let sent: SyncRequested[];
let logged: { level: string; message: string; fields: Record<string, unknown> }[];
let measured: Record<string, unknown>[];
let deps: Dependencies;

beforeEach(async () => {
  providers = await startProviders({ seed: 5, connections: 12, linkFrom: 0, latency: { medianMs: 0, p99Ms: 0 } });
  table = createMemoryTable();
  sent = [];
  logged = [];
  measured = [];
  deps = compose();
});
afterEach(async () => {
  for (const close of closers.splice(0)) close();
  await providers.close();
});

function compose(over: Table = table): Dependencies {
  const journal = createJournal({ table: over });
  const client = () => {
    const http = createHttpClient({ provider: 'plaid', allowedOrigins: [providers.url], nowEpochMs: Date.now });
    closers.push(http.close);
    return http;
  };
  const access = { baseUrl: providers.url, clientId: 'client-sandbox', secret: 'secret-sandbox' };
  const memory = createFoldMemory(1_000_000);
  let ids = 0;
  return {
    calls: createPlaidLinkCalls({
      ...access,
      http: client(),
      freshHttp: client,
      sleep: async () => {},
      random: () => 0,
    }),
    settings: {
      clientName: 'App',
      language: 'en',
      countryCodes: ['US'],
      daysRequested: 730,
      webhookUrl: undefined,
      redirectUri: undefined,
    },
    journal,
    exchanges: createExchangeRecords(over, { newId: () => `x-${Math.random()}`, nowEpochMs: Date.now }),
    pending: createPendingLinks(over, { newId: () => `p-${++ids}`, nowEpochMs: Date.now }),
    queue: { send: async (event) => void sent.push(event) },
    log: { write: (level, message, fields) => void logged.push({ level, message, fields }) },
    metrics: { write: (values) => void measured.push({ ...values }) },
    link: (request, deadline) => linkConnection({ journal, table: over }, request, { deadline }),
    connectionIdsOf: (userId, deadline) => readConnectionIds(over, userId, { deadline }),
    keepFeedback: (userId, feedback, deadline) => putFeedback(over, userId, feedback, { deadline }),
    readDerived: (of, deadline) => readDerivedOrWhole({ cache: over, entries: over }, over, of, deadline),
    assessments: rememberAssessments(),
    idsReadLast: rememberLast(10),
    userOf: (userId, deadline) => readUser(over, userId, { deadline }),
    forget: (connectionId, deadline) => forgetConnection(over, connectionId, { deadline }),
    sealToken: (token, connectionId) => sealToken(token, { tokenKeys: key, connectionId }),
    openToken: (sealed, connectionId) => openToken(sealed, { tokenKeys: key, connectionId }),
    readPage: (of, page, deadline) => readTransactionPage(over, of, { ...page, deadline, memory }),
    readChanges: (of, from, limit, deadline) => readChanges(over, of, from, { limit, deadline, memory }),
    revision: '1',
    authorise: createTokenVerifier(
      { kind: 'secret', secrets: [secret] },
      { audience: 'quartersec', issuer: undefined },
      () => tokensNowEpochMs,
    ),
    basePath: '',
    hardDeadlineMs: 20_000,
    problemOf: connectProblemOf,
    measure: (ConnectTime, isFailed) => ({ ConnectTime, ...(isFailed && { ConnectFailed: 1 }) }),
    provider: 'plaid',
    sleep: async () => {},
    newId: () => `id-${++ids}`,
    nowEpochMs: Date.now,
    nowMs: () => performance.now(),
    takeColdStart: () => measured.length === 0,
  };
}

async function call(
  method: string,
  path: string,
  body?: object,
  userId = 'user-1',
  over: Partial<Dependencies> = {},
): ReturnType<typeof ask> {
  const reached = { ...deps, ...over };
  const composed = { ...reached, links: new Map([['plaid', createPlaidLinks(reached)]]) };
  const handler = createApiHandler(
    { ...createConnectOperations(composed), ...createQueryOperations(composed) },
    composed,
  );
  return ask(handler, path, {
    method,
    ...(userId === '' ? { authorization: undefined } : { userId }),
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
}

async function plaid(path: string, fields: object): Promise<Record<string, unknown>> {
  const credentials = { client_id: 'client-sandbox', secret: 'secret-sandbox' };
  const response = await fetch(providers.url + path, {
    method: 'POST',
    body: JSON.stringify({ ...credentials, ...fields }),
  });
  return (await response.json()) as Record<string, unknown>;
}

const publicToken = async (username: string) =>
  (await plaid('/sandbox/public_token/create', { options: { override_username: username } })).public_token as string;
const plant = (fault: object) =>
  fetch(`${providers.controlUrl}/faults`, { method: 'POST', body: JSON.stringify(fault) });
const counts = async () =>
  ((await (await fetch(`${providers.controlUrl}/calls`)).json()) as { byPath: Record<string, number> }).byPath;
const errorOf = async (token: string) => (await plaid('/item/get', { access_token: token })).error_code;
const clean = async () => expect((await auditTable(table, within())).findings).toEqual([]);
const head = async (id: string) => (await deps.journal.readHead(id, { ...within(), fresh: true })) as Head;
const tokenOf = async (id: string) => deps.openToken((await head(id)).sealedToken, id);

async function link(username: string, user = 'user-1') {
  const token = await publicToken(username);
  return { token, ...(await call('POST', '/v1/connections', { publicToken: token }, user)) };
}

/** The accounts of a connection as the process function would have stored them. */
async function imported(connectionId: string, status?: 'login-required'): Promise<void> {
  const current = await head(connectionId);
  const { accounts } = await deps.calls.readAccounts(
    String(await tokenOf(connectionId)),
    current.institutionId,
    within().deadline,
  );
  const base = { runId: 'r', writtenEpochMs: 1 };
  const list = {
    ...base,
    kind: 'accounts',
    list: { id: 'l', last: true },
    readEpochMs: 1,
    accounts,
    accountsSeen: [],
  } as const;
  let result = await deps.journal.append(current, connectionId, list, within());
  if (status !== undefined) {
    const stopped = { ...base, kind: 'status', status, reason: 'LOGIN_REQUIRED', nextAttemptEpochMs: null } as const;
    result = await deps.journal.append(result.head, connectionId, stopped, within());
  }
  if (result.head !== undefined) await deps.journal.saveHead(result.head, within());
}

describe('linking a bank', () => {
  it('goes from a link token to a connection that can be read, found by its Item, and is queued', async () => {
    const session = await call('POST', '/v1/link-tokens', {});
    expect(session).toMatchObject({ status: 201, body: { provider: 'plaid' } });
    const { public_token } = await plaid('/sandbox/link/finish', {
      link_token: session.body.linkToken,
      username: 'anna',
    });
    const linked = await call('POST', '/v1/connections', { publicToken: public_token });
    expect(linked).toMatchObject({
      status: 201,
      body: { how: 'new', connection: { status: 'active', history: 'none' } },
    });
    const { connectionId } = linked.body.connection;
    expect(connectionId).toMatch(/^c[A-Za-z0-9_-]{22}$/);
    expect(await tokenOf(connectionId)).toBe('access-sandbox-0');
    expect(await readItemLink(table, { provider: 'plaid', itemId: 'item-sandbox-0' }, within())).toBe(connectionId);
    expect(sent).toMatchObject([{ connectionId, reason: 'schedule' }]);
    expect(await call('GET', '/v1/connections')).toMatchObject({ body: { connections: [{ connectionId }] } });
    expect(await call('GET', `/v1/connections/${connectionId}`)).toMatchObject({
      status: 200,
      body: { userAction: 'none' },
    });
    expect(measured[0]).toMatchObject({ ConnectTime: expect.any(Number), ColdStart: 1 });
    await clean();
  });

  it('is made once however often it is asked for', async () => {
    const token = await publicToken('anna');
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => call('POST', '/v1/connections', { publicToken: token })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    expect(await call('POST', '/v1/connections', { publicToken: token })).toMatchObject({
      status: 200,
      body: { how: 'repeated' },
    });
    expect((await counts())['/item/public_token/exchange']).toBe(1);
    await clean();
  });

  it('says when the consent ends', async () => {
    const token = await publicToken('anna');
    const body = JSON.stringify({ consentEnds: '2027-01-01T00:00:00Z' });
    await fetch(`${providers.controlUrl}/connections/access-sandbox-0`, { method: 'POST', body });
    const { body: linked } = await call('POST', '/v1/connections', { publicToken: token });
    expect(linked.connection.consentExpiresEpochMs).toBe(Date.UTC(2027, 0, 1));
  });

  it('refuses a token that is spent, also to another user', async () => {
    const { token } = await link('anna');
    expect(await call('POST', '/v1/connections', { publicToken: token }, 'user-2')).toMatchObject({
      status: 400,
      body: { code: 'PUBLIC_TOKEN_REFUSED' },
    });
    expect(await readConnectionIds(table, 'user-2', within())).toEqual([]);
  });

  it('may try the token again where Plaid was not reached or said no to us', async () => {
    const token = await publicToken('anna');
    await plant({
      kind: 'plaid-error',
      token: '*',
      path: '/item/public_token/exchange',
      times: 1,
      options: { code: 'INVALID_API_KEYS' },
    });
    const refused = await call('POST', '/v1/connections', { publicToken: token });
    expect(refused).toMatchObject({ status: 502, body: { code: 'CONFIGURATION_REFUSED' } });
    expect(logged).toMatchObject([{ level: 'critical' }]);
    expect(await call('POST', '/v1/connections', { publicToken: token })).toMatchObject({ status: 400 }); // the simulator has spent it
  });

  it('makes no second exchange where the answer of the first was lost', async () => {
    const token = await publicToken('anna');
    await plant({ kind: 'connect-reset', token: '*', path: '/item/public_token/exchange', times: 1 });
    for (let round = 0; round < 3; round += 1) {
      const answer = await call('POST', '/v1/connections', { publicToken: token });
      expect(answer).toMatchObject({ status: 409, body: { code: 'EXCHANGE_UNSETTLED' } });
    }
    expect((await counts())['/item/public_token/exchange']).toBe(1);
    expect(logged).toMatchObject([{ level: 'error', message: 'exchange without an answer' }]);
    await clean();
  });
});

describe('a store that fails after the exchange', () => {
  /** Fails every put of a key from the nth on. */
  function failing(prefix: string, from: number, until = Number.POSITIVE_INFINITY): Table {
    let puts = 0;
    return {
      ...table,
      async put(item, ...rest) {
        if (`${item.pk} ${item.sk}`.startsWith(prefix)) {
          puts += 1;
          if (puts >= from && puts < until) throw new StorageError('TABLE_UNREACHABLE', {});
        }
        return table.put(item, ...rest);
      },
    };
  }

  it('is gone on from by the same call again: one exchange, one Item, one connection', async () => {
    const token = await publicToken('anna');
    const broken = compose(failing('CONN#', 1));
    expect(await call('POST', '/v1/connections', { publicToken: token }, 'user-1', broken)).toMatchObject({
      status: 503,
    });
    const again = await call('POST', '/v1/connections', { publicToken: token });
    expect(again).toMatchObject({ status: 201, body: { how: 'new' } });
    expect(await tokenOf(again.body.connection.connectionId)).toBe('access-sandbox-0');
    expect((await counts())['/item/public_token/exchange']).toBe(1);
    await clean();
  });

  it('has the Item removed again when not even the exchange can be kept', async () => {
    const token = await publicToken('anna');
    const broken = compose(failing('USER#user-1 EXCHANGE', 2));
    expect(await call('POST', '/v1/connections', { publicToken: token }, 'user-1', broken)).toMatchObject({
      status: 503,
    });
    expect(await errorOf('access-sandbox-0')).toBe('ITEM_NOT_FOUND');
    expect(await call('GET', '/v1/connections')).toMatchObject({ body: { connections: [] } });
  });

  it('after the link is a link that was repeated', async () => {
    const token = await publicToken('anna');
    const broken = compose(failing('USER#user-1 EXCHANGE', 3));
    expect(await call('POST', '/v1/connections', { publicToken: token }, 'user-1', broken)).toMatchObject({
      status: 503,
    });
    expect(await call('POST', '/v1/connections', { publicToken: token })).toMatchObject({
      status: 200,
      body: { how: 'repeated' },
    });
    await clean();
  });

  it.each(['/item/get', '/accounts/get'])('goes on after %s failed', async (path) => {
    const token = await publicToken('anna');
    await plant({ kind: 'error-500-plaid', token: 'access-sandbox-0', path, times: 4 });
    expect(await call('POST', '/v1/connections', { publicToken: token })).toMatchObject({ status: 502 });
    expect(await call('POST', '/v1/connections', { publicToken: token })).toMatchObject({ status: 201 });
    expect((await counts())['/item/public_token/exchange']).toBe(1);
  });

  it('links also while the bank tells no accounts, and while the queue refuses', async () => {
    await plant({ kind: 'plaid-error', token: '*', path: '/accounts/get', options: { code: 'NO_ACCOUNTS' } });
    const queue = { send: () => Promise.reject(new ProcessorError('QUEUE_UNAVAILABLE', {})) };
    const answer = await call('POST', '/v1/connections', { publicToken: await publicToken('anna') }, 'user-1', {
      queue,
    });
    expect(answer).toMatchObject({ status: 201 });
    expect(logged).toMatchObject([{ level: 'warn', message: 'first import not queued' }]);
  });
});

describe('a second link to the same accounts', () => {
  it('is answered with the connection that works, and its own Item is removed', async () => {
    const first = await link('anna');
    const { connectionId } = first.body.connection;
    await imported(connectionId);
    const second = await link('anna');
    expect(second).toMatchObject({ status: 200, body: { how: 'existing', connection: { connectionId } } });
    expect(await errorOf('access-sandbox-1')).toBe('ITEM_NOT_FOUND');
    expect(await errorOf('access-sandbox-0')).toBeUndefined();
    expect(await readConnectionIds(table, 'user-1', within())).toEqual([connectionId]);
    await clean();
  });

  it('goes into the connection that waits for its user: history kept, new token, old Item removed', async () => {
    const first = await link('anna');
    const { connectionId } = first.body.connection;
    await imported(connectionId, 'login-required');
    const before = await head(connectionId);
    const second = await link('anna');
    expect(second).toMatchObject({
      status: 200,
      body: { how: 'relinked', connection: { connectionId, status: 'active' } },
    });
    const after = await head(connectionId);
    expect(after).toMatchObject({ itemId: 'item-sandbox-1', version: before.version + 1 });
    expect(after.accounts).toEqual(before.accounts);
    expect(await tokenOf(connectionId)).toBe('access-sandbox-1');
    expect(await errorOf('access-sandbox-0')).toBe('ITEM_NOT_FOUND');
    await clean();
  });

  it('is a connection of its own for another person: joint accounts are not one', async () => {
    const first = await link('anna');
    await imported(first.body.connection.connectionId);
    const second = await link('anna', 'user-2');
    expect(second).toMatchObject({ status: 201, body: { how: 'new' } });
    expect(second.body.connection.connectionId).not.toBe(first.body.connection.connectionId);
  });

  it('is done although the superfluous Item cannot be removed', async () => {
    const first = await link('anna');
    await imported(first.body.connection.connectionId);
    await plant({ kind: 'error-500-plaid', token: 'access-sandbox-1', path: '/item/remove' });
    expect(await link('anna')).toMatchObject({ status: 200, body: { how: 'existing' } });
    expect(logged).toMatchObject([{ level: 'error', message: 'item left at the provider' }]);
  });

  it('that broke off after its Item was removed begins anew', async () => {
    const token = await publicToken('anna');
    await deps.exchanges.begin({ userId: 'user-1', provider: 'plaid', publicToken: token }, within());
    const { connectionIdOf } = await import('@quartersec/validation');
    const sealedToken = deps.sealToken(
      'access-sandbox-0',
      connectionIdOf({ provider: 'plaid', itemId: 'item-sandbox-0' }),
    );
    const state = { state: 'exchanged', itemId: 'item-sandbox-0', sealedToken } as const;
    await deps.exchanges.note({ userId: 'user-1', provider: 'plaid', publicToken: token }, state, within());
    await plaid('/item/remove', { access_token: 'access-sandbox-0' });
    expect(await call('POST', '/v1/connections', { publicToken: token })).toMatchObject({ status: 400 });
  });
});

describe('mending and refreshing', () => {
  it('update mode keeps the token; the refresh after it opens the gate and reads the consent', async () => {
    const { body } = await link('anna');
    const { connectionId } = body.connection;
    await imported(connectionId, 'login-required');
    expect(await call('GET', `/v1/connections/${connectionId}`)).toMatchObject({ body: { userAction: 'update-mode' } });
    const session = await call('POST', '/v1/link-tokens', { connectionId });
    expect(session.status).toBe(201);
    await plaid('/sandbox/link/finish', { link_token: session.body.linkToken });
    const consentEnds = JSON.stringify({ consentEnds: '2027-01-01T00:00:00Z' });
    await fetch(`${providers.controlUrl}/connections/access-sandbox-0`, { method: 'POST', body: consentEnds });
    const refreshed = await call('POST', `/v1/connections/${connectionId}/refresh`);
    expect(refreshed).toMatchObject({ status: 202, body: { correlationId: expect.any(String) } });
    expect(sent.at(-1)).toMatchObject({ connectionId, reason: 'user' });
    expect(await head(connectionId)).toMatchObject({ consentExpiresEpochMs: Date.UTC(2027, 0, 1) });
    expect(await tokenOf(connectionId)).toBe('access-sandbox-0');

    const pipeline = createScriptedPipeline([{ page: {}, nextCursor: 'c1' }], { table });
    const event = { ...(sent.at(-1) as SyncRequested), queuedEpochMs: null };
    expect(await processEvent(event, { hardDeadlineMs: 2_000 }, pipeline.deps)).toMatchObject({
      outcome: { kind: 'committed' },
    });
    await clean();
  });

  it('a refresh is queued although the consent cannot be read; without a queue it is not done', async () => {
    const { body } = await link('anna');
    const { connectionId } = body.connection;
    await imported(connectionId, 'login-required');
    await plant({ kind: 'login-required', token: 'access-sandbox-0' });
    expect(await call('POST', `/v1/connections/${connectionId}/refresh`)).toMatchObject({ status: 202 });
    expect(logged).toMatchObject([{ level: 'warn', message: 'consent not read' }]);
    const queue = { send: () => Promise.reject(new ProcessorError('QUEUE_UNAVAILABLE', {})) };
    const refused = await call('POST', `/v1/connections/${connectionId}/refresh`, undefined, 'user-1', { queue });
    expect(refused).toMatchObject({ status: 503, body: { code: 'QUEUE_UNAVAILABLE' } });
    expect(measured.at(-1)).toMatchObject({ ConnectFailed: 1 });
  });

  it('says so where update mode cannot help', async () => {
    const { body } = await link('anna');
    const { connectionId } = body.connection;
    const ended = {
      kind: 'status',
      runId: 'r',
      writtenEpochMs: 1,
      status: 'revoked',
      reason: 'ACCESS_REVOKED',
      nextAttemptEpochMs: null,
    } as const;
    const { head: stopped } = await deps.journal.append(await head(connectionId), connectionId, ended, within());
    if (stopped !== undefined) await deps.journal.saveHead(stopped, within());
    expect(await call('POST', '/v1/link-tokens', { connectionId })).toMatchObject({
      status: 409,
      body: { code: 'RELINK_REQUIRED' },
    });
  });
});

describe('removing a connection', () => {
  it('ends it at the provider, erases it here, and may be repeated', async () => {
    const { body } = await link('anna');
    const { connectionId } = body.connection;
    await imported(connectionId);
    for (let round = 0; round < 2; round += 1)
      expect(await call('DELETE', `/v1/connections/${connectionId}`)).toMatchObject({ status: 204, body: undefined });
    expect(await errorOf('access-sandbox-0')).toBe('ITEM_NOT_FOUND');
    const left = [];
    for await (const item of table.scan(within())) left.push(item.sk.slice(0, 8));
    expect(left).toEqual(['EXCHANGE']);
    expect(await readItemLink(table, { provider: 'plaid', itemId: 'item-sandbox-0' }, within())).toBeUndefined();
  });

  it('goes on where it broke off between any two of its deletes', async () => {
    const { body } = await link('anna');
    const { connectionId } = body.connection;
    await imported(connectionId, 'login-required');
    await imported(connectionId);
    const broken = new StorageError('TABLE_THROTTLED', {});
    const failing: Table = {
      ...table,
      delete: (key, options) => (key.sk === 'LOG#000000000004' ? Promise.reject(broken) : table.delete(key, options)),
    };
    const forget = (id: string, deadline: Deadline) => forgetConnection(failing, id, { deadline });
    expect(await call('DELETE', `/v1/connections/${connectionId}`, undefined, 'user-1', { forget })).toMatchObject({
      status: 503,
    });
    // The second and third entry are gone, the fourth is not.
    const left = async () => {
      const keys: string[] = [];
      for await (const { pk, sk } of table.scan(within())) if (pk.includes(connectionId)) keys.push(sk);
      return keys;
    };
    expect(await call('DELETE', `/v1/connections/${connectionId}`, undefined, 'user-2')).toMatchObject({ status: 204 });
    expect(await left()).toEqual(['LOG#000000000001', 'LOG#000000000004']);
    expect(await call('DELETE', `/v1/connections/${connectionId}`)).toMatchObject({ status: 204 });
    expect(await left()).toEqual([]);
  });

  it('erases nothing while the provider cannot end it', async () => {
    const { body } = await link('anna');
    const { connectionId } = body.connection;
    await plant({ kind: 'error-500-plaid', token: 'access-sandbox-0', path: '/item/remove' });
    expect(await call('DELETE', `/v1/connections/${connectionId}`)).toMatchObject({ status: 502 });
    expect(await head(connectionId)).toBeDefined();
  });

  it('goes on after a crash at any delete, for its user alone', async () => {
    const { body } = await link('anna');
    const { connectionId } = body.connection;
    await imported(connectionId);
    for (let crashAt = 1; ; crashAt += 1) {
      let deletes = 0;
      const crashing: Table = {
        ...table,
        async delete(...args) {
          deletes += 1;
          if (deletes >= crashAt) throw new StorageError('TABLE_UNREACHABLE', {});
          await table.delete(...args);
        },
      };
      const { status } = await call(
        'DELETE',
        `/v1/connections/${connectionId}`,
        undefined,
        'user-1',
        compose(crashing),
      );
      if (status === 204) break;
      await call('DELETE', `/v1/connections/${connectionId}`, undefined, 'user-2');
    }
    expect(await table.query({ pk: `CONN#${connectionId}`, fromSk: ' ', toSk: '~' }, within())).toEqual([]);
    await clean();
  });

  it('erases what no key opens any more', async () => {
    const { body } = await link('anna');
    const openToken = () => {
      throw new StorageError('TOKEN_UNREADABLE', {});
    };
    const answer = await call('DELETE', `/v1/connections/${body.connection.connectionId}`, undefined, 'user-1', {
      openToken,
    });
    expect(answer.status).toBe(204);
    expect(logged).toMatchObject([{ level: 'error', message: 'item left at the provider' }]);
    await clean();
  });
});

describe('a connection that was not linked with Plaid', () => {
  beforeEach(async () => {
    const connectionId = 'obuk-1';
    const sealedToken = sealToken('token-of-a-bank', { tokenKeys: key, connectionId });
    const facts = { connectionId, userId: 'user-1', provider: 'openbanking-uk', institutionId: 'bank-a', sealedToken };
    const request = { ...facts, runId: 'run-1', writtenEpochMs: 0, consentExpiresEpochMs: 1 };
    await linkConnection({ journal: deps.journal, table }, request, within());
  });
  /** Its token is for its bank alone. */
  const nothingSaid = async () => expect(await counts()).toEqual({});

  it('is erased here, and the log says that its consent is left at the bank', async () => {
    expect(await call('DELETE', '/v1/connections/obuk-1')).toMatchObject({ status: 204 });
    expect(await deps.journal.readHead('obuk-1', { ...within(), fresh: true })).toBeUndefined();
    expect(logged).toContainEqual({
      level: 'warn',
      message: 'consent left at the bank',
      fields: { connection_id: 'obuk-1', provider: 'openbanking-uk' },
    });
    await nothingSaid();
  });

  it('is refreshed without a word to Plaid', async () => {
    expect(await call('POST', '/v1/connections/obuk-1/refresh')).toMatchObject({ status: 202 });
    expect(sent).toMatchObject([{ connectionId: 'obuk-1', reason: 'user', userIpAddress: '203.0.113.7' }]);
    await nothingSaid();
  });

  it('is not mended by Plaid’s update mode', async () => {
    expect(await call('POST', '/v1/link-tokens', { connectionId: 'obuk-1' })).toMatchObject({
      body: { code: 'RELINK_REQUIRED' },
    });
    await nothingSaid();
  });
});

describe('the routes', () => {
  it.each([
    ['GET', '/v1/connections/c1', 404, 'user-1'],
    ['POST', '/v1/connections/c1/refresh', 404, 'user-1'],
    ['DELETE', '/v1/connections/c1', 204, 'user-1'],
    ['POST', '/v1/connections', 400, 'user-1'],
    ['POST', '/v1/connections', 401, ''],
  ])('%s %s answers %i to %j', async (method, path, status, user) => {
    expect((await call(method, path, undefined, user)).status).toBe(status);
  });

  it('show one user nothing of another', async () => {
    const { body } = await link('anna');
    const path = `/v1/connections/${body.connection.connectionId}`;
    expect(await call('GET', path, undefined, 'user-2')).toEqual(
      await call('GET', '/v1/connections/c1', undefined, 'user-2'),
    );
    expect(await call('DELETE', path, undefined, 'user-2')).toMatchObject({ status: 204 });
    expect(
      await call('POST', '/v1/link-tokens', { connectionId: body.connection.connectionId }, 'user-2'),
    ).toMatchObject({ status: 404 });
    expect(await call('GET', path)).toMatchObject({ status: 200 });
    expect(await errorOf('access-sandbox-0')).toBeUndefined();
  });

  it('call a defect one, without its message', async () => {
    const begin = () => Promise.reject(new RangeError('secret-4711'));
    const exchanges = { ...deps.exchanges, begin };
    const answer = await call('POST', '/v1/connections', { publicToken: 'public-1' }, 'user-1', { exchanges });
    expect(answer).toMatchObject({ status: 500, body: { code: 'UNEXPECTED' } });
    expect(logged).toMatchObject([{ level: 'critical', message: 'request failed' }]);
    expect(JSON.stringify([answer, logged])).not.toContain('4711');
  });

  it('answer a connection that another user has by now', async () => {
    const taken = () => Promise.reject(new StorageError('CONNECTION_TAKEN', { connectionId: 'c' }));
    const answer = await call('POST', '/v1/connections', { publicToken: await publicToken('anna') }, 'user-1', {
      link: taken,
    });
    expect(answer).toMatchObject({ status: 409, body: { code: 'CONNECTION_TAKEN' } });
  });
});

describe('what a user says of an insight', () => {
  const say = (body: object, user = 'user-1') => call('POST', '/v1/insights/f-1/feedback', body, user);
  const kept = async (user = 'user-1') => (await deps.userOf(user, within().deadline)).feedback;

  it('is kept for that user alone, and the last word counts', async () => {
    await link('user_good');
    expect(await say({ verdict: 'snoozed', until: '2026-12-24' })).toMatchObject({ status: 204 });
    expect(await kept()).toEqual([
      { fingerprint: 'f-1', verdict: 'snoozed', untilDate: '2026-12-24', saidEpochMs: expect.any(Number) },
    ]);
    await say({ verdict: 'dismissed' });
    expect(await kept()).toMatchObject([{ verdict: 'dismissed', untilDate: null }]);
    expect(await kept('user-2')).toEqual([]);
    await clean();
  });

  it.each([
    [{ verdict: 'snoozed' }],
    [{ verdict: 'snoozed', until: '2026-02-30' }],
    [{ verdict: 'dismissed', until: '2026-12-24' }],
  ])('is refused where its day makes no sense: %j', async (body) => {
    await link('user_good');
    expect(await say(body)).toMatchObject({
      status: 400,
      body: { code: 'REQUEST_INVALID', errors: [{ path: 'body.until' }] },
    });
    expect(await kept()).toEqual([]);
  });

  it('is not taken from a user without any connection: nothing would ever erase it', async () => {
    expect(await say({ verdict: 'dismissed' })).toMatchObject({ status: 404, body: { code: 'CONNECTION_UNKNOWN' } });
    expect(await kept()).toEqual([]);
  });
});
