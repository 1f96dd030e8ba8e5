/** For tests: the pipeline over the real connector of the Berlin Group's standard. A bank of a few lists stands behind it; no call leaves the process. */
import { type Connector, createBerlinConnector, type HttpAnswer, type HttpClient } from '@quartersec/providers';
import { createScriptedPipeline, type ScriptedPipeline } from '../scripted-pipeline.ts';
import { linkTo } from './list-connection.ts';

const baseUrl = 'https://bank.example/psd2/v1';

export interface BerlinEntry {
  /** Of the account that it is in. */
  readonly resourceId: string;
  readonly isPending: boolean;
  readonly transactionId?: string;
  readonly bookingDate?: string | undefined;
  readonly transactionAmount: { readonly amount: string; readonly currency: string };
  readonly creditorName?: string;
  readonly creditorAccount?: { readonly iban: string };
  readonly remittanceInformationUnstructured?: string;
}

export interface BerlinAccountListed {
  readonly resourceId: string;
  readonly iban: string;
  readonly currency: string;
  readonly ownerName?: string;
}

/** What the bank holds, to be changed between two events. */
export interface BerlinBank {
  accounts: BerlinAccountListed[];
  entries: BerlinEntry[];
  pageSize: number;
  /** Instead of every answer, while it is set. */
  refusal: Pick<HttpAnswer, 'status' | 'text' | 'retryAfterMs'> | undefined;
  readonly calls: string[];
  readonly headers: Readonly<Record<string, string>>[];
}

/** A booked debit of 1.00 EUR in `a1`. */
export function berlinEntry(transactionId: string | undefined, members: Partial<BerlinEntry> = {}): BerlinEntry {
  return {
    resourceId: 'a1',
    isPending: false,
    ...(transactionId !== undefined && { transactionId }),
    bookingDate: '2023-11-10',
    transactionAmount: { amount: '-1.00', currency: 'EUR' },
    remittanceInformationUnstructured: 'COFFEE',
    ...members,
  };
}

/** With `conn-1` linked. */
export async function createBerlinPipeline(): Promise<{
  readonly pipeline: ScriptedPipeline;
  readonly bank: BerlinBank;
}> {
  const bank: BerlinBank = {
    accounts: [
      { resourceId: 'a1', iban: 'DE2310010010123456789', currency: 'EUR' },
      { resourceId: 'a2', iban: 'DE2310010010123456788', currency: 'EUR' },
    ],
    entries: [],
    pageSize: 100,
    refusal: undefined,
    calls: [],
    headers: [],
  };
  const http: HttpClient = {
    async send({ url, headers }) {
      bank.calls.push(url.slice(baseUrl.length));
      bank.headers.push(headers);
      if (bank.refusal !== undefined) return { ...bank.refusal, headers: {} };
      return { status: 200, text: JSON.stringify(answerOf(bank, new URL(url))), headers: {}, retryAfterMs: undefined };
    },
    close: () => {},
  };
  let calls = 0;
  const connector = createBerlinConnector({
    institutionId: 'bank-a',
    baseUrl,
    http,
    newId: () => `call-${++calls}`,
    nowEpochMs: () => pipeline.nowEpochMs(),
  }) as Connector;
  const pipeline: ScriptedPipeline = createScriptedPipeline([], {
    connectorFor: (provider) => (provider === connector.provider ? connector : undefined),
    openToken: () => 'consent-1 token-1',
  });
  await linkTo(pipeline, connector.provider);
  return { pipeline, bank };
}

function answerOf({ accounts, entries, pageSize }: BerlinBank, { pathname, searchParams }: URL): object {
  const [, id, list] = /\/accounts(?:\/(.*)\/(.*))?$/.exec(pathname) ?? [];
  if (id === undefined) return { accounts };
  const account = accounts.find(({ resourceId }) => resourceId === id);
  const own = entries.filter(({ resourceId }) => resourceId === id);
  if (list === 'balances') {
    const balanceAmount = { amount: `${own.length}.00`, currency: account?.currency };
    return { account: { iban: account?.iban }, balances: [{ balanceAmount, balanceType: 'interimBooked' }] };
  }
  const from = searchParams.get('dateFrom') ?? '';
  const listed = own.filter(({ isPending, bookingDate = '' }) => isPending || bookingDate >= from);
  const page = Number(searchParams.get('page') ?? 1);
  const shown = listed.slice((page - 1) * pageSize, page * pageSize);
  const of = (isPending: boolean) =>
    shown.filter((each) => each.isPending === isPending).map(({ resourceId: _, isPending: __, ...wire }) => wire);
  searchParams.set('page', String(page + 1));
  const next = listed.length > page * pageSize ? { next: { href: `${pathname}?${searchParams}` } } : {};
  return {
    account: { iban: account?.iban },
    transactions: { booked: of(false), pending: of(true), _links: { account: { href: pathname }, ...next } },
  };
}
