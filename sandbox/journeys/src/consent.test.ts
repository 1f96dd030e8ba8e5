/**
 * A user's way to a bank of Open Banking UK and back, over HTTP: linked, imported, renewed and removed. The bank's own books say what
 * access it gives.
 */
import { type BackFromBank, type System, visitBank } from '@quartersec/sandbox-system';
import type { Head } from '@quartersec/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectCleanAudit, postEvent, readJournal, startJourneySystem, until, within } from './journey.ts';
import {
  accessBooks,
  clearFaults,
  expireAccess,
  holdsOf,
  plantFault,
  refusedCalls,
  setObuk,
} from './provider-control.ts';
import { callApi } from './testing/call-api.ts';

const banks = [
  ['3.1', 'obuk-v3.1'],
  ['4.0', 'obuk-v4.0'],
] as const;
/** Connections that have their tokens from the start: households of links come after them. */
const connections = 2;
const lines: string[] = [];
let system: System;

beforeAll(async () => {
  system = await startJourneySystem({ connections, dax: false, onLog: (_name, line) => lines.push(line) });
});
afterAll(() => system?.close());

const api = (method: string, path: string, body?: object, userId?: string) =>
  callApi(system, method, path, body, userId);

const openAccounts = ({ accounts }: Head) =>
  accounts.filter(({ state }) => state === 'open').map(({ accountId }) => accountId);
const provider = 'openbanking-uk';
const begin = (institutionId: string) => api('POST', '/v1/link-tokens', { provider, institutionId });
const complete = (back: BackFromBank, userId?: string) => api('POST', '/v1/connections', { provider, ...back }, userId);
const sync = async (connectionId: string) =>
  (await postEvent(system, { connectionId, reason: 'user' })).body as { readonly outcome: { readonly kind: string } };
const stateOf = async (id: string) => (await api('GET', `/v1/connections/${id}`)).body;

describe.each(banks)('a bank of Open Banking UK %s', (_version, institutionId) => {
  const household = `household of ${institutionId}`.replaceAll(' ', '-');
  const token = `obuk-sandbox-${connections + (institutionId === 'obuk-v3.1' ? 0 : 1)}`;
  let connectionId: string;

  it('is linked with its user, and imported', async () => {
    const session = await begin(institutionId);
    expect(session).toMatchObject({ status: 201, body: { provider, linkToken: expect.any(String) } });
    const back = await visitBank(session.body.authorizationUrl, { household, agrees: true });
    expect(back.state).toBe(session.body.linkToken);
    expect(await complete(back, 'bert')).toMatchObject({ status: 400, body: { code: 'LINK_UNKNOWN' } });
    const linked = await complete(back);
    expect(linked).toMatchObject({ status: 201, body: { how: 'new', connection: { provider, institutionId } } });
    connectionId = linked.body.connection.connectionId;
    await until('the first import is there', async () => (await stateOf(connectionId)).history === 'complete');
    const { head } = await readJournal(system, connectionId);
    expect(await accessBooks(system.controlUrl, token)).toEqual({
      consents: [{ id: head.itemId, status: 'authorised' }],
      liveAccessTokens: 1,
      refreshes: 0,
      codesExchanged: 1,
    });
    const { accounts } = await holdsOf(system.controlUrl, token);
    expect(head.accounts.map(({ providerAccountId }) => providerAccountId)).toEqual(
      expect.arrayContaining(accounts.filter(({ type }) => type === 'depository').map(({ account_id }) => account_id)),
    );
    expect(await complete(back)).toMatchObject({
      status: 200,
      body: { how: 'repeated', connection: { connectionId } },
    });
  });

  it('has its access renewed once by two invocations that find it ended at the same time', async () => {
    for (const renewals of [1, 2]) {
      await expireAccess(system.controlUrl, token);
      const both = await Promise.all([sync(connectionId), sync(connectionId)]);
      expect(both.map(({ outcome }) => outcome.kind)).toEqual(['committed', 'committed']);
      expect(await accessBooks(system.controlUrl, token)).toMatchObject({ refreshes: renewals, liveAccessTokens: 1 });
    }
  });

  it('has its access renewed before it ends', async () => {
    await setObuk(system.controlUrl, token, { tokenSeconds: 10 });
    await expireAccess(system.controlUrl, token);
    await sync(connectionId);
    const { refreshes } = await accessBooks(system.controlUrl, token);
    const unauthorised = await refusedCalls(system.controlUrl);
    await setObuk(system.controlUrl, token, { tokenSeconds: 3_600 });
    await sync(connectionId);
    expect((await accessBooks(system.controlUrl, token)).refreshes).toBe(refreshes + 1);
    expect(await refusedCalls(system.controlUrl)).toBe(unauthorised);
  });

  it('goes on when its token endpoint is down for a moment', async () => {
    await expireAccess(system.controlUrl, token);
    await plantFault(system.controlUrl, token, { kind: 'status', path: '/refresh', times: 1 });
    expect(await sync(connectionId)).toMatchObject({ outcome: { kind: 'committed' } });
    await clearFaults(system.controlUrl);
  });

  it.each([
    ['takes its refresh token no more', { refresh: 'refused' }],
    ['has the consent revoked by its user', { consent: 'revoked' }],
    ['says that the consent has expired', { consent: 'expired' }],
  ])('that %s waits for its user, and the same connection goes on with another consent', async (_what, settings) => {
    const before = await readJournal(system, connectionId);
    await setObuk(system.controlUrl, token, settings);
    await expireAccess(system.controlUrl, token);
    expect(await sync(connectionId)).toMatchObject({ outcome: { kind: 'stopped', status: 'consent-expired' } });
    expect(await stateOf(connectionId)).toMatchObject({ status: 'consent-expired', userAction: 're-consent' });

    await setObuk(system.controlUrl, token, { refresh: 'granted' });
    const session = await api('POST', '/v1/link-tokens', { connectionId });
    const back = await visitBank(session.body.authorizationUrl, { household, agrees: true });
    const renewed = await complete(back);
    expect(renewed).toMatchObject({ status: 200, body: { how: 'relinked', connection: { connectionId } } });
    await until('it works again', async () => {
      const { head } = await readJournal(system, connectionId);
      return (head.lastSync?.startedEpochMs ?? 0) > (before.head.lastSync?.startedEpochMs ?? 0);
    });
    const { head, standing } = await readJournal(system, connectionId);
    expect(head.status).toBe('active');
    expect(openAccounts(head)).toEqual(openAccounts(before.head));
    expect(standing.length).toBeGreaterThanOrEqual(before.standing.length);
    expect((await api('GET', '/v1/connections')).body.connections).toHaveLength(1);
    expect((await accessBooks(system.controlUrl, token)).consents).toEqual([{ id: head.itemId, status: 'authorised' }]);
  });

  it('is not linked a second time for the same accounts', async () => {
    const session = await begin(institutionId);
    const back = await visitBank(session.body.authorizationUrl, { household, agrees: true });
    expect(await complete(back)).toMatchObject({
      status: 200,
      body: { how: 'existing', connection: { connectionId } },
    });
    const { head } = await readJournal(system, connectionId);
    expect((await accessBooks(system.controlUrl, token)).consents).toEqual([{ id: head.itemId, status: 'authorised' }]);
  });

  it('whose user refuses is not linked, and nothing is left of it', async () => {
    const session = await begin(institutionId);
    const back = await visitBank(session.body.authorizationUrl, { household, agrees: false });
    expect(back).toMatchObject({ error: 'access_denied' });
    expect(await complete(back)).toMatchObject({ status: 400, body: { code: 'ACCESS_NOT_GIVEN' } });
    expect(await complete(back)).toMatchObject({ status: 400, body: { code: 'LINK_UNKNOWN' } });
  });

  it('is removed at the bank first, and then here', async () => {
    expect((await api('DELETE', `/v1/connections/${connectionId}`)).status).toBe(204);
    expect(await accessBooks(system.controlUrl, token)).toMatchObject({ consents: [], liveAccessTokens: 0 });
    expect((await api('GET', '/v1/connections')).body).toEqual({ connections: [], unreadable: [] });
    const left = [];
    for await (const { pk, sk } of system.table.scan({ ...within(), fresh: true }))
      if (pk.includes(connectionId) || sk.includes(connectionId)) left.push([pk, sk]);
    expect(left).toEqual([]);
  });
});

it('a bank that is not here is not linked, and what nobody began is not completed', async () => {
  expect(await begin('obuk-v9')).toMatchObject({ status: 400, body: { code: 'INSTITUTION_UNKNOWN' } });
  expect(await api('POST', '/v1/link-tokens', { provider })).toMatchObject({ body: { code: 'INSTITUTION_UNKNOWN' } });
  expect(await complete({ state: 'x'.repeat(43), code: 'code-1' })).toMatchObject({ body: { code: 'LINK_UNKNOWN' } });
});

it('no token, code or household is in any line of a log', () => {
  const text = lines.join('\n');
  expect(text.length).toBeGreaterThan(10_000);
  expect(text).not.toMatch(/(?:access|refresh|code|client)-[\w-]{32}|household-of|eyJ/);
});

it('leaves every hash whole', async () => {
  await expectCleanAudit(system);
});
