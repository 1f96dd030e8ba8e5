import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BankHolding } from '../bank/holding.ts';
import { type Providers, startProviders } from '../server.ts';
import { control, pageOf, plaid, type ReceivedPage, sync } from '../test-client.ts';
import { accessToken } from './identifiers.ts';

let providers: Providers;
let used = 0;
beforeAll(async () => {
  providers = await startProviders({ latency: { medianMs: 0, p99Ms: 0 }, multiPageShare: 0, connections: 100 });
});
afterAll(() => providers.close());

/** A connection that no test before has touched. */
function fresh(): string {
  used += 1;
  return accessToken(used);
}

const holds = (token: string): BankHolding => providers.bank.holds(Number(token.slice('access-sandbox-'.length)));

async function change(token: string, ...changes: Record<string, unknown>[]) {
  const { status, json } = await control(providers, 'POST', `/connections/${token}/changes`, { changes });
  expect({ status, error: json.error }).toEqual({ status: 200, error: undefined });
  return json.results as { transaction_ids: string[]; account_ids: string[] }[];
}

/** Every page behind a cursor as one. */
async function read(token: string, cursor = '', count = 500, options = {}): Promise<ReceivedPage> {
  let page = pageOf(await plaid(providers, '/transactions/sync', { access_token: token, cursor, count, options }));
  let all = page;
  while (page.has_more) {
    page = pageOf(await sync(providers, { access_token: token, cursor: page.next_cursor, count }));
    all = {
      ...page,
      added: [...all.added, ...page.added],
      modified: [...all.modified, ...page.modified],
      removed: [...all.removed, ...page.removed],
    };
  }
  return all;
}

const accountsOf = async (token: string) =>
  pageOf(await plaid(providers, '/accounts/get', { access_token: token })).accounts;

const ids = (records: readonly Record<string, unknown>[]) => records.map((each) => each.transaction_id);

describe('a scripted bank', () => {
  it('tells a removal, a restoration under the same id, and a change, each as a later page', async () => {
    const token = fresh();
    const { next_cursor: start, added } = await read(token);
    const id = String(added[5]?.transaction_id);
    await change(token, { change: 'remove', id });
    const removed = await read(token, start);
    expect([ids(removed.added), removed.removed]).toEqual([
      [],
      [{ transaction_id: id, account_id: added[5]?.account_id }],
    ]);
    await change(token, { change: 'restore', id });
    const restored = await read(token, removed.next_cursor);
    expect([restored.added, restored.removed]).toEqual([[added[5]], []]);
    await change(token, { change: 'modify', id, name: 'CAFÉ', members: { check_number: '17' } });
    const modified = await read(token, restored.next_cursor);
    expect(modified.modified).toEqual([{ ...added[5], name: 'CAFÉ', check_number: '17' }]);
    // Behind the first cursor the net effect alone is told.
    const net = await read(token, start);
    expect([ids(net.added), ids(net.modified), net.removed]).toEqual([[], [id], []]);
  });

  it('moves a record to another account under its id, and money with it', async () => {
    const token = fresh();
    const { next_cursor: start } = await read(token);
    const [from, to] = await accountsOf(token);
    const [
      {
        transaction_ids: [id = ''],
      } = { transaction_ids: [] },
    ] = await change(token, {
      change: 'add',
      account: from?.account_id,
      amount: '7',
      date: '2025-01-02',
    });
    await read(token, start);
    await change(token, { change: 'move', id, account: to?.account_id });
    const current = (list: readonly Record<string, unknown>[]) =>
      list.map((account) => (account.balances as { current: number }).current);
    const [[checking = 0, card = 0], [checkingNow, cardNow]] = [
      current([from ?? {}, to ?? {}]),
      current(await accountsOf(token)),
    ];
    expect([checkingNow, Number(((cardNow ?? 0) - card).toFixed(3))]).toEqual([checking, 7]);
    expect(holds(token).transactions[id]?.account_id).toBe(to?.account_id);
  });

  it.each([
    ['new-id-linked', true, true],
    ['new-id-unlinked', true, false],
    ['same-id', false, false],
  ])('posts a pending entry: %s', async (as, newId, linked) => {
    const token = fresh();
    const [
      {
        transaction_ids: [id = ''],
      } = { transaction_ids: [] },
    ] = await change(token, {
      change: 'add',
      amount: '40',
      pending: true,
    });
    const { next_cursor: cursor } = await read(token);
    await change(token, { change: 'post', id, as, amount: '48' });
    const page = await read(token, cursor);
    const posted = [...page.added, ...page.modified];
    expect(posted).toMatchObject([{ pending: false, amount: 48, pending_transaction_id: linked ? id : null }]);
    expect(posted[0]?.transaction_id === id).toBe(!newId);
    expect(page.removed.map((each) => each.transaction_id)).toEqual(newId ? [id] : []);
  });

  it('brings an account back under another id: the old one leaves the list, its records come under new ids', async () => {
    const token = fresh();
    const before = await read(token);
    const [old] = await accountsOf(token);
    await change(token, { change: 'account', account: old?.account_id, persistent_account_id: 'p-1' });
    const [
      {
        account_ids: [made],
      } = { account_ids: [] },
    ] = await change(token, { change: 'churn', account: old?.account_id });
    const now = await accountsOf(token);
    expect(now.map((account) => account.account_id)).not.toContain(old?.account_id);
    expect(now.find((account) => account.account_id === made)).toEqual({
      ...old,
      account_id: made,
      persistent_account_id: 'p-1',
    });
    const page = await read(token, before.next_cursor);
    const ofOld = before.added.filter((each) => each.account_id === old?.account_id);
    expect(page.removed.map((each) => each.transaction_id).sort()).toEqual(ids(ofOld).sort());
    expect(page.added).toHaveLength(ofOld.length);
    expect(ids(page.added).filter((id) => ids(ofOld).includes(id))).toEqual([]);
    expect(holds(token).accounts.find((account) => account.account_id === old?.account_id)).toMatchObject({
      state: 'replaced',
      replaced_by: made,
      persistent_account_id: 'p-1',
    });
  });

  it.each([
    ['left-out', 0, false],
    ['still-read', 0, true],
    ['removed', null, false],
  ])('closes an account whose transactions are %s', async (transactions, removals, inFullReads) => {
    const token = fresh();
    const { next_cursor: cursor, added } = await read(token);
    const account = added[0]?.account_id;
    const own = added.filter((each) => each.account_id === account);
    await change(token, { change: 'close', account, transactions });
    expect((await accountsOf(token)).map((each) => each.account_id)).not.toContain(account);
    expect((await read(token, cursor)).removed).toHaveLength(removals ?? own.length);
    const full = await read(token);
    expect(full.added.filter((each) => each.account_id === account)).toHaveLength(inFullReads ? own.length : 0);
  });

  it('opens accounts without transactions, of any type, which no page names', async () => {
    const token = fresh();
    await change(token, { change: 'open', type: 'investment', name: 'Retirement', current: '23631.98', limit: null });
    await change(token, { change: 'open', currency: 'BTC', type: 'investment', current: '0.00012345' });
    expect((await accountsOf(token)).slice(-2)).toMatchObject([
      { type: 'investment', subtype: '401k', name: 'Retirement', balances: { current: 23_631.98, limit: null } },
      { balances: { current: 0.00012345, iso_currency_code: null, unofficial_currency_code: 'BTC' } },
    ]);
    expect((await read(token)).accounts.map((account) => account.type)).not.toContain('investment');
  });

  it('refuses a page whose bank has changed since the loop began, and begins it anew from its cursor', async () => {
    const token = fresh();
    const first = pageOf(await sync(providers, { access_token: token, count: 25 }));
    await change(token, { change: 'add', amount: '1' });
    const second = await sync(providers, { access_token: token, cursor: first.next_cursor, count: 25 });
    expect(JSON.parse(second.text)).toMatchObject({ error_code: 'TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION' });
    expect((await read(token, '', 25)).added).toHaveLength(41);
  });

  it('is not ready, then recent, then whole', async () => {
    const token = fresh();
    await change(token, { change: 'extraction', status: 'NOT_READY' });
    expect(await read(token)).toMatchObject({ added: [], next_cursor: '', transactions_update_status: 'NOT_READY' });
    expect(holds(token)).toMatchObject({ transactions: {}, waiting: 40 });
    await change(token, { change: 'extraction', status: 'INITIAL_UPDATE_COMPLETE' });
    const recent = await read(token);
    expect(recent.transactions_update_status).toBe('INITIAL_UPDATE_COMPLETE');
    expect(recent.added.length).toBeGreaterThan(5);
    for (const record of recent.added) expect(String(record.date) >= '2024-12-01').toBe(true); // the day before is 2024-12-31
    await change(token, { change: 'extraction', status: 'HISTORICAL_UPDATE_COMPLETE' });
    const rest = await read(token, recent.next_cursor);
    expect([recent.added.length + rest.added.length, rest.transactions_update_status]).toEqual([
      40,
      'HISTORICAL_UPDATE_COMPLETE',
    ]);
  });

  it('reaches back as far as the first call asks, for good', async () => {
    const token = fresh();
    const { added } = await read(token, '', 500, { days_requested: 30 });
    expect(added.length).toBeGreaterThan(5);
    for (const record of added) expect(String(record.date) >= '2024-12-01').toBe(true);
    const again = await read(token, '', 500, { days_requested: 730 });
    expect(ids(again.added).slice(0, added.length)).toEqual(ids(added));
  });

  it('is linked again as another Item: the same money under new ids, and the old Item stays', async () => {
    const [from, to] = [fresh(), fresh()];
    const before = await read(from);
    const own = (await read(to)).next_cursor;
    expect((await control(providers, 'POST', `/connections/${from}/relink`, { to })).json).toMatchObject({ token: to });
    const after = await read(to);
    const content = ({ amount, date, name }: Record<string, unknown>) => [amount, date, name];
    expect(after.added.map(content)).toEqual(before.added.map(content));
    expect(ids(after.added).filter((id) => ids(before.added).includes(id))).toEqual([]);
    const [accountsBefore, accountsAfter] = [await accountsOf(from), await accountsOf(to)];
    expect(accountsAfter.map(({ account_id: _, ...rest }) => rest)).toEqual(
      accountsBefore.map(({ account_id: _, ...rest }) => rest),
    );
    expect(JSON.parse((await sync(providers, { access_token: to, cursor: own })).text)).toMatchObject({
      error_code: 'INVALID_FIELD',
    });
  });

  it('may have 1,000 accounts', async () => {
    const token = fresh();
    const own = (await accountsOf(token)).length;
    await change(token, { change: 'open', count: 1_000, persistent_account_id: 'many' });
    const accounts = await accountsOf(token);
    expect([accounts.length, new Set(accounts.map((account) => account.account_id)).size]).toEqual([
      own + 1_000,
      own + 1_000,
    ]);
    expect(accounts.at(-1)?.persistent_account_id).toBe('many-999');
  });

  it('may have 20,000 transactions, read page by page, each once', async () => {
    const token = fresh();
    await control(providers, 'POST', `/connections/${token}/restart`, { transactions: 20_000 });
    const { added } = await read(token, '', 500, { days_requested: 730 });
    expect([added.length, new Set(ids(added)).size]).toEqual([20_000, 20_000]);
  });

  it('goes on with its story around what a script has done', async () => {
    const token = fresh();
    await change(token, { change: 'remove', id: (await read(token)).added[0]?.transaction_id });
    const { next_cursor: cursor } = await read(token);
    expect((await read(token, cursor)).next_cursor).toBe(cursor); // time stands still for a scripted bank
    await control(providers, 'POST', `/connections/${token}/advance`, { steps: 3 });
    const told = await read(token, cursor);
    expect(told.added.length).toBeGreaterThan(5);
    await control(providers, 'POST', `/connections/${token}`, { published: null });
    expect((await read(token, told.next_cursor)).added.length).toBeGreaterThan(0);
  });

  it('ends pending entries as the story tells it, also under the ids that an account churn gave them', async () => {
    const token = fresh();
    await control(providers, 'POST', `/connections/${token}`, { published: 10 });
    const pending = () => Object.entries(holds(token).transactions).filter(([, { pending: is }]) => is);
    const before = new Map(pending());
    expect(before.size).toBeGreaterThan(0);
    await change(
      token,
      ...(await accountsOf(token)).map((account) => ({ change: 'churn', account: account.account_id })),
    );
    const reissued = new Map(pending());
    expect(reissued.size).toBe(before.size);
    expect([...reissued.keys()].filter((id) => before.has(id))).toEqual([]);
    await control(providers, 'POST', `/connections/${token}/advance`, { steps: 4 });
    expect(pending().filter(([id]) => reissued.has(id))).toEqual([]);
    const links = Object.values(holds(token).transactions).map((record) => record.pending_transaction_id);
    expect(links.some((id) => id !== null && reissued.has(id))).toBe(true);
  });

  it('has bad days by command, and says what they did', async () => {
    const token = fresh();
    const { json } = await control(providers, 'POST', `/connections/${token}/bad-days`, { days: 5, seed: 3 });
    expect((json.changes as unknown[]).length).toBeGreaterThan(5);
    expect(Object.keys(holds(token).transactions).sort()).not.toEqual(ids((await read(fresh())).added).sort());
    expect((await control(providers, 'GET', `/connections/${token}/holds`)).json).toEqual(holds(token));
  });

  it.each([
    [{}, 400, 'changes must be a list'],
    [{ changes: [{ change: 'explode' }] }, 400, 'changes[0]: change must be one of add, remove'],
    [{ changes: [{ change: 'remove' }] }, 400, 'changes[0]: remove needs id'],
    [{ changes: [{ change: 'remove', id: 'x', why: 1 }] }, 400, 'changes[0]: unknown member "why": remove takes id'],
    [{ changes: [{ change: 'add', amount: 5 }] }, 400, 'amount must be a decimal text like "-12.5"'],
    [{ changes: [{ change: 'add', amount: '5', date: 'today' }] }, 400, 'date must be a date YYYY-MM-DD'],
    [{ changes: [{ change: 'add', amount: '5', pending: 1 }] }, 400, 'pending must be true or false'],
    [{ changes: [{ change: 'add', amount: '5', members: [] }] }, 400, 'members must be an object'],
    [{ changes: [{ change: 'open', count: 0 }] }, 400, 'count must be a whole number from 1 to 5000'],
    [{ changes: [{ change: 'open', type: 'piggy' }] }, 400, 'type must be one of depository,'],
    [{ changes: [{ change: 'open', mask: 5 }] }, 400, 'mask must be text, or null'],
    [{ changes: [7] }, 400, 'changes[0]: a change must be a JSON object'],
    [{ changes: [{ change: 'remove', id: 'x' }] }, 409, 'changes[0]: the bank holds no transaction "x"'],
    [{ changes: [{ change: 'restore', id: 'x' }] }, 409, 'the bank never held "x"'],
    [{ changes: [{ change: 'close', account: 'x' }] }, 409, 'no account has the id "x"'],
    [{ changes: [{ change: 'open', currency: 'QQQ' }] }, 409, 'no bank here has the currency "QQQ"'],
    [{ changes: [{ change: 'add', amount: '0.00000001' }] }, 409, 'is no exact amount of'],
    [{ changes: [{ change: 'add', amount: '1', id: 'a b' }] }, 409, 'id must be 1 to 64 letters'],
  ])('refuses %j with %i', async (body, status, message) => {
    const answer = await control(providers, 'POST', '/connections/access-sandbox-0/changes', body);
    expect(answer).toEqual({ status, json: { error: expect.stringContaining(message) } });
  });

  it('refuses what it cannot do again', async () => {
    const token = fresh();
    const { added } = await read(token);
    const { transaction_id: id, account_id: account } = added[0] ?? {};
    const refused = async (...changes: Record<string, unknown>[]) =>
      (await control(providers, 'POST', `/connections/${token}/changes`, { changes })).json.error;
    expect(await refused({ change: 'restore', id })).toContain('there is nothing to restore');
    expect(await refused({ change: 'post', id })).toContain('is posted already');
    expect(await refused({ change: 'add', amount: '1', id })).toContain('already');
    expect(await refused({ change: 'close', account }, { change: 'close', account })).toBe(
      `changes[1]: the account ${String(account)} is closed`,
    );
    expect((await control(providers, 'POST', `/connections/${token}/relink`, { to: token })).json.error).toContain(
      'another connection',
    );
  });
});

describe('quotas of the other calls', () => {
  it.each([
    ['/accounts/get', 'accountsPerItemPerMinute', 'ACCOUNTS_LIMIT'],
    ['/accounts/balance/get', 'balancesPerItemPerMinute', 'ACCOUNTS_BALANCE_GET_LIMIT'],
    ['/item/get', 'itemsPerItemPerMinute', 'ITEM_GET_LIMIT'],
  ])('%s has its own: %s', async (path, limit, code) => {
    const token = fresh();
    await control(providers, 'POST', '/limits', { [limit]: 2 });
    const answers = [];
    for (let i = 0; i < 3; i += 1) answers.push(await plaid(providers, path, { access_token: token }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(JSON.parse(answers[2]?.text ?? '')).toMatchObject({ error_code: code, error_type: 'RATE_LIMIT_EXCEEDED' });
    expect((await sync(providers, { access_token: token })).status).toBe(200);
    await control(providers, 'POST', '/limits', { [limit]: null });
  });
});
