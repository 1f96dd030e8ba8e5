/**
 * The consent of a user at one bank of Open Banking UK, from its beginning to its end.
 * @see https://openbankinguk.github.io/read-write-api-site3/v3.1.11/resources-and-data-models/aisp/account-access-consents.html
 */
import { checkConsent } from '@quartersec/validation/openbanking-uk';
import { callWithRetries } from '../../call-with-retries.ts';
import type { CallLimits } from '../../connector.ts';
import type { ConsentCalls, ConsentState, ConsentWish } from '../../consent/consent-calls.ts';
import type { TokenSet } from '../../consent/token-set.ts';
import type { RetryDeps } from '../../fetch-with-retries.ts';
import type { HttpAnswer, HttpCall } from '../../http-client.ts';
import { ProviderError } from '../../provider-error.ts';
import { classifyObukError } from '../classify-error.ts';
import type { IssuedTokens, Oauth, OauthOptions } from './oauth.ts';
import { oauthFailure } from './oauth-failure.ts';
import { freshConnection } from './oauth-fetch.ts';

export interface ObukConsentOptions extends OauthOptions, Pick<RetryDeps, 'sleep' | 'random'> {
  /** Of the Account and Transaction API, with its version. */
  readonly baseUrl: string;
  readonly nowEpochMs: () => number;
  /** A fresh UUID for each attempt: `x-fapi-interaction-id`. */
  readonly newId: () => string;
}

const provider = 'openbanking-uk';
/** All that the connector reads, and nothing else. */
const permissions = [
  'ReadAccountsDetail',
  'ReadBalances',
  'ReadTransactionsBasic',
  'ReadTransactionsDetail',
  'ReadTransactionsCredits',
  'ReadTransactionsDebits',
];
const exchangeTimeoutMs = 10_000;
/** Keys and endpoints of a bank change rarely, and with notice. */
const oauthForMs = 3_600_000;

const statuses: Readonly<Record<string, ConsentState['status']>> = {
  AwaitingAuthorisation: 'awaiting',
  AWAU: 'awaiting',
  Authorised: 'authorised',
  AUTH: 'authorised',
};

export function createObukConsentCalls(options: ObukConsentOptions): ConsentCalls {
  const { http, newId, nowEpochMs } = options;
  const consentsUrl = `${options.baseUrl.replace(/\/+$/, '')}/account-access-consents`;
  let connected: { readonly oauth: Promise<Oauth>; readonly untilEpochMs: number } | undefined;

  function oauthOf(limits: CallLimits): Promise<Oauth> {
    if (connected === undefined || connected.untilEpochMs <= nowEpochMs()) {
      const oauth = import('./oauth.ts').then(({ connectOauth }) => connectOauth(options, limits));
      connected = { oauth, untilEpochMs: nowEpochMs() + oauthForMs };
      oauth.catch(() => {
        connected = undefined; // the next call asks again
      });
    }
    return connected.oauth;
  }

  /** One attempt, whose failure is a `ProviderError`. */
  async function attempt<Result>(call: (oauth: Oauth) => Promise<Result>, limits: CallLimits): Promise<Result> {
    try {
      return await call(await oauthOf(limits));
    } catch (error) {
      throw oauthFailure(error);
    }
  }

  const repeatable = <Result>(
    call: (oauth: Oauth, limits: CallLimits) => Promise<Result>,
    deadline: CallLimits['deadline'],
  ) => callWithRetries(provider, (limits) => attempt((oauth) => call(oauth, limits), limits), deadline, options);

  async function send(
    oauth: Oauth,
    call: Pick<HttpCall, 'method' | 'url' | 'body'>,
    limits: CallLimits,
  ): Promise<HttpAnswer> {
    const requestId = newId();
    const headers = {
      accept: 'application/json',
      authorization: `Bearer ${await oauth.clientToken(limits)}`,
      'x-fapi-interaction-id': requestId,
      ...freshConnection,
      ...(call.body !== undefined && { 'content-type': 'application/json' }),
    };
    const answer = await http.send({ ...call, headers }, limits);
    if (answer.status < 300) return answer;
    throw ofOurAccess(classifyObukError({ ...answer, requestId }));
  }

  const tokenSet = (
    consentId: string,
    { accessToken, refreshToken, seconds }: IssuedTokens,
    calledEpochMs: number,
  ): TokenSet => ({
    consentId,
    accessToken,
    expiresEpochMs: calledEpochMs + seconds * 1_000,
    ...(refreshToken !== undefined && { refreshToken }),
  });

  return {
    begin: (wish, deadline) =>
      repeatable(async (oauth, limits) => {
        const answer = await send(oauth, { method: 'POST', url: consentsUrl, body: consentBody(wish) }, limits);
        const { url, urlSeconds, ...begun } = await oauth.authorise(read(answer).ConsentId, limits);
        return { ...begun, authorizationUrl: url, urlExpiresEpochMs: nowEpochMs() + urlSeconds * 1_000 };
      }, deadline),

    async exchange(back, begun) {
      const limits = {
        attemptTimeoutMs: exchangeTimeoutMs,
        deadline: { remainingMs: () => exchangeTimeoutMs, elapsedMs: () => 0 },
      };
      const calledEpochMs = nowEpochMs();
      try {
        const issued = await attempt((oauth) => oauth.exchange(back, begun, limits), limits);
        return { outcome: 'granted', tokens: tokenSet(begun.consentId, issued, calledEpochMs) };
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        return { outcome: maybeMade.has(error.code) ? 'unknown' : 'refused', error };
      }
    },

    async refresh(tokens, limits) {
      const { consentId, refreshToken } = tokens;
      if (refreshToken === undefined)
        throw new ProviderError('CONSENT_EXPIRED', { provider, detail: 'no refresh token' });
      const calledEpochMs = nowEpochMs();
      const issued = await attempt((oauth) => oauth.refresh(refreshToken, limits), limits);
      // A bank that does not rotate gives none: the one of before stays good (RFC 6749, section 6).
      return { refreshToken, ...tokenSet(consentId, issued, calledEpochMs) };
    },

    readConsent: (consentId, deadline) =>
      repeatable(async (oauth, limits) => {
        const url = `${consentsUrl}/${encodeURIComponent(consentId)}`;
        const { Status, ExpirationDateTime } = read(await send(oauth, { method: 'GET', url }, limits));
        const expiresEpochMs = Date.parse(ExpirationDateTime ?? '');
        const status = statuses[Status] ?? 'ended';
        return Number.isSafeInteger(expiresEpochMs) ? { status, expiresEpochMs } : { status };
      }, deadline),

    async deleteConsent(consentId, deadline) {
      try {
        const url = `${consentsUrl}/${encodeURIComponent(consentId)}`;
        await repeatable((oauth, limits) => send(oauth, { method: 'DELETE', url }, limits), deadline);
        return 'deleted';
      } catch (error) {
        // The standard answers 400 for a consent that it does not know.
        if (error instanceof ProviderError && isUnknown(error)) return 'gone';
        throw error;
      }
    },
  };
}

/** Of a call whose response did not come, or could not be read. */
const maybeMade: ReadonlySet<ProviderError['code']> = new Set([
  'TIMEOUT',
  'UNREACHABLE',
  'SERVER_ERROR',
  'BODY_UNREADABLE',
  'BODY_TOO_LARGE',
]);

function isUnknown({ facts: { status, providerCode } }: ProviderError): boolean {
  return status === 404 || (status === 400 && providerCode === 'UK.OBIE.Resource.NotFound');
}

/** A refused client token is no state of a user's consent. */
function ofOurAccess(error: ProviderError): ProviderError {
  const isOurs = error.facts.status === 401 || error.facts.status === 403;
  return isOurs ? new ProviderError('CONFIGURATION_REFUSED', error.facts) : error;
}

function consentBody({ expiresEpochMs, transactionsFromEpochMs }: ConsentWish): string {
  const Data = {
    Permissions: permissions,
    ...(expiresEpochMs !== undefined && { ExpirationDateTime: timeText(expiresEpochMs) }),
    ...(transactionsFromEpochMs !== undefined && { TransactionFromDateTime: timeText(transactionsFromEpochMs) }),
  };
  return JSON.stringify({ Data, Risk: {} });
}

function timeText(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}+00:00`;
}

function read({ text, status }: HttpAnswer) {
  const checked = checkConsent(parse(text));
  if (checked.ok) return checked.value.Data;
  const { path, expected, received } = checked.issue;
  throw new ProviderError('PAGE_INVALID', {
    provider,
    status,
    detail: `${path}: expected ${expected}, received ${received}`,
  });
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined; // a parser quotes the text
  }
}
