/** Events that a bank of the UK tells by itself: forged ones are refused at the URL, genuine ones end at the connection that they are about. */
import { queueNames, type System, visitBank } from '@quartersec/sandbox-system';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readJournal, startJourneySystem, until } from './journey.ts';
import { setObuk } from './provider-control.ts';
import { callApi } from './testing/call-api.ts';

let system: System;
const lines: string[] = [];

beforeAll(async () => {
  const onLog = (name: string, line: string) => void (name === 'webhook' && lines.push(line));
  system = await startJourneySystem({ connections: 1, dax: false, webhooks: true, onLog });
});
afterAll(() => system?.close());

/** As it comes to the app: the households of links come after those of connections that are there from the start. */
const household = (index: number) => `obuk-sandbox-${1 + index}`;

async function link(institutionId: string, household = institutionId): Promise<string> {
  const provider = 'openbanking-uk';
  const session = await callApi(system, 'POST', '/v1/link-tokens', { provider, institutionId });
  const back = await visitBank(session.body.authorizationUrl, { household, agrees: true });
  const linked = await callApi(system, 'POST', '/v1/connections', { provider, ...back });
  const { connectionId } = linked.body.connection;
  await until('the first import is there', async () => (await stateOf(connectionId)).history === 'complete');
  return connectionId;
}

const stateOf = async (id: string) => (await callApi(system, 'GET', `/v1/connections/${id}`)).body;

async function signed(token: string, kind: string, claims: object = {}): Promise<string> {
  const response = await fetch(`${system.controlUrl}/open-banking/${token}/events`, {
    method: 'POST',
    body: JSON.stringify({ kind, claims, deliver: false }),
  });
  const { tokens } = (await response.json()) as { readonly tokens: readonly string[] };
  return tokens[0] ?? '';
}

async function post(body: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${system.apiUrl}/webhooks/openbanking-uk`, {
    method: 'POST',
    headers: { 'content-type': 'application/jwt', ...headers },
    body,
  });
  const echoed = response.headers.get('x-fapi-interaction-id');
  return { status: response.status, code: ((await response.json()) as { code: string }).code, echoed };
}

const update = 'account-access-consent-linked-account-update';
const seconds = () => Math.floor(Date.now() / 1_000);

describe.each(['obuk-v3.1', 'obuk-v4.0'])('an event of %s', (institutionId) => {
  const token = household(['obuk-v3.1', 'obuk-v4.0'].indexOf(institutionId));
  let connectionId: string;

  it('about a consent makes its connection be read, with its account list', async () => {
    connectionId = await link(institutionId);
    const { head } = await readJournal(system, connectionId);
    expect(await post(await signed(token, update), { 'x-fapi-interaction-id': 'id-1' })).toEqual({
      status: 202,
      code: 'QUEUED',
      echoed: 'id-1',
    });
    await until('it is read', async () => {
      const now = await readJournal(system, connectionId);
      return (now.head.accountsReadEpochMs ?? 0) > (head.accountsReadEpochMs ?? 0);
    });
  });

  it('that comes again is taken, and does nothing', async () => {
    const event = await signed(token, update);
    expect(await post(event)).toMatchObject({ status: 202, code: 'QUEUED' });
    expect(await post(event)).toMatchObject({ status: 202, code: 'REPEATED' });
  });

  it('that is not its, not of now or not for us is refused', async () => {
    const good = await signed(token, update);
    const [header, claims, signature = ''] = good.split('.');
    const none = Buffer.from('{"alg":"none","kid":"a"}').toString('base64url');
    const other = await signed(token, update, { jti: 'other' });
    for (const [body, code] of [
      ['', 'TOKEN_MISSING'],
      ['{"events":{}}', 'TOKEN_MALFORMED'],
      [`${none}.${claims}.${signature}`, 'ALGORITHM_REFUSED'],
      [`${header}.${other.split('.')[1]}.${signature}`, 'SIGNATURE_INVALID'],
      [await signed(token, update, { iat: seconds() - 90_000 }), 'TOO_OLD'],
      [await signed(token, update, { iat: seconds() + 300 }), 'FROM_THE_FUTURE'],
      [await signed(token, update, { aud: 'another client' }), 'AUDIENCE_OTHER'],
      [await signed(token, update, { iss: 'https://stranger.example' }), 'ISSUER_UNKNOWN'],
    ] as const)
      expect(await post(body)).toMatchObject({ status: 401, code });
    expect(await post('x'.repeat(10_000_000))).toMatchObject({ status: 413 });
  });

  it('about a consent that its user takes back at the bank ends the connection, without anybody asking', async () => {
    await setObuk(system.controlUrl, token, { consent: 'revoked' });
    await until(
      'the connection waits for its user',
      async () => (await stateOf(connectionId)).status === 'consent-expired',
    );
    expect(lines.join('')).toContain('consent-authorization-revoked');
  });
});

describe('events that a bank keeps until it is asked', () => {
  const token = household(2);
  const kept = async () =>
    (await (await fetch(`${system.controlUrl}/bank-events`)).json()) as { kept: number; errors: object };
  const listen = (url: string | null) =>
    fetch(`${system.controlUrl}/bank-events`, { method: 'POST', body: JSON.stringify({ url }) });
  const tell = (kind: string, claims: object = {}) =>
    fetch(`${system.controlUrl}/open-banking/${token}/events`, {
      method: 'POST',
      body: JSON.stringify({ kind, claims }),
    });
  const tick = () => system.host.queues.send(queueNames.sync, JSON.stringify({ type: 'ScheduleDue' }), {});

  it('are asked for with the schedule, acted on, and then acknowledged; what is not for us is said so', async () => {
    await listen(null);
    const connectionId = await link('obuk-v3.1', 'polled');
    tick();
    await until('what was told before is acknowledged', async () => (await kept()).kept === 0);
    const { head } = await readJournal(system, connectionId);
    await tell(update);
    await tell(update, { aud: 'another client' });
    expect((await kept()).kept).toBe(2);
    tick();
    await until('it is read', async () => {
      const now = await readJournal(system, connectionId);
      return (now.head.accountsReadEpochMs ?? 0) > (head.accountsReadEpochMs ?? 0);
    });
    await until('both are settled', async () => (await kept()).kept === 0);
    expect((await kept()).errors).toMatchObject({ invalid_audience: 1 });
    await setObuk(system.controlUrl, token, { consent: 'revoked' });
    tick();
    await until('the connection waits', async () => (await stateOf(connectionId)).status === 'consent-expired');
  });
});
