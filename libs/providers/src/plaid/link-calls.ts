/**
 * Plaid's calls that begin, make, look at and end an Item, and the look-up of the keys that sign its webhooks. What may be
 * repeated is repeated; an exchange never is: it makes an Item, and its token is good once.
 * @see https://plaid.com/docs/api/link/ https://plaid.com/docs/api/items/
 */
import type { Deadline } from '@quartersec/sla';
import type { Checked } from '@quartersec/validation';
import {
  checkExchange,
  checkItem,
  checkLinkToken,
  checkVerificationKey,
  type PlaidVerificationKey,
} from '@quartersec/validation/plaid';
import { callWithRetries } from '../call-with-retries.ts';
import type { AccountList, CallLimits, RawPage } from '../connector.ts';
import type { RetryDeps } from '../fetch-with-retries.ts';
import type { HttpClient } from '../http-client.ts';
import { ProviderError } from '../provider-error.ts';
import { createPlaidPost, type PlaidAccess } from './plaid-post.ts';
import { readPlaidAccounts } from './read-accounts.ts';

const provider = 'plaid';
/** Exchanges of Plaid take a second now and then; cut off, one cannot be made good. */
const exchangeTimeoutMs = 10_000;

export interface PlaidLinkOptions extends PlaidAccess, Pick<RetryDeps, 'sleep' | 'random'> {
  readonly http: HttpClient;
  /** A client with no connection open yet: an idle one that the other side has just closed would leave an exchange in doubt. */
  readonly freshHttp: () => HttpClient;
}

export interface LinkTokenRequest {
  /** Our name for the user, without meaning to anybody else. */
  readonly userRef: string;
  /** Shown to the user at the bank's login. */
  readonly clientName: string;
  /** ISO 639-1. */
  readonly language: string;
  /** ISO 3166-1 alpha-2. */
  readonly countryCodes: readonly string[];
  /** How far back the history is asked for, 1 to 730 days; fixed for good with the first read of an Item. */
  readonly daysRequested: number;
  /** Where Plaid sends the Item's webhooks; `undefined`: it sends none. */
  readonly webhookUrl: string | undefined;
  /** Where banks with a login of their own send the user back to; registered with Plaid. */
  readonly redirectUri: string | undefined;
  /** Update mode of the Item behind this token: the same Item goes on, with the same token. */
  readonly accessToken?: string;
}

export interface LinkToken {
  readonly linkToken: string;
  readonly expiresEpochMs: number;
}

export interface LinkedItem {
  readonly itemId: string;
  readonly institutionId: string | null;
  readonly consentExpiresEpochMs: number | undefined;
}

export type Exchange =
  | { readonly outcome: 'exchanged'; readonly accessToken: string; readonly itemId: string }
  /** Nothing was made: Plaid said no, or was never reached. */
  | { readonly outcome: 'refused'; readonly error: ProviderError }
  /** An Item may have been made, with a token that nobody has. */
  | { readonly outcome: 'unknown'; readonly error: ProviderError };

/** All of it throws {ProviderError}. */
export interface PlaidLinkCalls {
  createLinkToken(request: LinkTokenRequest, deadline: Deadline): Promise<LinkToken>;
  /** Made once. Never throws a `ProviderError`. */
  exchange(publicToken: string): Promise<Exchange>;
  readItem(accessToken: string, deadline: Deadline): Promise<LinkedItem>;
  /** @returns `gone` for an Item that was removed before */
  removeItem(accessToken: string, deadline: Deadline): Promise<'removed' | 'gone'>;
  readAccounts(accessToken: string, institutionId: string, deadline: Deadline): Promise<AccountList>;
  /** @returns `undefined` where Plaid has no such key */
  lookUpKey(keyId: string, deadline: Deadline): Promise<PlaidVerificationKey | undefined>;
}

export function createPlaidLinkCalls(options: PlaidLinkOptions): PlaidLinkCalls {
  const { http } = options;
  const post = createPlaidPost(options);
  const repeatable = <Result>(call: (limits: CallLimits) => Promise<Result>, deadline: Deadline) =>
    callWithRetries(provider, call, deadline, options);

  return {
    createLinkToken: (request, deadline) =>
      repeatable(async (limits) => {
        const raw = await post(http, '/link/token/create', linkTokenBody(request), limits);
        const { link_token: linkToken, expiration } = read(raw, checkLinkToken);
        return { linkToken, expiresEpochMs: epochMsOf(expiration) ?? 0 };
      }, deadline),

    async exchange(publicToken) {
      const client = options.freshHttp();
      const deadline = { remainingMs: () => exchangeTimeoutMs, elapsedMs: () => 0 };
      const limits = { attemptTimeoutMs: exchangeTimeoutMs, deadline };
      try {
        const raw = await post(client, '/item/public_token/exchange', { public_token: publicToken }, limits);
        const { access_token: accessToken, item_id: itemId } = read(raw, checkExchange);
        return { outcome: 'exchanged', accessToken, itemId };
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        return { outcome: isSurelyNotMade(error) ? 'refused' : 'unknown', error };
      } finally {
        client.close();
      }
    },

    readItem: (accessToken, deadline) =>
      repeatable(async (limits) => {
        const raw = await post(http, '/item/get', { access_token: accessToken }, limits);
        const { item_id: itemId, institution_id, consent_expiration_time: consentEnd } = read(raw, checkItem).item;
        return { itemId, institutionId: institution_id ?? null, consentExpiresEpochMs: epochMsOf(consentEnd) };
      }, deadline),

    async removeItem(accessToken, deadline) {
      try {
        await repeatable((limits) => post(http, '/item/remove', { access_token: accessToken }, limits), deadline);
        return 'removed';
      } catch (error) {
        if (error instanceof ProviderError && error.code === 'ACCESS_REVOKED') return 'gone';
        throw error;
      }
    },

    readAccounts: (accessToken, institutionId, deadline) =>
      repeatable(async (limits) => {
        const raw = await post(http, '/accounts/get', { access_token: accessToken }, limits);
        return readPlaidAccounts(raw, { institutionId, knownAccounts: [] });
      }, deadline),

    async lookUpKey(keyId, deadline) {
      try {
        return await repeatable(async (limits) => {
          const raw = await post(http, '/webhook_verification_key/get', { key_id: keyId }, limits);
          return read(raw, checkVerificationKey).key;
        }, deadline);
      } catch (error) {
        if (error instanceof ProviderError && isNoSuchKey(error)) return undefined;
        throw error;
      }
    },
  };
}

function linkTokenBody(request: LinkTokenRequest): Readonly<Record<string, unknown>> {
  const { userRef, clientName, language, countryCodes, daysRequested, webhookUrl, redirectUri, accessToken } = request;
  return {
    client_name: clientName,
    language,
    country_codes: countryCodes,
    user: { client_user_id: userRef },
    ...(webhookUrl !== undefined && { webhook: webhookUrl }),
    ...(redirectUri !== undefined && { redirect_uri: redirectUri }),
    // Update mode names the Item and no products: they are the Item's already. The user may share further accounts.
    ...(accessToken === undefined
      ? { products: ['transactions'], transactions: { days_requested: daysRequested } }
      : { access_token: accessToken, update: { account_selection_enabled: true } }),
  };
}

/** Plaid's own word, but for a failure inside Plaid; or no connection to it. */
function isSurelyNotMade({ code, facts }: ProviderError): boolean {
  if (code === 'UNREACHABLE') return notConnected.has(facts.detail ?? '');
  if (code === 'URL_REFUSED') return facts.status === undefined;
  return facts.providerCode !== undefined && code !== 'SERVER_ERROR';
}

/** Plaid's own word on the id; a refusal by something in between says nothing about it. */
function isNoSuchKey({ code, facts }: ProviderError): boolean {
  return code === 'REQUEST_REJECTED' && facts.providerCode !== undefined;
}

/** The system's codes of connections that were never there. */
const notConnected: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

function read<Wire>(raw: RawPage, check: (value: unknown) => Checked<Wire>): Wire {
  const checked = check(parse(raw.text));
  if (checked.ok) return checked.value;
  const { path, expected, received } = checked.issue;
  throw new ProviderError('PAGE_INVALID', { provider, detail: `${path}: expected ${expected}, received ${received}` });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ProviderError('BODY_UNREADABLE', { provider, status: 200, detail: 'not JSON' }); // a parser quotes the text
  }
}

function epochMsOf(text: string | null | undefined): number | undefined {
  const epochMs = Date.parse(text ?? '');
  return Number.isSafeInteger(epochMs) && epochMs > 0 ? epochMs : undefined;
}
