/** `npm start` before a bank whose responses are written here: cases of public reports, as an operator of the running system meets them. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { connectTable, region } from '@quartersec/sandbox-system';
import { createJournal, foldTransactions, readEntries } from '@quartersec/storage';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { until, within } from './journey.ts';
import { type StartedSystem, startSystemProcess } from './started-system.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

type Wire = Readonly<Record<string, unknown>>;

const account = (id: string): Wire => ({
  account_id: id,
  mask: '0000',
  name: 'Checking',
  official_name: null,
  type: 'depository',
  subtype: 'checking',
  balances: { available: 100, current: 110, limit: null, iso_currency_code: 'USD', unofficial_currency_code: null },
});

const transaction = (id: string, accountId: string, more: Wire = {}): Wire => ({
  transaction_id: id,
  pending_transaction_id: null,
  account_id: accountId,
  amount: 12.5,
  iso_currency_code: 'USD',
  unofficial_currency_code: null,
  date: '2026-03-10',
  datetime: null,
  authorized_date: null,
  authorized_datetime: null,
  pending: false,
  name: `SHOP ${id}`,
  merchant_name: null,
  payment_channel: 'other',
  payment_meta: {},
  transaction_code: null,
  location: {},
  account_owner: null,
  ...more,
});

const page = (nextCursor: string, more: Wire): Wire => ({
  accounts: [account('acc-1')],
  added: [],
  modified: [],
  removed: [],
  next_cursor: nextCursor,
  has_more: false,
  request_id: 'request-1',
  transactions_update_status: 'HISTORICAL_UPDATE_COMPLETE',
  ...more,
});

const mutation: Wire = {
  error_type: 'TRANSACTIONS_ERROR',
  error_code: 'TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION',
  error_message: 'Underlying transaction data changed since last page was fetched.',
  display_message: null,
  request_id: 'request-1',
};

/** What the bank says to each cursor; the empty one is ''. */
const bank = {
  accounts: [account('acc-1')],
  pages: new Map<string, Wire>(),
  cursorsAsked: [] as string[],
};

function startBank(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const { cursor = '' } = (await json(request)) as { cursor?: string };
    const isList = request.url === '/accounts/get';
    if (!isList) bank.cursorsAsked.push(cursor);
    const said = isList ? { accounts: bank.accounts, item: {}, request_id: 'request-1' } : bank.pages.get(cursor);
    const status = said === undefined || 'error_code' in said ? 400 : 200;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said ?? {}));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

let server: Server;
let system: StartedSystem;

beforeAll(async () => {
  server = await startBank();
  system = await startSystemProcess([], {
    PLAID_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    PLAID_CLIENT_ID: 'client',
    PLAID_SECRET: 'secret',
    PLAID_ACCESS_TOKEN: 'access-sandbox-0',
  });
});

afterAll(async () => {
  await system?.dispose();
  server?.closeAllConnections();
  server?.close();
});

async function stored() {
  const { tableName, dynamoDbUrl } = system.announced();
  const { client, table } = connectTable({ tableName, region, endpoint: dynamoDbUrl });
  const head = await createJournal({ table }).readHead('plaid-0', { ...within(), fresh: true });
  if (head === undefined) throw new Error('plaid-0 has no head');
  const entries = await readEntries(table, 'plaid-0', { fromVersion: 1, toVersion: head.version }, within());
  client.destroy();
  return {
    version: head.version,
    open: head.accounts.filter(({ state }) => state === 'open').map(({ providerAccountId }) => providerAccountId),
    standing: foldTransactions(entries)
      .map(({ transaction: { providerTransactionId } }) => providerTransactionId)
      .sort(),
  };
}

const sync = () => system.command('sync.ts', 'plaid-0');

it('takes null for an empty list', async () => {
  const added = [
    transaction('t1', 'acc-1'),
    transaction('t2', 'acc-1'),
    transaction('pend1', 'acc-1', { pending: true }),
  ];
  bank.pages.set('', page('c1', { added, modified: null, removed: null }));
  expect((await sync()).text).toContain('3 added');
  expect(await stored()).toMatchObject({ open: ['acc-1'], standing: ['pend1', 't1', 't2'] });
});

it('leaves no phantom of what the bank dropped while its cursor was lost', async () => {
  bank.pages.set('c1', mutation);
  bank.pages.set('', page('c2', { added: [transaction('p1', 'acc-1'), transaction('t2', 'acc-1')] }));
  expect((await sync()).code).toBe(0);
  expect((await stored()).standing).toEqual(['p1', 't2']);
});

it('counts an account once that comes back under a new id', async () => {
  bank.accounts = [account('acc-NEW')];
  const removed = ['p1', 't2'].map((id) => ({ transaction_id: id, account_id: 'acc-1' }));
  const added = [transaction('n1', 'acc-NEW')];
  bank.pages.set('c2', page('c3', { accounts: [account('acc-NEW')], added, removed }));
  expect((await sync()).code).toBe(0);
  expect(await stored()).toMatchObject({ open: ['acc-NEW'], standing: ['n1'] });
});

describe('pagination that does not move', () => {
  const more = (nextCursor: string) =>
    page(nextCursor, { accounts: [account('acc-NEW')], added: [transaction('s1', 'acc-NEW')], has_more: true });

  it.each([
    ['stands still', [['c3', 'c3']]],
    [
      'goes round',
      [
        ['c3', 'c4'],
        ['c4', 'c5'],
        ['c5', 'c3'],
      ],
    ],
  ])('that %s ends after few calls, with one alert and no entry', async (_, steps) => {
    for (const [from = '', to = ''] of steps) bank.pages.set(from, more(to));
    const before = await stored();
    bank.cursorsAsked = [];
    const { code, text } = await sync();
    expect(code).toBe(1);
    expect(text).toContain('PAGINATION_STUCK');
    expect(bank.cursorsAsked.length).toBeLessThanOrEqual(5);
    expect(await stored()).toEqual(before);
    const causes = async () => {
      const { alerts } = (await (await fetch(`${system.url}/snapshot.json`)).json()) as {
        alerts: { name: string; status: string; under?: string }[];
      };
      return alerts.filter(({ status, under }) => status === 'firing' && under === undefined).map(({ name }) => name);
    };
    await until('the alert', async () => (await causes()).length > 0, 20_000);
    expect(await causes()).toEqual(['RestartsExhausted']);
  });
});

it('has stored nothing that the audit calls wrong', async () => {
  expect(await system.command('data.ts', 'audit')).toMatchObject({ code: 0 });
});
