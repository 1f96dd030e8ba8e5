/** For tests: a bank of the Berlin Group's standard that answers as scripted, and a read of it as the pipeline does one. */
import { createDeadline } from '@quartersec/sla';
import type { Account, CanonicalPage } from '@quartersec/validation';
import { afterAll, beforeAll } from 'vitest';
import { createBerlinConnector } from '../berlin-group/connector.ts';
import { createHttpClient } from '../http-client.ts';
import { answers, type ScriptedServer, startScriptedServer } from '../scripted-server.ts';

const startEpochMs = Date.UTC(2026, 10, 27, 9);
export const iban = 'DE2310010010123456789';
export const ibanB = 'DE2310010010123456788';
export const other = 'NL76RABO0359400371';
export const money = (amount: unknown, currency = 'EUR') => ({ amount, currency });
export const entry = (members: Record<string, unknown> = {}) => ({
  transactionId: 't1',
  transactionAmount: money('-12.50'),
  bookingDate: '2026-11-20',
  creditorName: 'Cafe',
  remittanceInformationUnstructured: 'COFFEE',
  ...members,
});
export const body = (value: unknown) => JSON.stringify(value);
export const report = (booked: unknown[], { next, ...more }: Record<string, unknown> = {}) =>
  body({ transactions: { booked, _links: { account: { href: '/' }, ...(next !== undefined && { next }) }, ...more } });
export const listed = (resourceId: string, members: Record<string, unknown> = {}) => ({
  resourceId,
  iban,
  currency: 'EUR',
  cashAccountType: 'CACC',
  ...members,
});
export const list = (...accounts: Record<string, unknown>[]) => body({ accounts });
export const balance = (amount: unknown = '230.00') =>
  body({ balances: [{ balanceAmount: money(amount), balanceType: 'interimBooked' }] });
export const tpp = (code: string, category = 'ERROR') =>
  body({ tppMessages: [{ category, code, text: 'of 12345678' }] });

export function create(baseUrl: string, path = '', more: { readonly historyDays?: number } = { historyDays: 730 }) {
  const nowEpochMs = () => startEpochMs;
  const limits = { nowEpochMs, maxBodyBytes: 1_000_000 };
  const http = createHttpClient({ provider: 'berlin-group', allowedOrigins: [baseUrl], ...limits });
  let ids = 0;
  const newId = () => `call-${++ids}`;
  const options = { institutionId: 'ins-1', baseUrl: `${baseUrl}${path}`, http, newId, nowEpochMs, ...more };
  return { connector: createBerlinConnector(options), close: http.close };
}

export const base = '/psd2/v1/accounts';

export type Script = string | readonly [status: number, body: string, headers?: Readonly<Record<string, string>>];

export interface ReadOptions {
  readonly known?: readonly Account[];
  readonly secret?: string;
  readonly userIpAddress?: string;
  readonly opened?: ReturnType<typeof create>;
}

export const limits = () => ({ attemptTimeoutMs: 60_000, deadline: createDeadline(60_000, () => performance.now()) });

export const context = (knownAccounts: readonly Account[]) => ({
  connectionId: 'conn-1',
  institutionId: 'ins-1',
  knownAccounts,
  today: '2026-11-27',
});

/** Within a `describe`: the bank is there for its tests. */
export function useBerlinBank() {
  let server: ScriptedServer;

  beforeAll(async () => {
    server = await startScriptedServer();
  });
  afterAll(() => server.close());

  const scripted = (...script: readonly Script[]) =>
    server.script(
      ...script.map((each) => (typeof each === 'string' ? answers.json(200, each) : answers.json(...each))),
    );

  /** One page after the other, as the pipeline does. */
  async function read(cursor: string | null, script: readonly Script[], options: ReadOptions = {}) {
    const { known = [], secret = 'consent-1', userIpAddress } = options;
    const opened = options.opened ?? create(server.baseUrl, '/psd2/v1/');
    const before = server.calls.length;
    scripted(...script);
    const pages: CanonicalPage[] = [];
    const cursors: (string | null)[] = [];
    let [at, more, history, drift] = [cursor, true, '', 0];
    while (more && server.calls.length - before < script.length) {
      const request = { accessToken: secret, cursor: at, ...(userIpAddress !== undefined && { userIpAddress }) };
      const page = opened.connector.validatePage(await opened.connector.fetchPage(request, limits()));
      const accounts = [...known, ...pages.flatMap((each) => each.accounts)];
      pages.push(opened.connector.normalisePage(page, context(accounts)));
      at = page.nextCursor;
      cursors.push(at);
      more = page.hasMore;
      history = page.history;
      drift += page.unknownFields + page.unknownEnums;
    }
    if (options.opened === undefined) opened.close();
    const calls = server.calls.slice(before);
    return { pages, cursors, end: at, more, history, drift, calls, paths: calls.map(({ path }) => path) };
  }

  const one = async (...booked: Record<string, unknown>[]) =>
    (await read(null, [list(listed('a1')), balance(), report(booked.map(entry))])).pages[2] as CanonicalPage;

  /** Another connector of the same bank, to be closed. */
  const open = (more?: Parameters<typeof create>[2]) => create(server.baseUrl, '/psd2/v1', more);
  return { read, one, scripted, open, baseUrl: () => server.baseUrl, calls: () => server.calls };
}
