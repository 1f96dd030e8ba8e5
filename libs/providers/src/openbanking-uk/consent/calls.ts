/**
 * The consent of a user at one bank of Open Banking UK, from its beginning to its end.
 * @see https://openbankinguk.github.io/read-write-api-site3/v3.1.11/resources-and-data-models/aisp/account-access-consents.html
 */
import { checkConsent } from '@quartersec/validation/openbanking-uk';
import type { ConsentCalls, ConsentState, ConsentWish } from '../../consent/consent-calls.ts';
import { readResponse } from '../../consent/read-response.ts';
import type { HttpAnswer } from '../../http-client.ts';
import { ProviderError } from '../../provider-error.ts';
import { type ClientOptions, createClientCalls } from './client-calls.ts';

export interface ObukConsentOptions extends ClientOptions {
  /** Of the Account and Transaction API, with its version. */
  readonly baseUrl: string;
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

const statuses: Readonly<Record<string, ConsentState['status']>> = {
  AwaitingAuthorisation: 'awaiting',
  AWAU: 'awaiting',
  Authorised: 'authorised',
  AUTH: 'authorised',
};

export function createObukConsentCalls(options: ObukConsentOptions): ConsentCalls {
  const { nowEpochMs, issuer } = options;
  const consentsUrl = `${options.baseUrl.replace(/\/+$/, '')}/account-access-consents`;
  const { tokenCalls, repeatable, send } = createClientCalls(options);

  return {
    begin: (wish, deadline) =>
      repeatable(async (oauth, limits) => {
        const answer = await send(oauth, { method: 'POST', url: consentsUrl, body: consentBody(wish) }, limits);
        const { url, urlSeconds, ...begun } = await oauth.authorise(read(answer).ConsentId, limits);
        return { ...begun, authorizationUrl: url, urlExpiresEpochMs: nowEpochMs() + urlSeconds * 1_000 };
      }, deadline),

    exchange: (back, begun) => tokenCalls.exchange(issuer, back, begun),
    refresh: (tokens, limits) => tokenCalls.refresh(issuer, tokens, limits),

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

function isUnknown({ facts: { status, providerCode } }: ProviderError): boolean {
  return status === 404 || (status === 400 && providerCode === 'UK.OBIE.Resource.NotFound');
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

function read(answer: HttpAnswer) {
  return readResponse(provider, answer, checkConsent).Data;
}
