/**
 * The consent of a user at one bank of the Berlin Group, from its beginning to its end. In the redirect approach the consent's id is all the
 * access there is; in the OAuth approach tokens go with it.
 * @see https://www.berlin-group.org/nextgenpsd2-downloads Implementation Guidelines 1.3, section 6.3
 */
import {
  type BerlinScaLinks,
  checkConsentCreated,
  checkConsentInformation,
  checkConsentStatus,
  checkScaStarted,
} from '@quartersec/validation/berlin-group';
import { callWithRetries } from '../../call-with-retries.ts';
import type { CallLimits } from '../../connector.ts';
import type { BegunAuthorisation, ConsentCalls, ConsentWish } from '../../consent/consent-calls.ts';
import { freshConnection } from '../../consent/oauth-fetch.ts';
import { readResponse } from '../../consent/read-response.ts';
import { createTokenCalls } from '../../consent/token-calls.ts';
import type { RetryDeps } from '../../fetch-with-retries.ts';
import type { HttpAnswer, HttpCall, HttpClient } from '../../http-client.ts';
import { ProviderError } from '../../provider-error.ts';
import { classifyBerlinError } from '../classify-error.ts';
import { type Access, consentBody, endOf, noWay, redirectHeaders, statusOf, wayOf } from './bodies.ts';
import type { BerlinOauth } from './oauth.ts';

export interface BerlinConsentOptions extends Pick<RetryDeps, 'sleep' | 'random'> {
  /** Of the bank, with the version. */
  readonly baseUrl: string;
  /** Where the bank sends the user back to. */
  readonly redirectUri: string;
  /** Of banks with the OAuth approach: as registered with them. */
  readonly registration?: { readonly issuer: string; readonly clientId: string };
  /** Its allowed origins are the API's and the issuer's. */
  readonly http: HttpClient;
  readonly nowEpochMs: () => number;
  /** A fresh UUID for each attempt: `X-Request-ID`. */
  readonly newId: () => string;
  /** What nobody can guess, of URL-safe characters: all that tells a user who comes back from another. */
  readonly newState: () => string;
}

const provider = 'berlin-group';
/** The standard names no time; banks give a user between 5 and 15 minutes. */
const urlMs = 600_000;

/** What a bank that does not offer access to all accounts has been seen to answer. */
const refusals: ReadonlySet<string | undefined> = new Set([
  'SERVICE_INVALID',
  'PARAMETER_NOT_SUPPORTED',
  'PARAMETER_NOT_CONSISTENT',
  'FORMAT_ERROR',
]);

/** Of a consent that is no more. */
const ended: ReadonlySet<string | undefined> = new Set([
  'CONSENT_EXPIRED',
  'CONSENT_INVALID',
  'CONSENT_UNKNOWN',
  'RESOURCE_EXPIRED',
  'RESOURCE_UNKNOWN',
]);

type Begun = Omit<BegunAuthorisation, 'urlExpiresEpochMs'>;

export function createBerlinConsentCalls(options: BerlinConsentOptions): ConsentCalls {
  const { http, newId, newState, nowEpochMs, redirectUri, registration } = options;
  const consentsUrl = `${options.baseUrl.replace(/\/+$/, '')}/consents`;
  const urlOf = (consentId: string) => `${consentsUrl}/${encodeURIComponent(consentId)}`;
  /** What the bank takes, as it has shown: kept as long as the process lives. */
  let access: Access = 'all';

  const tokenCalls = createTokenCalls<BerlinOauth>({
    provider,
    nowEpochMs,
    async connect(metadataUrl, limits) {
      if (registration === undefined)
        throw new ProviderError('CONFIGURATION_REFUSED', { provider, detail: 'no registration' });
      const { connectBerlinOauth } = await import('./oauth.ts');
      return connectBerlinOauth({ ...registration, redirectUri, http }, metadataUrl, limits);
    },
  });

  const repeatable = <Result>(call: (limits: CallLimits) => Promise<Result>, deadline: CallLimits['deadline']) =>
    callWithRetries(provider, call, deadline, options);

  async function send(
    call: Pick<HttpCall, 'method' | 'url' | 'body'> & { readonly headers?: HttpCall['headers'] },
    limits: CallLimits,
  ): Promise<HttpAnswer> {
    const requestId = newId();
    const headers = {
      accept: 'application/json',
      'x-request-id': requestId,
      ...freshConnection,
      ...(call.body !== undefined && { 'content-type': 'application/json' }),
      ...call.headers,
    };
    const answer = await http.send({ ...call, headers }, limits);
    if (answer.status < 300) return answer;
    throw ofOurAccess(classifyBerlinError({ ...answer, requestId, nowEpochMs: nowEpochMs() }));
  }

  /** A bank that has no access to all accounts is asked for what the user chooses there, at once. */
  async function create(wish: ConsentWish, headers: HttpCall['headers'], limits: CallLimits) {
    const post = async (asked: Access) => {
      const body = consentBody(wish, asked);
      return readResponse(
        provider,
        await send({ method: 'POST', url: consentsUrl, body, headers }, limits),
        checkConsentCreated,
      );
    };
    try {
      return await post(access);
    } catch (error) {
      if (access !== 'all' || !isRefusedAccess(error)) throw error;
      const created = await post('chosenAtBank');
      access = 'chosenAtBank';
      return created;
    }
  }

  /** @returns the links with which the user is sent on, once their authorisation has been begun by a call of its own */
  async function start(consentId: string, headers: HttpCall['headers'], limits: CallLimits): Promise<BerlinScaLinks> {
    const url = `${urlOf(consentId)}/authorisations`;
    const answer = await send({ method: 'POST', url, body: '{}', headers }, limits);
    return readResponse(provider, answer, checkScaStarted)._links;
  }

  async function begin(wish: ConsentWish, limits: CallLimits): Promise<Begun> {
    const state = newState();
    const { userIpAddress } = wish;
    const headers = {
      ...redirectHeaders(redirectUri, state),
      ...(userIpAddress !== undefined && { 'psu-ip-address': userIpAddress }),
    };
    const { consentId, _links } = await create(wish, headers, limits);
    const isRegistered = registration !== undefined;
    const way =
      wayOf(_links, isRegistered) ??
      (_links.startAuthorisation ? wayOf(await start(consentId, headers, limits), isRegistered) : undefined);
    if (way === undefined) throw noWay(_links);
    if (way.kind === 'redirect') return { consentId, state, authorizationUrl: way.url };
    const { metadataUrl } = way;
    return tokenCalls.attempt(
      metadataUrl,
      async (oauth) => {
        const verifier = oauth.newVerifier();
        const authorizationUrl = await oauth.authorise(consentId, state, verifier);
        return { consentId, state, verifier, metadataUrl, authorizationUrl };
      },
      limits,
    );
  }

  return {
    begin: (wish, deadline) =>
      repeatable(async (limits) => {
        const begun = await begin(wish, limits);
        return { ...begun, urlExpiresEpochMs: nowEpochMs() + urlMs };
      }, deadline),

    async exchange(back, begun) {
      // That the user is back says nothing: the consent itself is asked.
      if (begun.metadataUrl === undefined) return { outcome: 'granted' };
      if (back.code !== undefined) return tokenCalls.exchange(begun.metadataUrl, back, begun);
      return {
        outcome: 'refused',
        error: new ProviderError('CONSENT_REQUIRED', { provider, detail: 'no code came back' }),
      };
    },

    refresh: (tokens, limits) => tokenCalls.refresh(tokens.metadataUrl ?? '', tokens, limits),

    async readConsent(consentId, deadline) {
      const url = urlOf(consentId);
      try {
        return await repeatable(async (limits) => {
          const answer = await send({ method: 'GET', url: `${url}/status` }, limits);
          const status = statusOf(readResponse(provider, answer, checkConsentStatus).consentStatus);
          // A consent that is not valid need not be shown by the bank.
          if (status !== 'authorised') return { status };
          const information = await send({ method: 'GET', url }, limits);
          const { consentStatus, validUntil } = readResponse(provider, information, checkConsentInformation);
          const expiresEpochMs = endOf(validUntil);
          return { status: statusOf(consentStatus), ...(expiresEpochMs !== undefined && { expiresEpochMs }) };
        }, deadline);
      } catch (error) {
        if (isEnded(error)) return { status: 'ended' };
        throw error;
      }
    },

    async deleteConsent(consentId, deadline) {
      try {
        await repeatable((limits) => send({ method: 'DELETE', url: urlOf(consentId) }, limits), deadline);
        return 'deleted';
      } catch (error) {
        if (isEnded(error)) return 'gone';
        throw error;
      }
    },
  };
}

function isRefusedAccess(error: unknown): boolean {
  return error instanceof ProviderError && error.facts.status === 400 && refusals.has(error.facts.providerCode);
}

function isEnded(error: unknown): boolean {
  return error instanceof ProviderError && (error.facts.status === 404 || ended.has(error.facts.providerCode));
}

/** A refusal that names no consent is of us: of our certificate, or of our role. */
function ofOurAccess(error: ProviderError): ProviderError {
  const { status, providerCode } = error.facts;
  const isOurs = (status === 401 || status === 403) && !ended.has(providerCode);
  return isOurs ? new ProviderError('CONFIGURATION_REFUSED', error.facts) : error;
}
