/**
 * The UK's Open Banking, Account and Transaction API 3.1.11 and 4.0: accounts, balances and transactions of one bank as one read. One
 * attempt each; retries live in `fetch-with-retries.ts`.
 */
import type { CallLimits, Connector, RawPage } from '../connector.ts';
import type { HttpClient } from '../http-client.ts';
import { createListConnector, type ListOptions, type ListRequest } from '../list-read/connector.ts';
import { type Place, windowOf } from '../list-read/place.ts';
import { classifyObukError } from './classify-error.ts';
import { type ObukPage, obukStandard } from './standard.ts';

export interface ObukOptions extends ListOptions {
  /** Of the bank, with the version: e.g. `https://api.bank.example/open-banking/v3.1/aisp`. Its origin must be among the client's allowed ones. */
  readonly baseUrl: string;
  readonly http: HttpClient;
  /** A fresh UUID for each attempt (RFC 4122): `x-fapi-interaction-id`. */
  readonly newId: () => string;
}

/** @see https://openbankinguk.github.io/read-write-api-site3/v3.1.11/profiles/account-and-transaction-api-profile.html */
export function createObukConnector({ http, newId, ...options }: ObukOptions): Connector<ObukPage> {
  async function fetch(place: Place, url: string, request: ListRequest, limits: CallLimits): Promise<RawPage> {
    const requestId = newId();
    const headers = {
      accept: 'application/json',
      authorization: `Bearer ${request.accessToken}`,
      'x-fapi-interaction-id': requestId,
    };
    const call = { method: 'GET', url: `${url}${queryOf(place)}`, headers } as const;
    const { status, text, retryAfterMs } = await http.send(call, limits);
    if (status === 200 && text !== null) return { text, requestId };
    throw classifyObukError({ status, text, retryAfterMs, requestId });
  }

  const writeAccounts = (Account: readonly unknown[]) => ({ Data: { Account } });
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  return createListConnector(obukStandard, { baseUrl, fetch, writeAccounts }, options);
}

/** A time in a filter has no zone, by the standard. */
function queryOf(place: Place): string {
  if (place.link !== null) return place.link;
  const from = place.step === 'transactions' ? windowOf(place) : null;
  return from === null ? '' : `?fromBookingDateTime=${from}T00:00:00`;
}
