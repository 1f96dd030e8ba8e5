import { createDeadline } from '@quartersec/sla';
import { beforeEach, describe, expect, it } from 'vitest';
import type { BegunAuthorisation, ConsentCalls } from '../../consent/consent-calls.ts';
import { readTokenSet, writeTokenSet } from '../../consent/token-set.ts';
import { ProviderError } from '../../provider-error.ts';
import {
  baseUrl,
  type ConsentBank,
  clientId,
  createConsentBank,
  issuer,
  nowEpochMs,
  redirectUri,
} from '../../testing/consent-bank.ts';
import { createObukConsentCalls } from './calls.ts';
import { type ClientKey, readClientKey } from './client-key.ts';

const deadline = createDeadline(600_000, () => performance.now());
const limits = { attemptTimeoutMs: 60_000, deadline };
const tokens = { consentId: 'aac-1', accessToken: 'access-1', expiresEpochMs: 1, refreshToken: 'refresh-1' };
const consents = '/open-banking/v3.1/aisp/account-access-consents';
let bank: ConsentBank;
let calls: ConsentCalls;

function callsOf(of: ConsentBank): ConsentCalls {
  let ids = 0;
  const key = readClientKey(of.clientKey) as ClientKey;
  const edge = { nowEpochMs, newId: () => `id-${++ids}`, sleep: async () => {}, random: () => 0 };
  return createObukConsentCalls({ issuer, baseUrl, clientId, redirectUri, key, http: of.http, ...edge });
}

beforeEach(async () => {
  bank = await createConsentBank();
  calls = callsOf(bank);
});

const failureOf = async (call: Promise<unknown>): Promise<ProviderError> => {
  const error = await call.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ProviderError);
  expect(String(error)).not.toMatch(/access-\d|refresh-\d|client-token|code-1|eyJ/);
  return error as ProviderError;
};

async function begun(): Promise<BegunAuthorisation> {
  const authorisation = await calls.begin({}, deadline);
  await bank.readRequest(authorisation.authorizationUrl);
  return authorisation;
}
const exchange = async (of: BegunAuthorisation, iss: string | undefined = issuer) =>
  calls.exchange({ state: of.state, code: 'code-1', ...(iss !== '' && { iss }) }, of);

describe('a consent that is begun', () => {
  it.each(['PS256', 'ES256'] as const)('is asked for with a request object that is signed with %s', async (alg) => {
    bank = await createConsentBank(alg);
    calls = callsOf(bank);
    const { authorizationUrl, state, nonce, consentId, urlExpiresEpochMs } = await begun();
    expect(authorizationUrl).toMatch(/^https:\/\/auth\.bank\.example\/authorize\?/);
    expect(await bank.readRequest(authorizationUrl)).toMatchObject({
      iss: clientId,
      aud: issuer,
      client_id: clientId,
      response_type: 'code',
      scope: 'openid accounts',
      redirect_uri: redirectUri,
      state,
      nonce,
      code_challenge_method: 'S256',
      claims: { id_token: { openbanking_intent_id: { value: 'aac-1', essential: true } } },
    });
    expect(consentId).toBe('aac-1');
    expect(urlExpiresEpochMs).toBeGreaterThan(nowEpochMs() + 500_000);
  });

  it('is pushed where the bank takes no other request', async () => {
    bank.usesPar = true;
    const { authorizationUrl } = await begun();
    expect(Object.fromEntries(new URL(authorizationUrl).searchParams)).toEqual({
      client_id: clientId,
      request_uri: 'urn:request:1',
    });
    expect(bank.asked).toMatchObject({ redirect_uri: redirectUri });
  });

  it('asks for what the connector reads, until the day that is wished', async () => {
    await calls.begin(
      { expiresEpochMs: Date.UTC(2030, 0, 2), transactionsFromEpochMs: Date.UTC(2029, 0, 2) },
      deadline,
    );
    const sent = bank.calls.find(({ place }) => place === `POST ${consents}`);
    expect(JSON.parse([...(sent?.form.keys() ?? [])].join(''))).toMatchObject({
      Data: {
        Permissions: expect.arrayContaining(['ReadAccountsDetail', 'ReadBalances', 'ReadTransactionsDebits']),
      },
      Risk: {},
    });
    expect(sent?.headers).toMatchObject({ authorization: 'Bearer client-token', connection: 'close' });
  });

  it.each([
    [401, 'CONFIGURATION_REFUSED'],
    [403, 'CONFIGURATION_REFUSED'],
    [503, 'SERVER_ERROR'],
    [429, 'THROTTLED'],
  ])('that the bank answers with %i is %s', async (status, code) => {
    bank.instead.set(`POST ${consents}`, { status, text: null });
    expect((await failureOf(calls.begin({}, deadline))).code).toBe(code);
  });

  it.each(['{"Data":{}}', 'no JSON'])('whose response is %s is not believed', async (text) => {
    bank.instead.set(`POST ${consents}`, { text });
    expect((await failureOf(calls.begin({}, deadline))).code).toBe('PAGE_INVALID');
  });

  it('asks the bank for its endpoints again after they could not be read', async () => {
    bank.instead.set('GET /.well-known/openid-configuration', { status: 503, text: null });
    expect((await failureOf(calls.begin({}, deadline))).code).toBe('SERVER_ERROR');
    bank.instead.clear();
    expect((await begun()).consentId).toBe('aac-1');
  });
});

describe('a code that is exchanged', () => {
  it('gives the tokens of its consent', async () => {
    const made = await exchange(await begun());
    expect(made).toMatchObject({ outcome: 'granted', tokens: { ...tokens, expiresEpochMs: expect.any(Number) } });
    const sent = bank.calls.find(({ form }) => form.get('grant_type') === 'authorization_code');
    expect(Object.fromEntries(sent?.form ?? [])).toMatchObject({ code: 'code-1', redirect_uri: redirectUri });
  });

  it.each([
    ['of another nonce', { nonce: 'another' }],
    ['of another consent', { openbanking_intent_id: 'aac-2' }],
    ['for another client', { aud: 'client-2' }],
    ['of another issuer', { iss: 'https://auth.elsewhere.example' }],
    ['that is over', { exp: 1_000 }],
  ])('gives nothing with an id_token %s', async (_what, claims) => {
    const authorisation = await begun();
    bank.claims = claims;
    expect(await exchange(authorisation)).toMatchObject({ outcome: 'refused' });
  });

  it('gives nothing with an id_token that the bank has not signed', async () => {
    bank.isForged = true;
    expect(await exchange(await begun())).toMatchObject({ outcome: 'refused', error: { code: 'PAGE_INVALID' } });
  });

  it.each(['', 'https://auth.elsewhere.example'])('is not sent where the redirect came from %j', async (iss) => {
    expect(await exchange(await begun(), iss)).toMatchObject({ outcome: 'refused' });
    expect(bank.calls.some(({ form }) => form.get('grant_type') === 'authorization_code')).toBe(false);
  });

  it.each([
    [{ status: 400, text: '{"error":"invalid_grant"}' }, 'refused', 'CONSENT_EXPIRED'],
    [{ status: 401, text: '{"error":"invalid_client"}' }, 'refused', 'CONFIGURATION_REFUSED'],
    [{ status: 400, text: '{"error":"invalid_request"}' }, 'refused', 'REQUEST_REJECTED'],
    [{ status: 503, text: null }, 'unknown', 'SERVER_ERROR'],
    [{ text: '{' }, 'unknown', 'BODY_UNREADABLE'],
  ] as const)('with the answer %j is %s', async (answer, outcome, code) => {
    bank.instead.set('POST /token authorization_code', answer);
    expect(await exchange(await begun())).toMatchObject({ outcome, error: { code } });
  });
});

describe('an access that is renewed', () => {
  it('has another token, and the refresh token that the bank gives with it', async () => {
    expect(await calls.refresh(tokens, limits)).toMatchObject({ accessToken: 'access-2', refreshToken: 'refresh-2' });
  });

  it('keeps its refresh token where the bank gives no other', async () => {
    const text = '{"access_token":"access-3","token_type":"Bearer"}';
    bank.instead.set('POST /token refresh_token', { text });
    const renewed = await calls.refresh(tokens, limits);
    expect(renewed).toMatchObject({ accessToken: 'access-3', refreshToken: 'refresh-1' });
    expect(renewed.expiresEpochMs - nowEpochMs()).toBeLessThanOrEqual(300_000);
  });

  it('is over where the bank takes its token no more, or there is none', async () => {
    bank.instead.set('POST /token refresh_token', { status: 400, text: '{"error":"invalid_grant"}' });
    expect((await failureOf(calls.refresh(tokens, limits))).code).toBe('CONSENT_EXPIRED');
    const { refreshToken: _, ...without } = tokens;
    expect((await failureOf(calls.refresh(without, limits))).code).toBe('CONSENT_EXPIRED');
  });

  it('is tried again after what passes', async () => {
    bank.instead.set('POST /token refresh_token', { status: 400, text: '{"error":"temporarily_unavailable"}' });
    expect((await failureOf(calls.refresh(tokens, limits))).outcome).toBe('soon');
  });
});

describe('a consent at the bank', () => {
  it.each([
    ['Authorised', 'authorised'],
    ['AUTH', 'authorised'],
    ['AWAU', 'awaiting'],
    ['Revoked', 'ended'],
  ])('of the status %s is %s', async (Status, status) => {
    const text = JSON.stringify({ Data: { ConsentId: 'aac-1', Status } });
    bank.instead.set(`GET ${consents}/aac-1`, { text });
    expect(await calls.readConsent('aac-1', deadline)).toEqual({ status });
  });

  it('says when it ends', async () => {
    const state = await calls.readConsent('aac-1', deadline);
    expect(state).toEqual({ status: 'authorised', expiresEpochMs: Date.UTC(2030, 0, 1) });
  });

  it('is deleted, or gone already', async () => {
    expect(await calls.deleteConsent('aac-1', deadline)).toBe('deleted');
    const text = '{"Errors":[{"ErrorCode":"UK.OBIE.Resource.NotFound","Message":"none"}]}';
    bank.instead.set(`DELETE ${consents}/aac-1`, { status: 400, text });
    expect(await calls.deleteConsent('aac-1', deadline)).toBe('gone');
    bank.instead.set(`DELETE ${consents}/aac-1`, { status: 404, text: null });
    expect(await calls.deleteConsent('aac-1', deadline)).toBe('gone');
    bank.instead.set(`DELETE ${consents}/aac-1`, { status: 500, text: null });
    expect((await failureOf(calls.deleteConsent('aac-1', deadline))).code).toBe('SERVER_ERROR');
  });
});

describe('a set of tokens', () => {
  it('is read as it was written, and is never taken for a bare token', () => {
    expect(readTokenSet(writeTokenSet(tokens))).toEqual(tokens);
    const { refreshToken: _, ...without } = tokens;
    expect(readTokenSet(writeTokenSet(without))).toEqual(without);
    expect(readTokenSet('obuk-sandbox-0')).toBeUndefined();
    expect(readTokenSet('{"accessToken":"a"}')).toBeUndefined();
  });
});
