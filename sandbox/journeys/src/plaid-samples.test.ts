/**
 * Plaid's answers through the whole pipeline over HTTP: our own examples always, Plaid's published ones where they are at
 * hand (their terms do not let us copy them). What must be stored is written by hand from Plaid's documentation.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { System } from '@quartersec/sandbox-system';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectCleanAudit, postEvent, readJournal, startJourneySystem } from './journey.ts';

interface Answer {
  readonly status: number;
  readonly text: string;
}

const published = new URL('../../../../shared/providers/samples/plaid/', import.meta.url);
const ours = (name: string) =>
  readFileSync(new URL(import.meta.resolve(`@quartersec/validation/plaid/examples/${name}`)), 'utf8');
const theirs = (name: string) => (existsSync(published) ? readFileSync(new URL(name, published), 'utf8') : '');

/** Plaid sends balances by themselves in another call; a page with these accounts and no records carries them here. */
const asPage = (balances: string, cursor: string) =>
  balances === ''
    ? ''
    : JSON.stringify({
        accounts: 'ACCOUNTS',
        added: [],
        modified: [],
        removed: [],
        next_cursor: cursor,
        has_more: false,
        request_id: 'r1',
        transactions_update_status: 'HISTORICAL_UPDATE_COMPLETE',
        // The accounts' own text, so that every amount keeps the digits it was published with.
      }).replace('"ACCOUNTS"', () => /"accounts":\s*(\[[\s\S]*?\n {2}\])/.exec(balances)?.[1] ?? '[]');

const firstPage = (page: string) => page.replace(/"has_more":\s*false/, '"has_more": true');

/** By access token: the answers in order, the last one for ever. */
const scripts: Record<string, Answer[]> = {
  'ours-page': [{ status: 200, text: ours('sync-page.json') }],
  'ours-balances': [{ status: 200, text: asPage(ours('accounts-balance.json'), 'c1') }],
  'ours-login': [{ status: 400, text: ours('error-item-login-required.json') }],
  'ours-limit': [{ status: 429, text: ours('error-sync-limit.json') }],
  'ours-mutation': [
    { status: 200, text: firstPage(ours('sync-page.json')) },
    { status: 400, text: ours('error-sync-mutation.json') },
    { status: 200, text: ours('sync-page.json') },
  ],
  'ours-not-ready': [{ status: 200, text: ours('sync-page-not-ready.json') }],
  'their-page': [{ status: 200, text: theirs('transactions_sync.response.json') }],
  'their-balances': [{ status: 200, text: asPage(theirs('accounts_balance_get.response.json'), 'c1') }],
  'their-login': [{ status: 400, text: theirs('error.item_login_required.400.json') }],
  'their-limit': [{ status: 429, text: theirs('error.transactions_sync_limit.429.json') }],
  'their-mutation': [
    { status: 200, text: firstPage(theirs('transactions_sync.response.json')) },
    { status: 400, text: theirs('error.transactions_sync_mutation.400.json') },
    { status: 200, text: theirs('transactions_sync.response.json') },
  ],
};
const tokens = Object.keys(scripts);

let server: Server;
let system: System;

beforeAll(async () => {
  const calls = new Map<string, number>();
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    // The examples are pages: their account list stays unread, and the next event would ask again.
    if (request.url === '/accounts/get') return void response.writeHead(500).end();
    const { access_token: token } = JSON.parse(body);
    const call = calls.get(token) ?? 0;
    calls.set(token, call + 1);
    const answers = scripts[token] ?? [];
    const answer = answers[Math.min(call, answers.length - 1)];
    response.writeHead(answer?.status ?? 404, { 'content-type': 'application/json' }).end(answer?.text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  system = await startJourneySystem({ plaid: { baseUrl, clientId: 'id', secret: 'secret', accessTokens: tokens } });
});

afterAll(async () => {
  await system?.close();
  server.close();
});

const sync = (token: string) => postEvent(system, { connectionId: `plaid-${tokens.indexOf(token)}` });

async function stored(token: string) {
  const { head, standing, entries } = await readJournal(system, `plaid-${tokens.indexOf(token)}`);
  const transactions = standing.map(({ transaction: found }) => ({
    id: found.providerTransactionId,
    amount: `${found.amount.minor}e-${found.amount.exponent} ${found.amount.currency}`,
    direction: found.direction,
    status: found.status,
    booked: found.bookingDate,
    replacesPending: found.supersedes !== null,
  }));
  const balances = head.accounts.flatMap((account) =>
    account.balances.map(
      ({ balanceType, amount }) =>
        `${account.type} ${account.nature} ${balanceType} ${amount.minor}e-${amount.exponent} ${amount.currency ?? amount.unofficialCurrency}`,
    ),
  );
  return {
    head,
    entries,
    balances,
    transactions: transactions.sort((one, other) => (String(one.id) < String(other.id) ? -1 : 1)),
  };
}

describe.each(existsSync(published) ? ['ours', 'their'] : ['ours'])('the errors of Plaid (%s examples)', (whose) => {
  it('login required: one call, the connection stops, the caller learns why', async () => {
    expect(await sync(`${whose}-login`)).toMatchObject({
      status: 409,
      body: { outcome: { kind: 'stopped', status: 'login-required' }, attempts: 1 },
    });
  });

  it('rate limit without Retry-After: one call, back on the queue for a quota window', async () => {
    const { status, body } = await sync(`${whose}-limit`);
    expect({ status, body }).toMatchObject({
      status: 202,
      body: { outcome: { kind: 'postponed', code: 'THROTTLED' }, attempts: 1 },
    });
    expect((body.outcome as { delayMs: number }).delayMs).toBeGreaterThanOrEqual(60_000);
  });

  it('mutation during pagination: the loop starts over, and its first attempt is void', async () => {
    expect(await sync(`${whose}-mutation`)).toMatchObject({ status: 200, body: { attempts: 3 } });
    const once = await stored(`${whose}-mutation`);
    expect(once.entries).toHaveLength(2); // linked, and the page that counts: the void one was held back
    await sync(`${whose}-page`);
    expect(once.transactions).toEqual((await stored(`${whose}-page`)).transactions);
  });
});

describe('our example page', () => {
  it('is stored with exact amounts, our signs, and the link to the pending record', async () => {
    await sync('ours-page');
    const { transactions, balances } = await stored('ours-page');
    expect(transactions).toContainEqual({
      id: 'tx-books-posted',
      amount: '-1890e-2 USD',
      direction: 'DBIT',
      status: 'BOOK',
      booked: '2026-03-17',
      replacesPending: true,
    });
    expect(transactions).toContainEqual(
      expect.objectContaining({ id: 'tx-payroll', amount: '245000e-2 USD', direction: 'CRDT' }),
    );
    expect(transactions).toContainEqual(expect.objectContaining({ id: 'tx-fx-fee', amount: '-1975e-4 USD' }));
    expect(balances).toEqual([
      'CACC asset ITBD 125490e-2 USD',
      'CACC asset ITAV 120440e-2 USD',
      'CARD liability ITBD -110975e-2 USD',
      'CARD liability ITAV 389025e-2 USD',
    ]);
  });

  it('of balances keeps four decimals, owed amounts negative, unofficial currencies apart', async () => {
    await sync('ours-balances');
    const { balances } = await stored('ours-balances');
    expect(balances).toContain('CACC asset ITBD 236319805e-4 USD');
    expect(balances).toContain('CARD liability ITBD -63000e-2 USD');
    expect(balances).toContain('MORT liability ITBD -18425050e-2 USD');
    expect(balances).toContainEqual(expect.stringMatching(/ITBD 420131e-8 BTC$/));
  });

  it('that is not ready keeps the old cursor and claims no sync', async () => {
    const postponed = { status: 202, body: { outcome: { kind: 'postponed', code: 'NOT_READY' } } };
    expect(await sync('ours-not-ready')).toMatchObject(postponed);
    expect((await stored('ours-not-ready')).head).toMatchObject({ cursor: null, lastSync: null });
  });
});

describe.runIf(existsSync(published))('the published examples', () => {
  it('page: one posted debit that replaces its pending record, one pending debit, balances', async () => {
    expect(await sync('their-page')).toMatchObject({
      status: 200,
      body: { added: 1, modified: 1, removed: 1, quarantined: 0 },
    });
    const { transactions, balances, head } = await stored('their-page');
    expect(transactions).toEqual([
      {
        id: 'lPNjeW1nR6CDn5okmGQ6hEpMo4lLNoSrzqDje',
        amount: '-7210e-2 USD',
        direction: 'DBIT',
        status: 'BOOK',
        booked: '2023-09-24',
        replacesPending: true,
      },
      {
        id: 'yhnUVvtcGGcCKU0bcz8PDQr5ZUxUXebUvbKC0',
        amount: '-2834e-2 USD',
        direction: 'DBIT',
        status: 'PDNG',
        booked: null,
        replacesPending: false,
      },
    ]);
    expect(balances).toEqual(['CACC asset ITBD 11094e-2 USD', 'CACC asset ITAV 11094e-2 USD']);
    expect(head.cursor).toMatch(/^tVUUL15lYQN5/);
  });

  it('balances: funds positive, card and loan negative, an absent one left out', async () => {
    expect(await sync('their-balances')).toMatchObject({ status: 200 });
    expect((await stored('their-balances')).balances).toEqual([
      'CACC asset ITBD 11000e-2 USD',
      'CACC asset ITAV 10000e-2 USD',
      'CARD liability ITBD -41000e-2 USD',
      'LOAN liability ITBD -6526200e-2 USD',
    ]);
  });
});

it('leaves nothing that the audit finds fault with', () => expectCleanAudit(system));
