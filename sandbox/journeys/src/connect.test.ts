/** A user's way from a link session to data and to the end of it, and the schedule that asks when nobody else does. */
import { queueNames, type System } from '@quartersec/sandbox-system';
import { listShards } from '@quartersec/storage';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectCleanAudit, readJournal, startJourneySystem, until } from './journey.ts';
import { type Answered, callApi } from './testing/call-api.ts';

const connections = 6;
let system: System;

beforeAll(async () => {
  // Without DAX: a read that fills its cache beside a write may leave an old head there, and then a connection is asked once more.
  system = await startJourneySystem({ connections, dax: false, webhooks: true, providers: { webhookRetryMs: 500 } });
});
afterAll(() => system?.close());

const api = (method: string, path: string, body?: object, userId?: string) =>
  callApi(system, method, path, body, userId);

async function plaid(path: string, fields: object): Promise<Record<string, string>> {
  const { baseUrl, clientId, secret } = system.providerAccess;
  const body = JSON.stringify({ client_id: clientId, secret, ...fields });
  return (await (await fetch(baseUrl + path, { method: 'POST', body })).json()) as Record<string, string>;
}

async function link(username: string): Promise<Answered> {
  const { body } = await api('POST', '/v1/link-tokens', {});
  const { public_token: publicToken } = await plaid('/sandbox/link/finish', { link_token: body.linkToken, username });
  return api('POST', '/v1/connections', { publicToken });
}

const control = (path: string, body: object) =>
  fetch(`${system.controlUrl}${path}`, { method: 'POST', body: JSON.stringify(body) });
const stateOf = async (id: string) => (await api('GET', `/v1/connections/${id}`)).body;

it('a bank is linked, imported, told of changes, mended and removed, all over HTTP', async () => {
  const linked = await link('anna-at-her-bank');
  expect(linked).toMatchObject({ status: 201, body: { how: 'new' } });
  const { connectionId } = linked.body.connection;
  await until('the first import is there', async () => (await stateOf(connectionId)).syncedEpochMs !== null);
  const { version } = await stateOf(connectionId);

  // The webhook goes to the address that the link session named.
  await control(`/connections/access-sandbox-${connections}/advance`, {});
  await control(`/connections/access-sandbox-${connections}/changes`, { changes: [{ change: 'open' }] });
  await until('the webhook has led to data', async () => (await stateOf(connectionId)).version > version);

  await control('/faults', { token: `access-sandbox-${connections}`, kind: 'login-required' });
  await until('the user is asked', async () => (await stateOf(connectionId)).userAction === 'update-mode');
  const session = await api('POST', '/v1/link-tokens', { connectionId });
  await plaid('/sandbox/link/finish', { link_token: session.body.linkToken });
  await until('it works again', async () => (await stateOf(connectionId)).status === 'active');
  expect((await api('POST', `/v1/connections/${connectionId}/refresh`)).status).toBe(202);

  const second = await link('anna-at-her-bank');
  expect(second).toMatchObject({ status: 200, body: { how: 'existing', connection: { connectionId } } });
  await expectCleanAudit(system);

  expect((await api('GET', `/v1/connections/${connectionId}`, undefined, 'bert')).status).toBe(404);
  expect((await api('DELETE', `/v1/connections/${connectionId}`)).status).toBe(204);
  expect((await api('GET', '/v1/connections')).body).toEqual({ connections: [], unreadable: [] });
  expect(await plaid('/item/get', { access_token: `access-sandbox-${connections}` })).toMatchObject({
    error_code: 'ITEM_NOT_FOUND',
  });
  await expectCleanAudit(system);
});

it('the schedule asks for each connection that nobody has asked for, once', async () => {
  const round = async () => {
    for (let shard = 0; shard < listShards; shard += 1)
      system.host.queues.send(queueNames.sync, JSON.stringify({ type: 'ScheduleDue', shard }), {});
    await until('the queue is worked off', () => {
      const stats = system.host.stats().queues[queueNames.sync];
      return stats !== undefined && stats.visible + stats.inFlight + stats.delayed === 0;
    });
  };
  await round();
  const heads = async () =>
    Promise.all(
      Array.from({ length: connections }, async (_, index) => (await readJournal(system, `conn-${index}`)).head),
    );
  const after = await heads();
  expect(after.map(({ lastSync }) => lastSync !== null)).toEqual(Array(connections).fill(true));
  await round();
  expect((await heads()).map(({ version }) => version)).toEqual(after.map(({ version }) => version));
  expect(system.host.stats().queues[queueNames.dead]?.visible).toBe(0);
});
