/** The connector of a standard whose cursor is ours: accounts, balances and transactions of one bank as one read. */
import type { CallLimits, Connector, PageRequest, RawPage } from '../connector.ts';
import { ProviderError } from '../provider-error.ts';
import { normaliseListPage } from './normalise-page.ts';
import { accountAt, behindList, decodePlace, encodePlace, type Place, wholeRead, windowOf } from './place.ts';
import { joinAccounts, nextAccounts, readListedAccounts, readListedRecord } from './read-accounts.ts';
import type { ListPage, ListStandard } from './standard.ts';
import { validateListPage } from './validate-page.ts';

/** With what became of the place, where the bank takes less than was wanted. */
export type ListAnswer = RawPage & { readonly less?: Pick<Place, 'narrowed' | 'cut'> };

export type ListRequest = Pick<PageRequest, 'accessToken' | 'userIpAddress'>;

export interface ListCalls {
  /** Of the bank, with the version, without a slash at its end. */
  readonly baseUrl: string;
  /**
   * One page of the list at this place.
   * @param wholeUrl its list without a query
   */
  fetch(place: Place, wholeUrl: string, request: ListRequest, limits: CallLimits): Promise<ListAnswer>;
  /** An account list, not as part of a read; default: as `fetch`. */
  fetchList?(place: Place, wholeUrl: string, request: ListRequest, limits: CallLimits): Promise<RawPage>;
  /** The body of an account list. */
  writeAccounts(records: readonly unknown[]): unknown;
}

export interface ListOptions {
  /** Wall clock: nothing that is booked later counts for where the next windows begin. */
  readonly nowEpochMs: () => number;
  /** Days before an account's newest entry to which each read goes back: what is booked later than that is found by a full read alone. Default 30. */
  readonly overlapDays?: number;
}

/** Late bookings have been seen for a month. */
const defaultOverlapDays = 30;

export function createListConnector<A, B, E>(
  standard: ListStandard<A, B, E>,
  calls: ListCalls,
  { nowEpochMs, overlapDays = defaultOverlapDays }: ListOptions,
): Connector<ListPage<A, B, E>> {
  const { provider } = standard;
  const listUrl = (place: Place) => `${calls.baseUrl}${pathOf(place)}`;
  const fetchList = calls.fetchList ?? calls.fetch;

  return {
    provider,
    readsLists: true,
    async fetchPage({ cursor, ahead, ...request }, limits) {
      const stored = cursor === null ? wholeRead : decodePlace(cursor);
      if (stored === undefined) throw new ProviderError('CURSOR_UNKNOWN', { provider });
      const begins = stored.begun === null;
      const begun = begins ? { ...stored, begun: new Date(nowEpochMs()).toISOString().slice(0, 10) } : stored;
      // The accounts of the read before tell what this one will ask for; which of them it has, its own list says.
      const place = begins ? { ...begun, all: [], keys: [], lacks: [] } : begun;
      const fetch = (at: Place) => calls.fetch(at, listUrl(at), request, limits);
      const begunEarlier = ahead?.take(keyOf(place, request));
      const response = begunEarlier ?? fetch(place);
      if (ahead !== undefined) {
        for (let next = behindList(begun); next !== undefined && !ahead.isFull(); next = behindList(next)) {
          const at = next;
          ahead.begin(keyOf(at, request), () => fetch(at));
        }
      }
      const { text, requestId, less }: ListAnswer = await response;
      const asked = less === undefined ? place : { ...place, narrowed: less.narrowed, cut: place.cut || less.cut };
      // Word for word where the read is under way, so that a page which leads nowhere leads to the cursor that it was asked with.
      return { text, requestId, asked: cursor === null || asked !== stored ? encodePlace(asked) : cursor };
    },
    validatePage: (raw) => validateListPage(raw, standard, { listUrl, overlapDays }),
    normalisePage: (page, context) => normaliseListPage(page, context, standard),
    async fetchAccounts(request, limits) {
      const url = listUrl(wholeRead);
      const pages = [await fetchList(wholeRead, url, request, limits)];
      const asked = new Set(['']);
      for (;;) {
        const query = nextAccounts(pages.at(-1) as RawPage, url, standard);
        if (query === undefined) return joinAccounts(pages, standard, calls.writeAccounts);
        if (asked.has(query)) throw new ProviderError('PAGE_INVALID', { provider, detail: 'its pages go round' });
        asked.add(query);
        pages.push(await fetchList({ ...wholeRead, link: query }, url, request, limits));
      }
    },
    readAccounts: (raw, context) => readListedAccounts(raw, context, standard),
    readRecord: (original, context) => readListedRecord(original, context, standard),
  };
}

/** What decides what a call gets. */
function keyOf(place: Place, { accessToken }: ListRequest): string {
  const { step, link, at, all } = place;
  return JSON.stringify([step, all[at] ?? null, windowOf(place), link, accessToken]);
}

function pathOf(place: Place): string {
  const account = accountAt(place);
  return account === undefined ? '/accounts' : `/accounts/${encodeURIComponent(account)}/${place.step}`;
}
