import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Providers, startProviders } from '../server.ts';
import { BrokenOff, control, pageOf, plaid, type Received, sync } from '../test-client.ts';
import { faultKinds } from './catalogue.ts';

const NOW_EPOCH_MS = Date.UTC(2026, 10, 5, 12, 0, 0, 250);
/** A connection that no test before has read. */
let token = '';
let used = 100;
const shownKinds = new Set<string>();

let providers: Providers;
beforeAll(async () => {
  providers = await startProviders({
    latency: { medianMs: 0, p99Ms: 0 },
    multiPageShare: 0,
    nowEpochMs: () => NOW_EPOCH_MS,
  });
});
afterAll(() => providers.close());
beforeEach(() => {
  used += 1;
  token = `access-sandbox-${used}`;
});
afterEach(() => control(providers, 'DELETE', '/faults'));

/** Sets a fault that meets the next matching call only. */
async function fault(
  kind: string,
  options: Record<string, unknown> = {},
  more: Record<string, unknown> = {},
): Promise<void> {
  shownKinds.add(kind);
  const { status, json } = await control(providers, 'POST', '/faults', { kind, token, times: 1, options, ...more });
  expect({ status, error: json.error }).toEqual({ status: 200, error: undefined });
}

/** The answer under the fault, and the right one behind it. */
async function withFault(
  kind: string,
  options: Record<string, unknown> = {},
  cursor?: string,
): Promise<[bad: Received, good: Received]> {
  await fault(kind, options);
  const fields = { access_token: token, ...(cursor === undefined ? {} : { cursor }) };
  return [await sync(providers, fields), await sync(providers, fields)];
}

/** A cursor behind so many complete syncs. */
async function cursorBehind(syncs: number): Promise<string> {
  let cursor: string | undefined;
  for (let i = 0; i < syncs; i += 1) {
    cursor = pageOf(
      await sync(providers, { access_token: token, ...(cursor === undefined ? {} : { cursor }) }),
    ).next_cursor;
  }
  return cursor ?? '';
}

const plaidCode = ({ status, text }: Received) => [status, (JSON.parse(text) as { error_code: string }).error_code];

describe('faults around an answer, over HTTP', () => {
  it.each([500, 502, 503])('status: a gateway answers %i with HTML, and the next call is fine', async (status) => {
    const [bad, good] = await withFault('status', { status });
    expect([bad.status, bad.headers['content-type'], bad.text.startsWith('<html>')]).toEqual([
      status,
      'text/html',
      true,
    ]);
    expect([good.status, pageOf(good).added.length]).toEqual([200, 40]);
  });

  it.each([
    ['error-500-plaid', {}, 500, 'INTERNAL_SERVER_ERROR'],
    ['login-required', {}, 400, 'ITEM_LOGIN_REQUIRED'],
    ['institution-down', {}, 400, 'INSTITUTION_DOWN'],
    ['cursor-unknown', {}, 400, 'INVALID_FIELD'],
    ['plaid-error', { code: 'USER_PERMISSION_REVOKED' }, 400, 'USER_PERMISSION_REVOKED'],
    ['plaid-error', { code: 'PLANNED_MAINTENANCE' }, 503, 'PLANNED_MAINTENANCE'],
    ['plaid-error', { code: 'CREDITS_EXHAUSTED' }, 429, 'CREDITS_EXHAUSTED'],
    ['plaid-error', { code: 'ITEM_LOGIN_REQUIRED', status: 200 }, 200, 'ITEM_LOGIN_REQUIRED'],
    ['plaid-error', { code: 'A_NEW_CODE_OF_TOMORROW', type: 'ITEM_ERROR' }, 400, 'A_NEW_CODE_OF_TOMORROW'],
    ['wrong-environment', {}, 400, 'INVALID_ACCESS_TOKEN'],
  ])('%s %j: Plaid answers %i %s', async (kind, options, status, code) => {
    const [bad, good] = await withFault(kind, options);
    expect(plaidCode(bad)).toEqual([status, code]);
    expect(JSON.parse(bad.text)).toMatchObject({
      display_message: null,
      request_id: expect.stringMatching(/^\w{15}$/),
    });
    expect(good.status).toBe(200);
  });

  it('plaid-error: carries the reason of an expired consent', async () => {
    const [bad] = await withFault('plaid-error', { code: 'ITEM_LOGIN_REQUIRED', reason: 'OAUTH_CONSENT_EXPIRED' });
    expect(JSON.parse(bad.text)).toMatchObject({
      error_type: 'ITEM_ERROR',
      error_code_reason: 'OAUTH_CONSENT_EXPIRED',
    });
  });

  it('plaid-error: carries the type it is told, for a code that nobody knows', async () => {
    const [bad] = await withFault('plaid-error', { code: 'BRAND_NEW', type: 'ITEM_ERROR' });
    expect(JSON.parse(bad.text)).toMatchObject({ error_type: 'ITEM_ERROR', error_code: 'BRAND_NEW' });
  });

  it('slow-by-count: asks for fewer are answered sooner', async () => {
    await fault('slow-by-count', { msFor500: 400 }, { times: 2 });
    const order: string[] = [];
    const many = sync(providers, { access_token: token, count: 500 }).then(() => order.push('500'));
    const few = sync(providers, { access_token: token, count: 50 }).then(() => order.push('50'));
    await Promise.all([many, few]);
    expect(order).toEqual(['50', '500']);
  });

  it.each([
    [{ retryAfterSeconds: 7 }, '7'],
    [{ form: 'http-date', retryAfterSeconds: 30 }, 'Thu, 05 Nov 2026 12:00:31 GMT'],
    [{ form: 'none' }, undefined],
    [{ verbatim: '85092.5' }, '85092.5'],
  ])('too-many %j: 429 with Retry-After %s', async (options, retryAfter) => {
    const [bad, good] = await withFault('too-many', options);
    expect(plaidCode(bad)).toEqual([429, 'TRANSACTIONS_SYNC_LIMIT']);
    expect(bad.headers['retry-after']).toBe(retryAfter);
    expect(good.status).toBe(200);
  });

  it('delay: the right answer, behind one that was asked for later', async () => {
    await fault('delay', { ms: 150 });
    const order: string[] = [];
    const late = sync(providers, { access_token: token }).then((answer) => {
      order.push('late');
      return answer;
    });
    const other = sync(providers, { access_token: 'access-sandbox-13' }).then(() => order.push('other'));
    await other;
    expect((await late).status).toBe(200);
    expect(order).toEqual(['other', 'late']);
  });

  it('hang: nothing comes until the client gives up', async () => {
    await fault('hang');
    const error = await sync(providers, { access_token: token }, AbortSignal.timeout(60)).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: expect.stringMatching(/ABORT|TimeoutError/), text: '' });
    expect((await sync(providers, { access_token: token })).status).toBe(200);
  });

  it('connect-reset: the connection breaks before the first byte', async () => {
    await fault('connect-reset');
    await expect(sync(providers, { access_token: token })).rejects.toMatchObject({ code: 'ECONNRESET', text: '' });
  });

  it('reset-mid-body: half the body comes, then a reset', async () => {
    const whole = (await sync(providers, { access_token: token })).text;
    await fault('reset-mid-body');
    const error = await sync(providers, { access_token: token }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(BrokenOff);
    expect(error).toMatchObject({ code: 'ECONNRESET' });
    expect(whole.startsWith((error as BrokenOff).text)).toBe(true);
    expect((error as BrokenOff).text.length).toBeLessThan(whole.length);
  });

  it('truncated: complete HTTP, broken JSON', async () => {
    const [bad, good] = await withFault('truncated');
    expect([bad.status, bad.headers['content-length']]).toEqual([200, String(Buffer.byteLength(bad.text))]);
    expect(() => JSON.parse(bad.text)).toThrow(SyntaxError);
    expect(good.text.startsWith(bad.text)).toBe(true);
  });

  it('html-200: an HTML page with status 200', async () => {
    const [bad] = await withFault('html-200');
    expect([bad.status, bad.headers['content-type'], bad.text.startsWith('<html>')]).toEqual([200, 'text/html', true]);
  });

  it('empty-200: nothing at all with status 200', async () => {
    const [bad] = await withFault('empty-200');
    expect([bad.status, bad.headers['content-type'], bad.text]).toEqual([200, 'application/json', '']);
  });

  it('wrong-content-type: the right body under another name', async () => {
    const [bad, good] = await withFault('wrong-content-type', { contentType: 'text/csv' });
    expect(bad.headers['content-type']).toBe('text/csv');
    expect(bad.text).toBe(good.text);
  });

  it('slow-body: the same bytes, one at a time', async () => {
    const cursor = await cursorBehind(1);
    await control(providers, 'POST', `/connections/${token}`, { published: 0 });
    const [slow, good] = await withFault('slow-body', { byteEveryMs: 1 }, cursor);
    await control(providers, 'POST', `/connections/${token}`, { published: null });
    expect(slow.text).toBe(good.text);
  });

  it('huge-body: valid JSON of the size asked for', async () => {
    const [bad] = await withFault('huge-body', { bytes: 3_000_000 });
    expect(bad.text.length).toBe(3_000_000);
    expect(pageOf(bad).added).toEqual([]);
  });

  it('also meets accounts and items, when not bound to a path', async () => {
    await fault('status', {}, { times: 2 });
    await fault('status', { status: 502 }, { path: '/item/get' });
    expect((await plaid(providers, '/accounts/get', { access_token: token })).status).toBe(500);
    expect((await sync(providers, { access_token: token })).status).toBe(500);
    expect((await sync(providers, { access_token: token })).status).toBe(200);
    expect((await plaid(providers, '/item/get', { access_token: token })).status).toBe(502);
  });
});

describe('faults inside a page, over HTTP', () => {
  it('mutation: meets only a page behind the first of its loop', async () => {
    await fault('mutation');
    const first = pageOf(await sync(providers, { access_token: token, count: 20 }));
    expect([first.has_more, first.added.length]).toEqual([true, 20]);
    const second = await sync(providers, { access_token: token, count: 20, cursor: first.next_cursor });
    expect(plaidCode(second)).toEqual([400, 'TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION']);
    const again = await sync(providers, { access_token: token, count: 20, cursor: first.next_cursor });
    expect([again.status, pageOf(again).has_more]).toEqual([200, false]);
  });

  it('not-ready: an empty page whose cursor is empty', async () => {
    const [bad] = await withFault('not-ready');
    expect(pageOf(bad)).toMatchObject({
      added: [],
      next_cursor: '',
      has_more: false,
      transactions_update_status: 'NOT_READY',
    });
  });

  it('endless: the loop goes on into the next step, and the next', async () => {
    await fault('endless', {}, { times: 3 });
    let cursor = await cursorBehind(0);
    const loops: boolean[] = [];
    for (let i = 0; i < 4; i += 1) {
      const page = pageOf(await sync(providers, { access_token: token, cursor }));
      loops.push(page.has_more);
      expect(page.next_cursor).not.toBe(cursor);
      cursor = page.next_cursor;
    }
    expect(loops).toEqual([true, true, true, false]);
  });

  it('duplicate-page: the page before comes again, in front of this one or alone', async () => {
    const before = pageOf(await sync(providers, { access_token: token, cursor: await cursorBehind(2) }));
    const cursor = before.next_cursor;
    const [overlap, good] = await withFault('duplicate-page', {}, cursor);
    expect(pageOf(overlap).added).toEqual([...before.added, ...pageOf(good).added]);
    expect(pageOf(overlap).next_cursor).toBe(pageOf(good).next_cursor);
    const [repeat] = await withFault('duplicate-page', { mode: 'repeat' }, cursor);
    expect(pageOf(repeat)).toEqual({ ...before, request_id: pageOf(repeat).request_id });
    expect(pageOf(repeat).next_cursor).toBe(cursor);
  });

  it('duplicate-page: repeats a split page in one piece, with the same cursor', async () => {
    await control(providers, 'POST', `/connections/${token}`, { pageSize: 2 });
    let page = pageOf(await sync(providers, { access_token: token }));
    while (page.has_more) page = pageOf(await sync(providers, { access_token: token, cursor: page.next_cursor }));
    const [repeat] = await withFault('duplicate-page', { mode: 'repeat' }, page.next_cursor);
    await control(providers, 'POST', `/connections/${token}`, { pageSize: null });
    expect([pageOf(repeat).added.length, pageOf(repeat).has_more]).toEqual([40, false]);
    expect(pageOf(repeat).next_cursor).toBe(page.next_cursor);
  });

  it('duplicate-page: inside a loop, repeats what the loop had before', async () => {
    const first = pageOf(await sync(providers, { access_token: token, count: 15 }));
    await fault('duplicate-page');
    const second = pageOf(await sync(providers, { access_token: token, count: 15, cursor: first.next_cursor }));
    expect(second.added.slice(0, 15)).toEqual(first.added);
    expect(second.added).toHaveLength(30);
  });

  it('reordered: the same records, newest first', async () => {
    const [bad, good] = await withFault('reordered');
    expect(pageOf(bad).added).toEqual(pageOf(good).added.toReversed());
    expect(pageOf(bad).added).not.toEqual(pageOf(good).added);
  });

  it.each([
    ['amount-text', { amount: expect.stringMatching(/^-?[\d.]+$/) }],
    ['amount-missing', { amount: undefined }],
    ['amount-null', { amount: null }],
    ['id-missing', { transaction_id: undefined }],
    ['id-blank', { transaction_id: ' ' }],
    ['id-number', { transaction_id: 9998 }],
    ['account-missing', { account_id: undefined }],
    ['account-foreign', { account_id: 'anAccountOfSomebodyElse000000000000000' }],
    ['date-missing', { date: undefined }],
    ['date-impossible', { date: '2025-02-30' }],
    ['pending-text', { pending: 'false' }],
    ['currency-missing', { iso_currency_code: null, unofficial_currency_code: null }],
    ['currency-both', { iso_currency_code: 'USD', unofficial_currency_code: 'BTC' }],
  ])('bad-record %s: spoils exactly one record', async (defect, members) => {
    const [bad, good] = await withFault('bad-record', { defect, record: 3 });
    const [spoilt, right] = [pageOf(bad).added, pageOf(good).added];
    for (const [name, value] of Object.entries(members)) expect(spoilt[3]?.[name]).toEqual(value);
    expect(spoilt.toSpliced(3, 1)).toEqual(right.toSpliced(3, 1));
    expect(spoilt[3]).not.toEqual(right[3]);
  });

  it('bad-record: may be no object at all, and a place past the end is the last record', async () => {
    const [bad] = await withFault('bad-record', { defect: 'not-an-object', record: 499 });
    expect(
      pageOf(bad)
        .added.map((each) => typeof each)
        .lastIndexOf('string'),
    ).toBe(39);
  });

  it.each(['transaction_code', 'payment_channel', 'transaction_type'])(
    'unknown-enum: %s has a value no list has',
    async (field) => {
      const [bad] = await withFault('unknown-enum', { field, record: 1 });
      expect(pageOf(bad).added[1]?.[field]).toBe('moon beam');
    },
  );

  it('unknown-enum: accounts and the update status too', async () => {
    const [type] = await withFault('unknown-enum', { field: 'account_type' });
    expect(pageOf(type).accounts[0]?.type).toBe('moon base');
    const [subtype] = await withFault('unknown-enum', { field: 'account_subtype' });
    expect(pageOf(subtype).accounts[0]?.subtype).toBe('moon base');
    const [status] = await withFault('unknown-enum', { field: 'update_status' });
    expect(pageOf(status).transactions_update_status).toBe('DECADE_UPDATE_COMPLETE');
  });

  it('extra-field: members nobody knows, at three places', async () => {
    const [bad] = await withFault('extra-field', { record: 2 });
    const page = pageOf(bad);
    expect(page).toMatchObject({ server_hint: ['new', 1] });
    expect(page.added[2]).toMatchObject({ carbon_footprint: { grams: 412 } });
    expect(page.accounts[0]).toMatchObject({ nickname: 'holidays' });
  });

  it('hostile-json: prototype keys and deep nesting, still JSON', async () => {
    const [bad] = await withFault('hostile-json');
    const [record = {}] = pageOf(bad).added;
    expect(Object.hasOwn(record, '__proto__')).toBe(true);
    expect(bad.text).toContain('['.repeat(200));
  });

  it('unknown-currency: one record in a currency that does not exist', async () => {
    const [bad] = await withFault('unknown-currency', { currency: 'ZZZ' });
    expect(
      pageOf(bad)
        .added.map((each) => each.iso_currency_code)
        .filter((code) => code === 'ZZZ'),
    ).toHaveLength(1);
  });

  it('over-precise: decimals the currency has not, in one amount or in every balance', async () => {
    const [amount, good] = await withFault('over-precise');
    const text = /"amount":([^,]+)/.exec(good.text)?.[1] ?? '';
    expect(/"amount":([^,]+)/.exec(amount.text)?.[1]).toBe(`${text}${text.includes('.') ? '' : '.0'}0125`);
    const [balance] = await withFault('over-precise', { where: 'balance' });
    const currents = balance.text.match(/"current":-?\d+\.\d+0125/g) ?? [];
    expect(currents).toHaveLength(pageOf(balance).accounts.length);
  });

  it.each(['1e21', '-0', '0.30000000000000004', '123456789012345678901234567890'])(
    'odd-amount: %s, verbatim',
    async (number) => {
      const [bad] = await withFault('odd-amount', { number });
      expect(/"amount":([^,]+)/.exec(bad.text)?.[1]).toBe(number);
    },
  );

  it('removed-returns: what was removed is added again', async () => {
    await fault('removed-returns');
    const removed: string[] = [];
    const returned: string[] = [];
    let cursor = await cursorBehind(1);
    for (let i = 0; i < 12 && returned.length === 0; i += 1) {
      const page = pageOf(await sync(providers, { access_token: token, cursor }));
      removed.push(...page.removed.map((each) => each.transaction_id));
      returned.push(...page.added.map((each) => String(each.transaction_id)).filter((id) => removed.includes(id)));
      cursor = page.next_cursor;
    }
    expect(returned.length).toBeGreaterThan(0);
  });

  it('reissued-ids: the same records under new ids, none removed', async () => {
    const cursor = await cursorBehind(1);
    const before = pageOf(await sync(providers, { access_token: token }));
    const [bad, good] = await withFault('reissued-ids', { records: 5 }, cursor);
    const again = pageOf(bad).added.slice(0, 5);
    const old = before.added.slice(-5);
    const content = (each: Record<string, unknown>) => [each.account_id, each.amount, each.date, each.name];
    expect(again.map(content)).toEqual(old.map(content));
    const oldIds = new Set(old.map((each) => each.transaction_id));
    expect(again.filter((each) => oldIds.has(each.transaction_id))).toEqual([]);
    expect(pageOf(bad).removed).toEqual(pageOf(good).removed);
  });

  it.each([
    ['mutation-at-cursor', 'TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION'],
    ['cursor-lost', 'INVALID_FIELD'],
  ])('%s: refuses every cursor of this connection until it is read from the empty one', async (kind, code) => {
    const cursor = await cursorBehind(1);
    await fault(kind, {}, { times: null });
    for (let i = 0; i < 3; i += 1) {
      expect(plaidCode(await sync(providers, { access_token: token, cursor }))).toEqual([400, code]);
    }
    const first = pageOf(await sync(providers, { access_token: token, count: 30 }));
    expect([first.added.length, first.has_more]).toEqual([30, true]);
    const second = await sync(providers, { access_token: token, cursor: first.next_cursor });
    expect([second.status, pageOf(second).has_more]).toEqual([200, false]);
    expect((await sync(providers, { access_token: token, cursor })).status).toBe(200);
  });

  it('cursor-stuck: promises more and stands still, or gives no cursor', async () => {
    const cursor = await cursorBehind(1);
    const [same] = await withFault('cursor-stuck', {}, cursor);
    expect(pageOf(same)).toMatchObject({ has_more: true, next_cursor: cursor });
    const [empty] = await withFault('cursor-stuck', { cursor: 'empty' }, cursor);
    expect(pageOf(empty)).toMatchObject({ has_more: true, next_cursor: '' });
  });

  it.each([2, 3, 7])('cursor-cycle: goes round %i cursors, and on from any of them when it is over', async (length) => {
    const start = await cursorBehind(2);
    await fault('cursor-cycle', { length }, { times: null });
    const seen: string[] = [start];
    for (let i = 0; i < length; i += 1) {
      const page = pageOf(await sync(providers, { access_token: token, cursor: seen.at(-1) ?? '' }));
      expect(page.has_more).toBe(true);
      seen.push(page.next_cursor);
    }
    expect(new Set(seen).size).toBe(length);
    expect(seen.at(-1)).toBe(start);
    await control(providers, 'DELETE', '/faults');
    const left = pageOf(await sync(providers, { access_token: token, cursor: seen[1] ?? '' }));
    expect(left).toMatchObject({ has_more: false });
    expect(left.added).toEqual(pageOf(await sync(providers, { access_token: token, cursor: start })).added);
  });

  it('cursor-cycle: goes round from the empty cursor too', async () => {
    await fault('cursor-cycle', { length: 2 }, { times: null });
    const seen: string[] = [];
    for (let i = 0; i < 4; i += 1) {
      seen.push(pageOf(await sync(providers, { access_token: token, cursor: seen.at(-1) ?? '' })).next_cursor);
    }
    expect([seen[0] === seen[2], seen[1] === seen[3], seen[0] === seen[1]]).toEqual([true, true, false]);
  });

  it.each([0, 2])('cursor-cycle: what the bank changes meanwhile ends the circle (%i syncs before)', async (syncs) => {
    const cursor = await cursorBehind(syncs);
    await fault('cursor-cycle');
    const round = await sync(providers, { access_token: token, cursor });
    await control(providers, 'POST', `/connections/${token}/bad-days`, { days: 1 });
    const inside = await sync(providers, { access_token: token, cursor: pageOf(round).next_cursor });
    expect(plaidCode(inside)).toEqual([400, 'TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION']);
  });

  it('tiny-read: a whole history is said to be one record, and the cursor is behind the rest', async () => {
    await fault('tiny-read');
    const page = pageOf(await sync(providers, { access_token: token, count: 15 }));
    expect(page).toMatchObject({ has_more: false, transactions_update_status: 'HISTORICAL_UPDATE_COMPLETE' });
    expect(page.added).toHaveLength(1);
    expect(page.next_cursor).toBe(pageOf(await sync(providers, { access_token: token })).next_cursor);
    await fault('tiny-read', { records: 2, status: 'INITIAL_UPDATE_COMPLETE' });
    const recent = pageOf(await sync(providers, { access_token: token }));
    expect([recent.added.length, recent.transactions_update_status]).toEqual([2, 'INITIAL_UPDATE_COMPLETE']);
  });

  it('null-list: empty lists are null, full ones are not', async () => {
    const [one] = await withFault('null-list');
    expect(JSON.parse(one.text)).toMatchObject({ modified: null, removed: [] });
    const [every] = await withFault('null-list', { list: 'every' });
    expect(JSON.parse(every.text)).toMatchObject({ modified: null, removed: null });
    expect(pageOf(every).added).toHaveLength(40);
  });

  it.each(['request_id', 'transactions_update_status', 'has_more'])('member-missing: %s', async (member) => {
    const [bad, good] = await withFault('member-missing', { member });
    const { [member]: lost, ...rest } = JSON.parse(good.text) as Record<string, unknown>;
    expect(lost).toBeDefined();
    expect(JSON.parse(bad.text)).toEqual(rest);
  });

  it('bad-bytes: one byte that is no UTF-8', async () => {
    const [bad, good] = await withFault('bad-bytes', { record: 2 });
    const name = pageOf(good).added[2]?.name;
    expect(pageOf(bad).added[2]?.name).toBe(`\ufffd${String(name)}`); // the test's client replaces it
    expect(bad.headers['content-length']).toBe(String(Buffer.byteLength(good.text) + 1));
  });

  it('bad-bytes: a raw control character is no JSON, a member twice is', async () => {
    const [control] = await withFault('bad-bytes', { form: 'control-character' });
    expect(() => JSON.parse(control.text) as unknown).toThrow(SyntaxError);
    const [amount, good] = await withFault('bad-bytes', { form: 'amount-twice' });
    const texts = [...(amount.text.split('"transaction_id"')[0] ?? '').matchAll(/"amount":([^,]+)/g)].map(
      ([, text]) => text,
    );
    expect(texts).toHaveLength(2);
    expect(texts[0]).toBe(/"amount":([^,]+)/.exec(good.text)?.[1]);
    expect(texts[1]).not.toBe(texts[0]);
    const [name] = await withFault('bad-bytes', { form: 'name-twice' });
    expect(name.text.match(/"name":"FIRST NAME"/g)).toHaveLength(1);
    expect(pageOf(name).added).toEqual(pageOf(good).added); // JSON.parse takes the last of the two
  });

  it.each([
    ['half-emoji', { name: expect.stringMatching(/^\ud83d/) }],
    ['long-name', { name: 'N'.repeat(5_000) }],
    ['null-name', { name: null }],
    ['null-category', { personal_finance_category: expect.objectContaining({ detailed: null }) }],
    ['null-counterparty', { counterparties: expect.arrayContaining([expect.objectContaining({ name: null })]) }],
    ['latitude-text', { location: expect.objectContaining({ lat: '51.5' }) }],
    ['long-website', { website: expect.stringMatching(/w{5000}$/) }],
    ['number-as-text', { check_number: 1_024 }],
    ['date-time-nonsense', { authorized_datetime: 'yesterday' }],
  ])('bad-label %s: spoils one member of one record, and no amount', async (defect, members) => {
    const [bad, good] = await withFault('bad-label', { defect, record: 3 });
    const [spoilt, right] = [pageOf(bad).added, pageOf(good).added];
    expect(spoilt[3]).toMatchObject(members);
    expect(spoilt.toSpliced(3, 1)).toEqual(right.toSpliced(3, 1));
    expect(bad.text.match(/"amount":[^,]+/g)).toEqual(good.text.match(/"amount":[^,]+/g));
    const name = Object.keys(members)[0] ?? '';
    expect({ ...spoilt[3], [name]: 0 }).toEqual({ ...right[3], [name]: 0 });
  });

  it.each([
    ['missing', undefined],
    ['null', null],
    ['foreign', 'anAccountOfSomebodyElse000000000000000'],
  ])('removed-without-account: removals with an account that is %s', async (account, value) => {
    await fault('removed-without-account', { account });
    let page = pageOf(await sync(providers, { access_token: token }));
    for (let i = 0; i < 20 && page.removed.length === 0; i += 1) {
      page = pageOf(await sync(providers, { access_token: token, cursor: page.next_cursor }));
    }
    expect(page.removed.length).toBeGreaterThan(0);
    for (const removed of page.removed) expect(removed.account_id).toBe(value);
  });

  it.each([
    ['half-emoji', { name: expect.stringMatching(/^\ud83d/) }],
    ['null-name', { name: null }],
    ['long-name', { name: 'N'.repeat(5_000) }],
    ['mask-number', { mask: 1_234 }],
    ['subtype-number', { subtype: 7 }],
    ['balances-null', { balances: null }],
    ['balances-missing', {}],
    ['current-text', { balances: expect.objectContaining({ current: expect.stringMatching(/^-?[\d.]+$/) }) }],
    ['currency-none', { balances: expect.objectContaining({ iso_currency_code: null }) }],
    ['float-noise', { balances: expect.objectContaining({ current: 1.1368683772161603e-13 }) }],
    ['id-missing', {}],
  ])('bad-account %s: in a page and in an account list', async (defect, members) => {
    await fault('bad-account', { defect, account: 1 }, { path: '/accounts/get' });
    const spoilt = pageOf(await plaid(providers, '/accounts/get', { access_token: token })).accounts;
    const right = pageOf(await plaid(providers, '/accounts/get', { access_token: token })).accounts;
    expect(spoilt[1]).toMatchObject(members);
    expect(spoilt[1]).not.toEqual(right[1]);
    expect(spoilt.toSpliced(1, 1)).toEqual(right.toSpliced(1, 1));
    const [bad] = await withFault('bad-account', { defect });
    expect(pageOf(bad).accounts[0]).toMatchObject(members);
  });

  it('short-account-list: accounts are missing', async () => {
    await fault('short-account-list', {}, { times: 2 });
    expect(pageOf(await plaid(providers, '/accounts/get', { access_token: token })).accounts).toHaveLength(1);
    expect(pageOf(await plaid(providers, '/accounts/balance/get', { access_token: token })).accounts).toHaveLength(1);
    const all = pageOf(await plaid(providers, '/accounts/get', { access_token: token })).accounts;
    expect(all.length).toBeGreaterThan(1);
  });
});

it('every kind of the catalogue was shown above, or beside its standard', () => {
  shownKinds.add('obie-error'); // ../openbanking-uk/obuk-http.test.ts
  shownKinds.add('tpp-error'); // ../berlin-group/berlin-http.test.ts
  expect([...shownKinds].sort()).toEqual([...faultKinds].sort());
});
