/**
 * The UK's Open Banking, Account and Transaction API 3.1.11 and 4.0: accounts, balances and transactions of one bank as one read. One
 * attempt each; retries live in `fetch-with-retries.ts`.
 */
import type { CallLimits, Connector, RawPage } from '../connector.ts';
import type { HttpClient } from '../http-client.ts';
import { ProviderError } from '../provider-error.ts';
import { classifyObukError } from './classify-error.ts';
import { normaliseObukPage } from './normalise-page.ts';
import { accountAt, decodePlace, encodePlace, type Place, wholeRead, windowOf } from './place.ts';
import { joinAccounts, nextAccounts, readObukAccounts, readObukRecord } from './read-accounts.ts';
import { type ObukPage, validateObukPage } from './validate-page.ts';

/** Late bookings have been seen for a month. */
const defaultOverlapDays = 30;

export interface ObukOptions {
  /** Of the bank, with the version: e.g. `https://api.bank.example/open-banking/v3.1/aisp`. Its origin must be among the client's allowed ones. */
  readonly baseUrl: string;
  readonly http: HttpClient;
  /** A fresh UUID for each attempt (RFC 4122): `x-fapi-interaction-id`. */
  readonly newId: () => string;
  /** Wall clock: nothing that is booked later counts for where the next windows begin. */
  readonly nowEpochMs: () => number;
  /** Days before an account's newest entry to which each read goes back: what is booked later than that is found by a full read alone. Default 30. */
  readonly overlapDays?: number;
}

/** @see https://openbankinguk.github.io/read-write-api-site3/v3.1.11/profiles/account-and-transaction-api-profile.html */
export function createObukConnector(options: ObukOptions): Connector<ObukPage> {
  const { http, newId, nowEpochMs, overlapDays = defaultOverlapDays } = options;
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const listUrl = (place: Place) => `${baseUrl}${pathOf(place)}`;

  async function get(url: string, accessToken: string, limits: CallLimits): Promise<RawPage> {
    const requestId = newId();
    const headers = {
      accept: 'application/json',
      authorization: `Bearer ${accessToken}`,
      'x-fapi-interaction-id': requestId,
    };
    const { status, text, retryAfterMs } = await http.send({ method: 'GET', url, headers }, limits);
    if (status === 200 && text !== null) return { text, requestId };
    throw classifyObukError({ status, text, retryAfterMs, requestId });
  }

  return {
    provider: 'openbanking-uk',
    async fetchPage({ accessToken, cursor }, limits) {
      const stored = cursor === null ? wholeRead : decodePlace(cursor);
      if (stored === undefined) throw new ProviderError('CURSOR_UNKNOWN', { provider: 'openbanking-uk' });
      const begins = stored.begun === null;
      const place = begins ? { ...stored, begun: new Date(nowEpochMs()).toISOString().slice(0, 10) } : stored;
      const page = await get(`${listUrl(place)}${queryOf(place)}`, accessToken, limits);
      // Word for word where the read is under way, so that a page which leads nowhere leads to the cursor that it was asked with.
      return { ...page, asked: begins || cursor === null ? encodePlace(place) : cursor };
    },
    validatePage: (raw) => validateObukPage(raw, { listUrl, overlapDays }),
    normalisePage: normaliseObukPage,
    async fetchAccounts({ accessToken }, limits) {
      const pages = [await get(listUrl(wholeRead), accessToken, limits)];
      const asked = new Set(['']);
      for (;;) {
        const query = nextAccounts(pages.at(-1) as RawPage, listUrl(wholeRead));
        if (query === undefined) return joinAccounts(pages);
        if (asked.has(query))
          throw new ProviderError('PAGE_INVALID', { provider: 'openbanking-uk', detail: 'its pages go round' });
        asked.add(query);
        pages.push(await get(`${listUrl(wholeRead)}${query}`, accessToken, limits));
      }
    },
    readAccounts: readObukAccounts,
    readRecord: readObukRecord,
  };
}

function pathOf(place: Place): string {
  const account = accountAt(place);
  return account === undefined ? '/accounts' : `/accounts/${encodeURIComponent(account)}/${place.step}`;
}

/** A time in a filter has no zone, by the standard. */
function queryOf(place: Place): string {
  if (place.link !== null) return place.link;
  const from = place.step === 'transactions' ? windowOf(place) : null;
  return from === null ? '' : `?fromBookingDateTime=${from}T00:00:00`;
}
