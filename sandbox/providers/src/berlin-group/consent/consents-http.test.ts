import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Providers, startProviders } from '../../server.ts';
import { control, send } from '../../test-client.ts';
import { faultsOf } from '../testing/published-schemas.ts';

const startEpochMs = Date.UTC(2026, 10, 27, 18);
const redirectUri = 'https://app.example/back';
const redirectBank = '/berlin-group/psd2/v1';
const oauthBank = '/berlin-group/oauth/psd2/v1';
const auth = '/berlin-group-auth';
const household = 'anna';
const verifier = 'v'.repeat(43);
let providers: Providers;
let nowEpochMs: number;
let ids = 0;

beforeAll(async () => {
  providers = await startProviders({
    ...{ seed: 7, connections: 4, linkFrom: 2, published: 0, latency: { medianMs: 0, p99Ms: 0 } },
    openBankingClient: { clientId: 'client-1', keys: [], redirectUris: [redirectUri] },
    nowEpochMs: () => nowEpochMs,
  });
});
afterAll(() => providers.close());
beforeEach(() => {
  nowEpochMs = startEpochMs;
});

type Json = Readonly<Record<string, unknown>>;
interface Created {
  readonly consentId: string;
  readonly _links: Readonly<Record<string, { readonly href: string }>>;
}

const newId = () => `00000000-0000-4000-9000-${String(++ids).padStart(12, '0')}`;
const call = (method: string, path: string, body = '', headers: Record<string, string> = {}) =>
  send(method, providers.url + path, body, { 'x-request-id': newId(), ...headers });
const all = { allPsd2: 'allAccounts' };
const chosen = { accounts: [], balances: [], transactions: [] };
const asked = {
  access: all as object,
  recurringIndicator: true,
  validUntil: '2027-01-31',
  frequencyPerDay: 4,
  combinedServiceIndicator: false,
};
const asking = {
  'psu-ip-address': '192.0.2.1',
  'tpp-redirect-uri': `${redirectUri}?state=s`,
  'tpp-nok-redirect-uri': `${redirectUri}?state=s&error=access_denied`,
};
const ask = (bank: string, body: object = asked, headers: Record<string, string> = asking) =>
  call('POST', `${bank}/consents`, JSON.stringify(body), headers);
const created = async (bank: string, body: object = asked) => JSON.parse((await ask(bank, body)).text) as Created;
const codeOf = ({ text }: { readonly text: string }) =>
  (JSON.parse(text) as { tppMessages: readonly { code: string }[] }).tppMessages[0]?.code;
const statusOf = async (bank: string, id: string) => {
  const body = JSON.parse((await call('GET', `${bank}/consents/${id}/status`)).text) as Json;
  expect(faultsOf('consentStatusResponse-200', body)).toEqual([]);
  return body.consentStatus;
};
const books = async () => (await control(providers, 'GET', '/berlin-group/berlin-sandbox-2/access')).json;

/** @returns where the household is sent back to, or what the page says instead */
async function decide(address: string, decision: 'approve' | 'refuse', as = household): Promise<string> {
  const page = await fetch(address);
  const [, request = ''] = /name="request" value="([^"]+)"/.exec(await page.text()) ?? [];
  const body = new URLSearchParams({ request, household: as, decision });
  const decided = await fetch(`${providers.url}${auth}/decision`, { method: 'POST', body, redirect: 'manual' });
  return decided.headers.get('location') ?? (await decided.text());
}

async function agreed(): Promise<string> {
  const { consentId, _links } = await created(redirectBank);
  await decide(_links.scaRedirect?.href ?? '', 'approve');
  return consentId;
}

describe('a consent of the redirect approach', () => {
  it('is made, agreed to on the page and valid, in the words of the published file', async () => {
    const answer = await ask(redirectBank);
    const body = JSON.parse(answer.text) as Created;
    expect(answer.status).toBe(201);
    expect(faultsOf('consents', asked)).toEqual([]);
    expect(faultsOf('consentsResponse-201', body)).toEqual([]);
    expect(await statusOf(redirectBank, body.consentId)).toBe('received');
    expect(await decide(body._links.scaRedirect?.href ?? '', 'approve')).toBe(`${redirectUri}?state=s`);
    expect(await statusOf(redirectBank, body.consentId)).toBe('valid');
    const information = JSON.parse((await call('GET', `${redirectBank}/consents/${body.consentId}`)).text) as Json;
    expect(faultsOf('consentInformationResponse-200_json', information)).toEqual([]);
    expect(information).toMatchObject({ validUntil: '2027-01-31', access: all, consentStatus: 'valid' });
  });

  it('is rejected by a household that refuses, and opens nothing', async () => {
    const { consentId, _links } = await created(redirectBank);
    expect(await decide(_links.scaRedirect?.href ?? '', 'refuse')).toBe(`${redirectUri}?state=s&error=access_denied`);
    expect(await statusOf(redirectBank, consentId)).toBe('rejected');
    expect(codeOf(await call('GET', `${redirectBank}/accounts`, '', { 'consent-id': consentId }))).toBe(
      'CONSENT_INVALID',
    );
    expect(await decide(_links.scaRedirect?.href ?? '', 'approve')).toContain('too old');
  });

  it('has resource ids of its own, and ends with the next one of its household', async () => {
    const ids: { readonly resourceId: string }[] = [];
    const consents = [await agreed(), await agreed()];
    for (const id of consents.toReversed()) {
      const answer = await call('GET', `${redirectBank}/accounts`, '', { 'consent-id': id });
      if (answer.status !== 200) expect([answer.status, codeOf(answer)]).toEqual([401, 'CONSENT_EXPIRED']);
      else ids.push(...(JSON.parse(answer.text) as { accounts: { resourceId: string }[] }).accounts);
    }
    expect(ids.length).toBeGreaterThan(1);
    const another = await agreed();
    const list = await call('GET', `${redirectBank}/accounts`, '', { 'consent-id': another });
    const others = (JSON.parse(list.text) as { accounts: { resourceId: string; iban: string }[] }).accounts;
    const of = (resources: readonly { resourceId: string }[]) => resources.map(({ resourceId }) => resourceId);
    expect(of(others).filter((id) => of(ids).includes(id))).toEqual([]);
    expect(await statusOf(redirectBank, consents[1] ?? '')).toBe('expired');
    const [first] = others;
    const report = await call('GET', `${redirectBank}/accounts/${first?.resourceId}/balances`, '', {
      'consent-id': another,
    });
    expect(report.status).toBe(200);
  });

  it('expires with its last day, which is 180 days away at the most', async () => {
    const { consentId, _links } = await created(redirectBank, { ...asked, validUntil: '9999-12-31' });
    await decide(_links.scaRedirect?.href ?? '', 'approve');
    const information = JSON.parse((await call('GET', `${redirectBank}/consents/${consentId}`)).text) as Json;
    expect(information.validUntil).toBe('2027-05-26');
    nowEpochMs = Date.UTC(2027, 4, 26, 23);
    expect(await statusOf(redirectBank, consentId)).toBe('valid');
    nowEpochMs = Date.UTC(2027, 4, 27);
    expect(await statusOf(redirectBank, consentId)).toBe('expired');
    expect(codeOf(await call('GET', `${redirectBank}/accounts`, '', { 'consent-id': consentId }))).toBe(
      'CONSENT_EXPIRED',
    );
  });

  it('is taken back by the household, or ended by who asked for it', async () => {
    const taken = await agreed();
    await control(providers, 'POST', '/berlin-group/berlin-sandbox-2', { consent: 'revoked' });
    expect(await statusOf(redirectBank, taken)).toBe('revokedByPsu');
    const ended = await agreed();
    expect((await call('DELETE', `${redirectBank}/consents/${ended}`)).status).toBe(204);
    expect(await statusOf(redirectBank, ended)).toBe('terminatedByTpp');
    for (const id of [taken, ended])
      expect(codeOf(await call('GET', `${redirectBank}/accounts`, '', { 'consent-id': id }))).toBe('CONSENT_INVALID');
    expect(await books()).toMatchObject({
      consents: expect.arrayContaining([
        { id: taken, status: 'revoked' },
        { id: ended, status: 'terminated' },
      ]),
    });
  });

  it('has a quota of its own', async () => {
    await control(providers, 'POST', '/berlin-group/berlin-sandbox-2', { callsPerDay: 1 });
    const statuses: number[] = [];
    for (let consents = 0; consents < 2; consents += 1) {
      const id = await agreed();
      for (let time = 0; time < 2; time += 1)
        statuses.push((await call('GET', `${redirectBank}/accounts`, '', { 'consent-id': id })).status);
    }
    await control(providers, 'POST', '/berlin-group/berlin-sandbox-2', { callsPerDay: null });
    expect(statuses).toEqual([200, 429, 200, 429]);
  });

  it.each([
    ['a one-off access', { ...asked, recurringIndicator: false }, asking, 'FORMAT_ERROR'],
    ['five calls a day', { ...asked, frequencyPerDay: 5 }, asking, 'FORMAT_ERROR'],
    ['no access', { ...asked, access: {} }, asking, 'FORMAT_ERROR'],
    ['a day that is past', { ...asked, validUntil: '2026-11-26' }, asking, 'PERIOD_INVALID'],
    ['nobody at the other end', asked, { ...asking, 'psu-ip-address': '' }, 'FORMAT_ERROR'],
    [
      'a way back to somebody else',
      asked,
      { ...asking, 'tpp-redirect-uri': 'https://elsewhere.example/back' },
      'FORMAT_ERROR',
    ],
  ])('is not made for %s', async (_what, body, headers, code) => {
    const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''));
    const answer = await ask(redirectBank, body, given);
    expect([answer.status, codeOf(answer)]).toEqual([400, code]);
  });
});

describe('a consent of the OAuth approach', () => {
  const token = (form: Readonly<Record<string, string>>) =>
    send('POST', `${providers.url}${auth}/token`, new URLSearchParams({ client_id: 'client-1', ...form }).toString(), {
      'content-type': 'application/x-www-form-urlencoded',
    });
  const authorisation = (consentId: string, more: Readonly<Record<string, string>> = {}) =>
    `${providers.url}${auth}/authorize?${new URLSearchParams({
      response_type: 'code',
      client_id: 'client-1',
      scope: `AIS:${consentId}`,
      redirect_uri: redirectUri,
      state: 's',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...more,
    })}`;
  const exchange = (code: string, more = {}) =>
    token({ grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier, ...more });

  it('leads to a code, and that to tokens, without which it opens nothing', async () => {
    expect(codeOf(await ask(oauthBank))).toBe('SERVICE_INVALID');
    const { consentId, _links } = await created(oauthBank, { ...asked, access: chosen });
    expect(faultsOf('consents', { ...asked, access: chosen })).toEqual([]);
    const metadata = JSON.parse((await send('GET', _links.scaOAuth?.href ?? '', '')).text) as Json;
    expect(metadata).toMatchObject({
      issuer: `${providers.url}${auth}`,
      token_endpoint: `${providers.url}${auth}/token`,
    });
    const back = new URL(await decide(authorisation(consentId), 'approve'));
    expect(back.searchParams.get('state')).toBe('s');
    expect(back.searchParams.get('iss')).toBe(`${providers.url}${auth}`);
    const code = back.searchParams.get('code') ?? '';
    const given = JSON.parse((await exchange(code)).text) as { access_token: string; refresh_token: string };
    const read = async (headers: Record<string, string>) =>
      call('GET', `${oauthBank}/accounts`, '', { 'consent-id': consentId, ...headers });
    expect(codeOf(await read({}))).toBe('TOKEN_UNKNOWN');
    expect((await read({ authorization: `Bearer ${given.access_token}` })).status).toBe(200);
    await control(providers, 'POST', '/berlin-group/berlin-sandbox-2/expire-access', {});
    expect(codeOf(await read({ authorization: `Bearer ${given.access_token}` }))).toBe('TOKEN_EXPIRED');
    const refreshed = await token({ grant_type: 'refresh_token', refresh_token: given.refresh_token });
    const renewed = JSON.parse(refreshed.text) as { access_token: string };
    expect((await read({ authorization: `Bearer ${renewed.access_token}` })).status).toBe(200);
    // Used again, the old one ends all that came of it.
    expect((await token({ grant_type: 'refresh_token', refresh_token: given.refresh_token })).status).toBe(400);
    expect(codeOf(await read({ authorization: `Bearer ${renewed.access_token}` }))).toBe('TOKEN_EXPIRED');
  });

  it('gives no tokens for another verifier, another client or a refusal', async () => {
    const consent = async () => (await created(oauthBank, { ...asked, access: chosen })).consentId;
    const codeFor = async () =>
      new URL(await decide(authorisation(await consent()), 'approve')).searchParams.get('code') ?? '';
    expect((await exchange(await codeFor(), { code_verifier: 'w'.repeat(43) })).status).toBe(400);
    expect((await exchange(await codeFor(), { client_id: 'client-2' })).status).toBe(401);
    const refused = new URL(await decide(authorisation(await consent()), 'refuse'));
    expect(refused.searchParams.get('error')).toBe('access_denied');
    for (const wrong of [
      { client_id: 'client-2' },
      { redirect_uri: 'https://elsewhere.example' },
      { scope: 'AIS:none' },
      { code_challenge: '' },
    ])
      expect((await fetch(authorisation(await consent(), wrong))).status).toBe(400);
  });
});
