/**
 * A user's way to a bank with pages of its own and back, over HTTP: linked, imported, refreshed, renewed and removed. The bank's own books
 * say what access it gives, and what it holds.
 */

import { createAuthority } from '@quartersec/http/testing';
import { heldLines, lineDifferences, ofStandard, standingLines } from '@quartersec/sandbox-simulation';
import { type BackFromBank, type System, visitBank } from '@quartersec/sandbox-system';
import type { Head } from '@quartersec/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectCleanAudit, postEvent, readJournal, startJourneySystem, until, within } from './journey.ts';
import {
  accessBooks,
  type BankKind,
  clearFaults,
  expireAccess,
  holdsOf,
  plantFault,
  publish,
  refusedCalls,
  setBerlin,
  setObuk,
} from './provider-control.ts';
import { callApi } from './testing/call-api.ts';

interface Bank {
  readonly provider: 'openbanking-uk' | 'berlin-group';
  readonly institutionId: string;
  /** Or the consent alone is the access. */
  readonly hasTokens: boolean;
  /** What its user's next link of the same accounts becomes. */
  readonly secondLink: 'existing' | 'relinked';
}

const banks: readonly Bank[] = [
  { provider: 'openbanking-uk', institutionId: 'obuk-v3.1', hasTokens: true, secondLink: 'existing' },
  { provider: 'openbanking-uk', institutionId: 'obuk-v4.0', hasTokens: true, secondLink: 'existing' },
  // Their standard has a user's consent end with the next one.
  { provider: 'berlin-group', institutionId: 'berlin-redirect', hasTokens: false, secondLink: 'relinked' },
  { provider: 'berlin-group', institutionId: 'berlin-oauth', hasTokens: true, secondLink: 'relinked' },
  { provider: 'berlin-group', institutionId: 'berlin-signed', hasTokens: false, secondLink: 'relinked' },
];
const kinds = { 'openbanking-uk': 'open-banking', 'berlin-group': 'berlin-group' } as const satisfies Record<
  string,
  BankKind
>;
const setters = { 'openbanking-uk': setObuk, 'berlin-group': setBerlin };
const tokens = { 'openbanking-uk': 'obuk-sandbox', 'berlin-group': 'berlin-sandbox' };
/** Where its user has taken the consent back: by the words in which the bank refuses. */
const revokedStatus = { 'openbanking-uk': 'consent-expired', 'berlin-group': 'consent-required' };
/** Connections that have their tokens from the start: households of links come after them. */
const connections = 2;
const lines: string[] = [];
let system: System;

beforeAll(async () => {
  system = await startJourneySystem({
    ...{ connections, dax: false, seal: createAuthority().sign('DNS:us.example', 1, 'rsa') },
    onLog: (_name, line) => lines.push(line),
  });
});
afterAll(() => system?.close());

const api = (method: string, path: string, body?: object, userId?: string) =>
  callApi(system, method, path, body, userId);

const openAccounts = ({ accounts }: Head) =>
  accounts.filter(({ state }) => state === 'open').map(({ accountId }) => accountId);
const sync = async (connectionId: string) =>
  (await postEvent(system, { connectionId, reason: 'user' })).body as { readonly outcome: { readonly kind: string } };
const stateOf = async (id: string) => (await api('GET', `/v1/connections/${id}`)).body;

describe.each(banks)('the bank $institutionId', (bank) => {
  const { provider, institutionId, hasTokens, secondLink } = bank;
  const household = `household-of-${institutionId}`;
  const token = `${tokens[provider]}-${connections + banks.indexOf(bank)}`;
  const kind = kinds[provider];
  let connectionId: string;

  const begin = () => api('POST', '/v1/link-tokens', { provider, institutionId });
  const complete = (back: BackFromBank, userId?: string) =>
    api('POST', '/v1/connections', { provider, ...back }, userId);
  const set = (settings: Parameters<typeof setObuk>[2]) => setters[provider](system.controlUrl, token, settings);
  const books = () => accessBooks(system.controlUrl, kind, token);
  const expire = () => expireAccess(system.controlUrl, kind, token);
  const standingConsents = async () => (await books()).consents.filter(({ status }) => status === 'authorised');

  /** What is shown is what the bank holds. */
  async function expectHoldings(): Promise<void> {
    const { head, entries, standing } = await readJournal(system, connectionId);
    const holding = ofStandard(await holdsOf(system.controlUrl, token));
    // Without the account: a resource of the Berlin Group has another id in each consent.
    const without = (each: readonly string[]) => each.map((line) => line.replace(/^\S+ /, ''));
    expect(lineDifferences(without(standingLines(head, entries, '')), without(heldLines(holding, '')))).toEqual([]);
    expect(openAccounts(head)).toHaveLength(holding.accounts.filter(({ state }) => state === 'open').length);
    expect(standing.length).toBeGreaterThan(20);
  }

  it('is linked with its user, and imported', async () => {
    await publish(system.controlUrl, token, 0);
    const session = await begin();
    expect(session).toMatchObject({ status: 201, body: { provider, linkToken: expect.any(String) } });
    const back = await visitBank(session.body.authorizationUrl, { household, agrees: true });
    expect(back.state).toBe(session.body.linkToken);
    expect(await complete(back, 'bert')).toMatchObject({ status: 400, body: { code: 'LINK_UNKNOWN' } });
    const linked = await complete(back);
    expect(linked).toMatchObject({ status: 201, body: { how: 'new', connection: { provider, institutionId } } });
    connectionId = linked.body.connection.connectionId;
    await until('the first import is there', async () => (await stateOf(connectionId)).history === 'complete');
    const { head } = await readJournal(system, connectionId);
    expect(await books()).toEqual({
      consents: [{ id: head.itemId, status: 'authorised' }],
      liveAccessTokens: hasTokens ? 1 : 0,
      refreshes: 0,
      codesExchanged: hasTokens ? 1 : 0,
    });
    await expectHoldings();
    expect(await complete(back)).toMatchObject({
      status: 200,
      body: { how: 'repeated', connection: { connectionId } },
    });
  });

  it('is refreshed at the wish of its user', async () => {
    const before = await readJournal(system, connectionId);
    expect((await api('POST', `/v1/connections/${connectionId}/refresh`)).status).toBe(202);
    await until('it is read again', async () => {
      const { head } = await readJournal(system, connectionId);
      return (head.lastSync?.startedEpochMs ?? 0) > (before.head.lastSync?.startedEpochMs ?? 0);
    });
    await expectHoldings();
  });

  if (hasTokens) {
    it('has its access renewed once by two invocations that find it ended at the same time', async () => {
      for (const renewals of [1, 2]) {
        await expire();
        const both = await Promise.all([sync(connectionId), sync(connectionId)]);
        expect(both.map(({ outcome }) => outcome.kind)).toEqual(['committed', 'committed']);
        expect(await books()).toMatchObject({ refreshes: renewals, liveAccessTokens: 1 });
      }
    });

    it('has its access renewed before it ends', async () => {
      await set({ tokenSeconds: 10 });
      await expire();
      await sync(connectionId);
      const { refreshes } = await books();
      const unauthorised = await refusedCalls(system.controlUrl);
      await set({ tokenSeconds: 3_600 });
      await sync(connectionId);
      expect((await books()).refreshes).toBe(refreshes + 1);
      expect(await refusedCalls(system.controlUrl)).toBe(unauthorised);
    });

    it('goes on when its token endpoint is down for a moment', async () => {
      await expire();
      await plantFault(system.controlUrl, token, { kind: 'status', path: '/refresh', times: 1 });
      expect(await sync(connectionId)).toMatchObject({ outcome: { kind: 'committed' } });
      await clearFaults(system.controlUrl);
    });
  }

  it.each([
    ...(hasTokens ? [['takes its refresh token no more', { refresh: 'refused' }, 'consent-expired'] as const] : []),
    ['has the consent revoked by its user', { consent: 'revoked' }, revokedStatus[provider]],
    ['says that the consent has expired', { consent: 'expired' }, 'consent-expired'],
  ] as const)('that %s waits for its user, and the same connection goes on with another consent', async (...stop) => {
    const [, settings, status] = stop;
    const before = await readJournal(system, connectionId);
    await set(settings);
    await expire();
    expect(await sync(connectionId)).toMatchObject({ outcome: { kind: 'stopped', status } });
    expect(await stateOf(connectionId)).toMatchObject({ status, userAction: 're-consent' });

    await set({ refresh: 'granted' });
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
    expect(await standingConsents()).toEqual([{ id: head.itemId, status: 'authorised' }]);
  });

  it('is not a second connection for the same accounts', async () => {
    const session = await begin();
    const back = await visitBank(session.body.authorizationUrl, { household, agrees: true });
    expect(await complete(back)).toMatchObject({
      status: 200,
      body: { how: secondLink, connection: { connectionId } },
    });
    const { head } = await readJournal(system, connectionId);
    expect(await standingConsents()).toEqual([{ id: head.itemId, status: 'authorised' }]);
  });

  it('whose user refuses is not linked, and nothing is left of it', async () => {
    const session = await begin();
    const back = await visitBank(session.body.authorizationUrl, { household, agrees: false });
    expect(back).toMatchObject({ error: 'access_denied' });
    expect(await complete(back)).toMatchObject({ status: 400, body: { code: 'ACCESS_NOT_GIVEN' } });
    expect(await complete(back)).toMatchObject({ status: 400, body: { code: 'LINK_UNKNOWN' } });
  });

  it('is removed at the bank first, and then here', async () => {
    expect((await api('DELETE', `/v1/connections/${connectionId}`)).status).toBe(204);
    expect(await standingConsents()).toEqual([]);
    expect(await books()).toMatchObject({ liveAccessTokens: 0 });
    expect((await api('GET', '/v1/connections')).body).toEqual({ connections: [], unreadable: [] });
    const left = [];
    for await (const { pk, sk } of system.table.scan({ ...within(), fresh: true }))
      if (pk.includes(connectionId) || sk.includes(connectionId)) left.push([pk, sk]);
    expect(left).toEqual([]);
  });
});

describe('a user who comes back from a bank without a code', () => {
  const link = { provider: 'berlin-group', institutionId: 'berlin-redirect' };
  const household = 'household-of-nobody';
  const complete = (back: object) => api('POST', '/v1/connections', { provider: link.provider, ...back });

  it('has agreed when the bank says so, and not before', async () => {
    const { authorizationUrl, linkToken: state } = (await api('POST', '/v1/link-tokens', link)).body;
    expect(await complete({ state })).toMatchObject({ status: 409, body: { code: 'ACCESS_PENDING' } });
    expect(await visitBank(authorizationUrl, { household, agrees: true })).toEqual({ state });
    const linked = await complete({ state });
    expect(linked).toMatchObject({ status: 201, body: { how: 'new' } });
    expect((await api('DELETE', `/v1/connections/${linked.body.connection.connectionId}`)).status).toBe(204);
  });

  it('has not agreed where the bank says otherwise, whatever came back', async () => {
    const { authorizationUrl, linkToken: state } = (await api('POST', '/v1/link-tokens', link)).body;
    await visitBank(authorizationUrl, { household, agrees: false });
    expect(await complete({ state })).toMatchObject({ status: 400, body: { code: 'ACCESS_NOT_GIVEN' } });
    expect(await complete({ state })).toMatchObject({ status: 400, body: { code: 'LINK_UNKNOWN' } });
  });
});

it.each(['openbanking-uk', 'berlin-group'])('a bank of %s that is not here is not linked', async (provider) => {
  for (const body of [{ provider, institutionId: 'bank-v9' }, { provider }])
    expect(await api('POST', '/v1/link-tokens', body)).toMatchObject({
      status: 400,
      body: { code: 'INSTITUTION_UNKNOWN' },
    });
  const back = { provider, state: 'x'.repeat(43), code: 'code-1' };
  expect(await api('POST', '/v1/connections', back)).toMatchObject({ body: { code: 'LINK_UNKNOWN' } });
});

it('no token, code or household is in any line of a log', () => {
  const text = lines.join('\n');
  expect(text.length).toBeGreaterThan(10_000);
  expect(text).not.toMatch(/(?:access|refresh|code|client)-[\w-]{32}|household-of|eyJ/);
});

it('leaves every hash whole', async () => {
  await expectCleanAudit(system);
});
