/**
 * The Berlin Group's NextGenPSD2, version 1.3: accounts, balances and transactions of one bank as one read. One attempt each; retries live
 * in `fetch-with-retries.ts`.
 */
import { addDays } from '@quartersec/validation';
import type { CallLimits, Connector, RawPage } from '../connector.ts';
import type { HttpClient } from '../http-client.ts';
import { createListConnector, type ListOptions, type ListRequest } from '../list-read/connector.ts';
import { accountAt, type Place, windowOf } from '../list-read/place.ts';
import { ProviderError } from '../provider-error.ts';
import { classifyBerlinError, findBerlinError } from './classify-error.ts';
import { createSharedList } from './shared-list.ts';
import { type BerlinPage, createBerlinStandard } from './standard.ts';

export interface BerlinOptions extends ListOptions {
  /** Whose accounts they are. */
  readonly institutionId: string;
  /** Of the bank, with the version: e.g. `https://api.bank.example/psd2/v1`. Its origin must be among the client's allowed ones. */
  readonly baseUrl: string;
  readonly http: HttpClient;
  /** A fresh UUID for each attempt: `X-Request-ID`. */
  readonly newId: () => string;
  /** How far back the history is asked for; banks that refuse so much are asked for two years, then for 89 days. Default: ten years. */
  readonly historyDays?: number;
}

const mostHistoryDays = 3_650;

/** Of more than the last the law has the user authenticated again, unless the consent is minutes old. */
const fewerHistoryDays = [730, 89] as const;

/** What a bank takes, as it has shown: kept as long as the process lives, since it costs a call to learn. */
interface Abilities {
  readonly isPendingListed: boolean;
  readonly longestDays: number;
}

/** @see https://www.berlin-group.org/nextgenpsd2-downloads */
export function createBerlinConnector({ http, newId, ...options }: BerlinOptions): Connector<BerlinPage> {
  const { institutionId, nowEpochMs, historyDays = mostHistoryDays } = options;
  let bank: Abilities = { isPendingListed: true, longestDays: historyDays };
  const shareList = createSharedList(nowEpochMs);

  async function get(url: string, request: ListRequest, limits: CallLimits): Promise<RawPage> {
    const requestId = newId();
    const headers = { ...secretsOf(request), accept: 'application/json', 'x-request-id': requestId };
    const { status, text, retryAfterMs } = await http.send({ method: 'GET', url, headers }, limits);
    const answer = { status, text, retryAfterMs, requestId, nowEpochMs: nowEpochMs() };
    if (status !== 200 || text === null) throw classifyBerlinError(answer);
    const error = findBerlinError(answer);
    if (error !== undefined) throw error;
    return { text, requestId };
  }

  /** A bank that refuses what was wanted is asked for what every bank has, at once: that is another call, and no retry of the first. */
  async function getEntries(place: Place, url: string, request: ListRequest, limits: CallLimits) {
    for (let asked = bank; ; ) {
      const { query, ...less } = entryQuery(place, asked, historyDays);
      try {
        const page = await get(`${url}${query}`, request, limits);
        bank = asked;
        return { ...page, less };
      } catch (error) {
        const fewer = error instanceof ProviderError ? lessThan(asked, error) : undefined;
        if (fewer === undefined) throw error;
        asked = fewer;
      }
    }
  }

  return createListConnector(
    createBerlinStandard(institutionId),
    {
      baseUrl: options.baseUrl.replace(/\/+$/, ''),
      writeAccounts: (accounts) => ({ accounts }),
      async fetch(place, url, request, limits) {
        if (place.link !== null) return get(`${url}${place.link}`, request, limits);
        if (place.step === 'transactions') return getEntries(place, url, request, limits);
        if (accountAt(place) !== undefined) return get(url, request, limits);
        return shareList(request.accessToken, 'page', () => get(url, request, limits));
      },
      async fetchList(place, url, request, limits) {
        if (place.link !== null) return get(`${url}${place.link}`, request, limits);
        return shareList(request.accessToken, 'list', () => get(url, request, limits));
      },
    },
    options,
  );
}

/**
 * The secret of a connection is the id of its consent and, behind a space, the access token where the bank wants one.
 * `PSU-IP-Address` says that the user is there: it is left out otherwise, since a call with it would pass for one that they have asked for.
 */
function secretsOf({ accessToken: secret, userIpAddress }: ListRequest): Readonly<Record<string, string>> {
  const [consentId = '', token] = secret.split(' ');
  return {
    'consent-id': consentId,
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(userIpAddress !== undefined && { 'psu-ip-address': userIpAddress }),
  };
}

/** @returns the query, and what the bank is asked for less than was wanted */
function entryQuery(
  place: Place,
  { isPendingListed, longestDays }: Abilities,
  historyDays: number,
): Pick<Place, 'narrowed' | 'cut'> & { readonly query: string } {
  const today = place.begun ?? '';
  const window = windowOf(place);
  const earliest = addDays(today, -longestDays);
  const isNarrower = window !== null && window < earliest;
  const from = window === null || isNarrower ? earliest : window;
  const query = `?bookingStatus=${isPendingListed ? 'both' : 'booked'}&dateFrom=${from}`;
  return {
    query,
    narrowed: isNarrower ? from : null,
    cut: place.cut || (window === null && longestDays < historyDays),
  };
}

const refusals: ReadonlySet<string | undefined> = new Set([
  'PARAMETER_NOT_SUPPORTED',
  'PARAMETER_NOT_CONSISTENT',
  'SERVICE_INVALID',
  'FORMAT_ERROR',
]);

/** @returns what is to be asked for instead; `undefined` where the refusal is not about that */
function lessThan(asked: Abilities, { facts: { status, providerCode } }: ProviderError): Abilities | undefined {
  if (status !== 400) return undefined;
  if (providerCode === 'PERIOD_INVALID') {
    const longestDays = fewerHistoryDays.find((days) => days < asked.longestDays);
    return longestDays === undefined ? undefined : { ...asked, longestDays };
  }
  return refusals.has(providerCode) && asked.isPendingListed ? { ...asked, isPendingListed: false } : undefined;
}
