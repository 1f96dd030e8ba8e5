import { createDeadline } from '@quartersec/sla';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ConsentCalls } from '../../consent/consent-calls.ts';
import { readTokenSet, secretOf, writeTokenSet } from '../../consent/token-set.ts';
import type { HttpAnswer, HttpCall } from '../../http-client.ts';
import { ProviderError } from '../../provider-error.ts';
import { createBerlinConsentCalls } from './calls.ts';

const deadline = createDeadline(600_000, () => performance.now());
const limits = { attemptTimeoutMs: 60_000, deadline };
const nowEpochMs = () => Date.UTC(2026, 10, 27);
const issuer = 'https://auth.bank.example';
const metadataUrl = `${issuer}/.well-known/oauth-authorization-server`;
const consents = '/psd2/v1/consents';
const redirect = { scaRedirect: { href: 'https://bank.example/agree?consent=c-1' } };
const viaOauth = { scaOAuth: { href: metadataUrl } };
const tppError = (code: string) => JSON.stringify({ tppMessages: [{ category: 'ERROR', code, text: 'no' }] });

let sent: HttpCall[];
let answers: Map<string, Partial<HttpAnswer>[]>;
let calls: ConsentCalls;

const json = (body: unknown, status = 200): Partial<HttpAnswer> => ({
  status,
  text: body === undefined ? null : JSON.stringify(body),
});
/** The last of several answers stays. */
const answer = (place: string, ...given: Partial<HttpAnswer>[]) => void answers.set(place, given);
const created = (links: object) => json({ consentStatus: 'received', consentId: 'c-1', _links: links }, 201);
const of = (place: string) =>
  sent.filter(({ method, url }) => `${method} ${new URL(url).pathname}` === place || url === place);
const bodyOf = (call: HttpCall | undefined) => JSON.parse(call?.body ?? 'null') as unknown;

function callsWith(registration?: { readonly issuer: string; readonly clientId: string }): ConsentCalls {
  let ids = 0;
  const edge = { nowEpochMs, newId: () => `id-${++ids}`, newState: () => 'state-1', sleep: async () => {} };
  return createBerlinConsentCalls({
    ...{
      ...edge,
      random: () => 0,
      baseUrl: 'https://api.bank.example/psd2/v1/',
      redirectUri: 'https://app.example/back?a=b',
    },
    ...(registration !== undefined && { registration }),
    http: {
      async send(call) {
        sent.push(call);
        const given = answers.get(`${call.method} ${new URL(call.url).pathname}`) ?? [json(undefined, 404)];
        const next = given.length > 1 ? given.shift() : given[0];
        const headers = { 'content-type': 'application/json' };
        return { status: 200, text: null, retryAfterMs: undefined, headers, ...next };
      },
      close: () => {},
    },
  });
}

beforeEach(() => {
  sent = [];
  answers = new Map();
  calls = callsWith({ issuer, clientId: 'PSDDE-1' });
  answer(`POST ${consents}`, created(redirect));
  answer(
    'GET /.well-known/oauth-authorization-server',
    json({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
    }),
  );
  answer(
    'POST /token',
    json({ access_token: 'access-1', token_type: 'Bearer', expires_in: 600, refresh_token: 'r-1' }),
  );
});

const failureOf = async (call: Promise<unknown>): Promise<ProviderError> => {
  const error = await call.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ProviderError);
  expect(String(error)).not.toMatch(/access-1|r-1|code-1/);
  return error as ProviderError;
};

describe('a consent that is begun', () => {
  it('asks for all accounts, four times a day, until the wished day', async () => {
    const begun = await calls.begin({ expiresEpochMs: Date.UTC(2027, 4, 26, 8), userIpAddress: '192.0.2.7' }, deadline);
    expect(begun).toEqual({
      consentId: 'c-1',
      state: 'state-1',
      authorizationUrl: 'https://bank.example/agree?consent=c-1',
      urlExpiresEpochMs: nowEpochMs() + 600_000,
    });
    const [call] = of(`POST ${consents}`);
    expect(bodyOf(call)).toEqual({
      access: { allPsd2: 'allAccounts' },
      recurringIndicator: true,
      validUntil: '2027-05-26',
      frequencyPerDay: 4,
      combinedServiceIndicator: false,
    });
    expect(call?.headers).toEqual({
      accept: 'application/json',
      'content-type': 'application/json',
      connection: 'close',
      'x-request-id': 'id-1',
      'psu-ip-address': '192.0.2.7',
      'tpp-redirect-preferred': 'true',
      'tpp-redirect-uri': 'https://app.example/back?a=b&state=state-1',
      'tpp-nok-redirect-uri': 'https://app.example/back?a=b&state=state-1&error=access_denied',
    });
  });

  it('has no end but the one that the bank gives, where none is wished', async () => {
    await calls.begin({}, deadline);
    expect(bodyOf(sent[0])).toMatchObject({ validUntil: '9999-12-31' });
    expect(sent[0]?.headers).not.toHaveProperty('psu-ip-address');
  });

  it.each(['SERVICE_INVALID', 'PARAMETER_NOT_SUPPORTED', 'FORMAT_ERROR'])(
    'is asked for with the accounts that the user chooses, where the bank says %s',
    async (code) => {
      answer(`POST ${consents}`, { status: 400, text: tppError(code) }, created(redirect));
      await calls.begin({}, deadline);
      await calls.begin({}, deadline);
      expect(sent.map((call) => (bodyOf(call) as { access: object }).access)).toEqual([
        { allPsd2: 'allAccounts' },
        { accounts: [], balances: [], transactions: [] },
        { accounts: [], balances: [], transactions: [] },
      ]);
      expect(new Set(sent.map(({ headers }) => headers['x-request-id'])).size).toBe(3);
    },
  );

  it('is begun with a call of its own, where the bank wants that', async () => {
    answer(`POST ${consents}`, created({ startAuthorisation: { href: 'https://elsewhere.example/x' } }));
    answer(
      `POST ${consents}/c-1/authorisations`,
      json({ scaStatus: 'received', authorisationId: 'a', _links: redirect }, 201),
    );
    const { authorizationUrl } = await calls.begin({}, deadline);
    expect(authorizationUrl).toBe(redirect.scaRedirect.href);
    expect(of(`POST ${consents}/c-1/authorisations`)[0]?.headers).toMatchObject({
      'tpp-redirect-uri': 'https://app.example/back?a=b&state=state-1',
    });
  });

  it('sends the user to the authorization server that it names', async () => {
    answer(`POST ${consents}`, created({ ...redirect, ...viaOauth }));
    const { authorizationUrl, verifier, metadataUrl: place } = await calls.begin({}, deadline);
    const { origin, searchParams } = new URL(authorizationUrl);
    expect(origin).toBe(issuer);
    expect(Object.fromEntries(searchParams)).toEqual({
      response_type: 'code',
      client_id: 'PSDDE-1',
      scope: 'AIS:c-1',
      redirect_uri: 'https://app.example/back?a=b',
      state: 'state-1',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
    expect(verifier).toMatch(/^[\w-]{43}$/);
    expect(place).toBe(metadataUrl);
  });

  it('names no authorization server of somebody else', async () => {
    answer(`POST ${consents}`, created(viaOauth));
    answer('GET /.well-known/oauth-authorization-server', json({ issuer: 'https://elsewhere.example' }));
    expect((await failureOf(calls.begin({}, deadline))).code).toBe('PAGE_INVALID');
  });

  it.each([
    ['OAuth where we have no registration', viaOauth, 'CONFIGURATION_REFUSED'],
    ['another approach', { startAuthorisationWithPsuIdentification: { href: '/x' } }, 'CONFIGURATION_REFUSED'],
    ['a script', { scaRedirect: { href: 'javascript:alert(1)' } }, 'URL_REFUSED'],
    ['a page without encryption', { scaRedirect: { href: 'http://bank.example/' } }, 'URL_REFUSED'],
  ])('is not followed to %s', async (_what, links, code) => {
    calls = callsWith();
    answer(`POST ${consents}`, created(links));
    expect((await failureOf(calls.begin({}, deadline))).code).toBe(code);
  });

  it.each(['a b', '{"x"', ''])('of the id %j is not believed', async (consentId) => {
    answer(`POST ${consents}`, json({ consentStatus: 'received', consentId, _links: redirect }, 201));
    expect((await failureOf(calls.begin({}, deadline))).code).toBe('PAGE_INVALID');
  });

  it.each([
    [401, tppError('CERTIFICATE_EXPIRED'), 'CONFIGURATION_REFUSED'],
    [403, null, 'CONFIGURATION_REFUSED'],
    [400, tppError('PERIOD_INVALID'), 'REQUEST_REJECTED'],
    [503, null, 'SERVER_ERROR'],
    [429, null, 'THROTTLED'],
    [201, 'no JSON', 'PAGE_INVALID'],
  ])('that the bank answers with %i %s is %s', async (status, text, code) => {
    answer(`POST ${consents}`, { status, text });
    expect((await failureOf(calls.begin({}, deadline))).code).toBe(code);
  });
});

describe('a user who is back', () => {
  const begun = { consentId: 'c-1', state: 'state-1' };

  it('is no proof of anything: where there is no token, nothing is asked and nothing is given but the consent', async () => {
    expect(await calls.exchange({ state: 'state-1' }, begun)).toEqual({ outcome: 'granted' });
    expect(sent).toEqual([]);
  });

  it('with a code has it exchanged for tokens of the consent', async () => {
    const granted = await calls.exchange(
      { state: 'state-1', code: 'code-1' },
      { ...begun, verifier: 'v'.repeat(43), metadataUrl },
    );
    const tokens = { consentId: 'c-1', accessToken: 'access-1', refreshToken: 'r-1', metadataUrl };
    expect(granted).toEqual({ outcome: 'granted', tokens: { ...tokens, expiresEpochMs: nowEpochMs() + 600_000 } });
    expect(Object.fromEntries(new URLSearchParams(of('POST /token')[0]?.body))).toEqual({
      grant_type: 'authorization_code',
      client_id: 'PSDDE-1',
      code: 'code-1',
      code_verifier: 'v'.repeat(43),
      redirect_uri: 'https://app.example/back?a=b',
    });
  });

  it('without the code that the bank was to give is refused', async () => {
    const made = await calls.exchange({ state: 'state-1' }, { ...begun, metadataUrl });
    expect(made).toMatchObject({ outcome: 'refused', error: { code: 'CONSENT_REQUIRED' } });
  });

  it.each([
    [{ status: 400, text: '{"error":"invalid_grant"}' }, 'refused', 'CONSENT_EXPIRED'],
    [{ status: 503, text: null }, 'unknown', 'SERVER_ERROR'],
  ] as const)('with a code that the bank answers with %j is %s', async (given, outcome, code) => {
    answer('POST /token', given);
    const made = await calls.exchange({ state: 'state-1', code: 'code-1' }, { ...begun, verifier: 'v', metadataUrl });
    expect(made).toMatchObject({ outcome, error: { code } });
  });
});

it('an access is renewed at the authorization server of its consent', async () => {
  const tokens = { consentId: 'c-1', accessToken: 'a', expiresEpochMs: 1, refreshToken: 'r-0', metadataUrl };
  expect(readTokenSet(writeTokenSet(tokens))).toEqual(tokens);
  const renewed = await calls.refresh(tokens, limits);
  expect(renewed).toMatchObject({ accessToken: 'access-1', refreshToken: 'r-1', metadataUrl });
  expect(secretOf('berlin-group', renewed)).toBe('c-1 access-1');
  expect(secretOf('openbanking-uk', renewed)).toBe('access-1');
  const { refreshToken: _, ...without } = tokens;
  expect((await failureOf(calls.refresh(without, limits))).code).toBe('CONSENT_EXPIRED');
  expect((await failureOf(callsWith().refresh(tokens, limits))).code).toBe('CONFIGURATION_REFUSED');
});

describe('a consent at the bank', () => {
  const information = (validUntil: string) =>
    json({ consentStatus: 'valid', validUntil, access: {}, frequencyPerDay: 4 });

  it.each([
    ['received', 'awaiting'],
    ['partiallyAuthorised', 'awaiting'],
    ['rejected', 'ended'],
    ['revokedByPsu', 'ended'],
    ['expired', 'ended'],
    ['terminatedByTpp', 'ended'],
    ['toString', 'ended'],
  ])('that is %s is %s, and is asked for nothing more', async (consentStatus, status) => {
    answer(`GET ${consents}/c-1/status`, json({ consentStatus }));
    expect(await calls.readConsent('c-1', deadline)).toEqual({ status });
    expect(sent).toHaveLength(1);
  });

  it.each([
    ['2027-05-26', { expiresEpochMs: Date.UTC(2027, 4, 27) }],
    ['9999-12-31', {}],
    ['soon', {}],
  ])('that is valid until %s ends with that day', async (validUntil, end) => {
    answer(`GET ${consents}/c-1/status`, json({ consentStatus: 'valid' }));
    answer(`GET ${consents}/c-1`, information(validUntil));
    expect(await calls.readConsent('c-1', deadline)).toEqual({ status: 'authorised', ...end });
  });

  it.each([
    [403, 'CONSENT_UNKNOWN'],
    [401, 'CONSENT_EXPIRED'],
    [401, 'CONSENT_INVALID'],
    [404, 'RESOURCE_UNKNOWN'],
  ])('that the bank answers with %i %s has ended', async (status, code) => {
    answer(`GET ${consents}/c-1/status`, { status, text: tppError(code) });
    answer(`DELETE ${consents}/c-1`, { status, text: tppError(code) });
    expect(await calls.readConsent('c-1', deadline)).toEqual({ status: 'ended' });
    expect(await calls.deleteConsent('c-1', deadline)).toBe('gone');
  });

  it('is deleted; what says nothing of it is an error', async () => {
    answer(`DELETE ${consents}/c-1`, json(undefined, 204));
    expect(await calls.deleteConsent('c-1', deadline)).toBe('deleted');
    for (const [status, code] of [
      [401, 'CONFIGURATION_REFUSED'],
      [500, 'SERVER_ERROR'],
    ] as const) {
      answer(`DELETE ${consents}/c-1`, { status, text: null });
      answer(`GET ${consents}/c-1/status`, { status, text: null });
      expect((await failureOf(calls.deleteConsent('c-1', deadline))).code).toBe(code);
      expect((await failureOf(calls.readConsent('c-1', deadline))).code).toBe(code);
    }
  });
});
