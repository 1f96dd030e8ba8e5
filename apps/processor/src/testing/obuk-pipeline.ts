/** For tests: the pipeline over the real connector of Open Banking UK. A bank of a few lists stands behind it; no call leaves the process. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Connector, createObukConnector, type HttpAnswer, type HttpClient } from '@quartersec/providers';
import { createScriptedPipeline, type ScriptedPipeline } from '../scripted-pipeline.ts';
import { linkTo } from './list-connection.ts';

const baseUrl = 'https://bank.example/open-banking/v3.1/aisp';

export interface ObukEntry {
  readonly AccountId: string;
  readonly TransactionId?: string;
  readonly Amount: { readonly Amount: string; readonly Currency: string };
  readonly CreditDebitIndicator: 'Credit' | 'Debit';
  readonly Status: 'Booked' | 'Pending';
  readonly BookingDateTime: string;
  readonly TransactionInformation?: string;
}

/** What the bank holds, to be changed between two events. */
export interface ObukBank {
  accounts: string[];
  /** Of all of them. */
  currency: string;
  entries: ObukEntry[];
  pageSize: number;
  /** Instead of every answer, while it is set. */
  refusal: Pick<HttpAnswer, 'status' | 'text' | 'retryAfterMs'> | undefined;
  readonly calls: string[];
  /** Holds an answer back until it is true of its path; absent: answers at once. */
  answersOnce: ((path: string) => boolean) | undefined;
}

/** A booked debit of 1.00 GBP in `a1`. */
export function obukEntry(TransactionId: string | undefined, members: Partial<ObukEntry> = {}): ObukEntry {
  return {
    AccountId: 'a1',
    ...(TransactionId !== undefined && { TransactionId }),
    Amount: { Amount: '1.00', Currency: 'GBP' },
    CreditDebitIndicator: 'Debit',
    Status: 'Booked',
    BookingDateTime: '2023-11-10T00:00:00+00:00',
    TransactionInformation: 'COFFEE',
    ...members,
  };
}

/** With `conn-1` linked. */
export async function createObukPipeline(): Promise<{ readonly pipeline: ScriptedPipeline; readonly bank: ObukBank }> {
  const bank: ObukBank = {
    accounts: ['a1', 'a2'],
    currency: 'GBP',
    entries: [],
    pageSize: 100,
    refusal: undefined,
    calls: [],
    answersOnce: undefined,
  };
  const http: HttpClient = {
    async send({ url }) {
      const { pathname, searchParams } = new URL(url);
      const path = url.slice(baseUrl.length);
      bank.calls.push(path);
      while (bank.answersOnce?.(path) === false) await nextTurn();
      if (bank.refusal !== undefined) return { ...bank.refusal, headers: {} };
      const [, account, list] = /\/accounts(?:\/(.*)\/(.*))?$/.exec(pathname) ?? [];
      const [name, records] = recordsOf(bank, account, list, searchParams.get('fromBookingDateTime') ?? '');
      const page = Number(searchParams.get('page') ?? 1);
      const hasNext = records.length > page * bank.pageSize;
      searchParams.set('page', String(page + 1));
      const Links = {
        Self: url,
        ...(hasNext && { Next: `${baseUrl}${pathname.slice(new URL(baseUrl).pathname.length)}?${searchParams}` }),
      };
      const shown = records.slice((page - 1) * bank.pageSize, page * bank.pageSize);
      const text = JSON.stringify({ Data: { [name]: shown }, Links, Meta: {} });
      return { status: 200, text, headers: {}, retryAfterMs: undefined };
    },
    close: () => {},
  };
  let calls = 0;
  const connector = createObukConnector({
    baseUrl,
    http,
    newId: () => `call-${++calls}`,
    nowEpochMs: () => pipeline.nowEpochMs(),
  }) as Connector;
  const pipeline: ScriptedPipeline = createScriptedPipeline([], {
    connectorFor: (provider) => (provider === connector.provider ? connector : undefined),
  });
  await linkTo(pipeline, connector.provider);
  return { pipeline, bank };
}

function recordsOf(
  { accounts, currency, entries }: ObukBank,
  account: string | undefined,
  list: string | undefined,
  from: string,
): readonly [name: string, records: readonly object[]] {
  if (account === undefined) {
    const listed = accounts.map((AccountId) => ({ AccountId, Currency: currency, AccountSubType: 'CurrentAccount' }));
    return ['Account', listed];
  }
  const own = entries.filter(({ AccountId }) => AccountId === account);
  if (list === 'transactions') return ['Transaction', own.filter(({ BookingDateTime }) => BookingDateTime >= from)];
  const balance = { AccountId: account, CreditDebitIndicator: 'Credit', Type: 'InterimBooked' };
  const Amount = { Amount: `${own.length}.00`, Currency: currency };
  return ['Balance', [{ ...balance, Amount, DateTime: '2023-11-14T00:00:00+00:00' }]];
}
