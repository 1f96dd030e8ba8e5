import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ExactNumber, parseExact } from '../exact-json.ts';
import { checkAccountsEnvelope, checkError, checkRemoved, checkSyncEnvelope, checkVerificationKey } from './check.ts';
import { countAccountNews, countEnvelopeNews, countRemovedNews, countTransactionNews, type News } from './news.ts';
import { accountRecord, transactionRecord } from './records.ts';

const { check: checkTransaction } = transactionRecord;
const { check: checkAccount } = accountRecord;

type Json = Record<string, unknown>;

const example = (name: string): Json =>
  parseExact(readFileSync(new URL(`./examples/${name}`, import.meta.url), 'utf8')) as Json;
const page = () => example('sync-page.json') as { added: Json[]; modified: Json[]; removed: Json[]; accounts: Json[] };
const transaction = (): Json => page().added[0] ?? {};
const account = (): Json => page().accounts[0] ?? {};

function newsOf(count: (news: News) => void): News {
  const news: News = { unknownFields: 0, unknownEnums: 0 };
  count(news);
  return news;
}

/** The record with one member set, by its dotted path; `undefined` removes it. */
function change(record: Json, path: string, value: unknown): Json {
  const names = path.split('.');
  const last = names.pop() ?? '';
  let holder = record;
  for (const name of names) holder = holder[name] as Json;
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return record;
}

describe('examples of our own', () => {
  it('hold for every shape', () => {
    expect(checkSyncEnvelope(example('sync-page.json')).ok).toBe(true);
    expect(checkSyncEnvelope(example('sync-page-not-ready.json')).ok).toBe(true);
    expect([...page().added, ...page().modified].map(checkTransaction).map((checked) => checked.ok)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(
      page()
        .removed.map(checkRemoved)
        .map((checked) => checked.ok),
    ).toEqual([true]);
    const balances = example('accounts-balance.json');
    expect(checkAccountsEnvelope(balances).ok).toBe(true);
    expect([...page().accounts, ...(balances.accounts as Json[])].every((record) => checkAccount(record).ok)).toBe(
      true,
    );
    for (const name of ['error-item-login-required', 'error-sync-mutation', 'error-sync-limit']) {
      expect(checkError(example(`${name}.json`)).ok).toBe(true);
    }
    expect(checkVerificationKey(example('verification-key.json')).ok).toBe(true);
  });

  it('hold nothing that the pinned version does not have', () => {
    const news = newsOf((counter) => {
      for (const record of [...page().added, ...page().modified]) {
        const checked = checkTransaction(record);
        if (checked.ok) countTransactionNews(checked.value, counter);
      }
      for (const record of [...page().accounts, ...(example('accounts-balance.json').accounts as Json[])]) {
        const checked = checkAccount(record);
        if (checked.ok) countAccountNews(checked.value, counter);
      }
      const envelope = checkSyncEnvelope(page());
      if (envelope.ok) countEnvelopeNews(envelope.value, counter);
      const removed = checkRemoved(page().removed[0]);
      if (removed.ok) countRemovedNews(removed.value, counter);
    });
    expect(news).toEqual({ unknownFields: 0, unknownEnums: 0 });
  });
});

describe('checkTransaction', () => {
  it.each([
    ['transaction_id', undefined, 'string (up to 256)', 'absent'],
    ['transaction_id', null, 'string (up to 256)', 'null'],
    ['account_id', 5, 'string (up to 256)', 'number'],
    ['amount', undefined, 'number', 'absent'],
    ['amount', null, 'number', 'null'],
    ['amount', '72.1', 'number', 'string'],
    ['amount', { literal: '72.1' }, 'number', 'object'],
    ['amount', [], 'number', 'array'],
    ['pending', 'false', 'boolean', 'string'],
    ['pending', undefined, 'boolean', 'absent'],
    ['date', undefined, 'string (up to 4096)', 'absent'],
    ['name', new ExactNumber('5'), 'string (up to 4096)', 'number'],
    ['name', 'x'.repeat(4097), 'string (up to 4096)', 'string'],
    ['iso_currency_code', undefined, 'string (up to 4096) | null', 'absent'],
    ['authorized_date', false, 'string (up to 4096) | null', 'boolean'],
    ['merchant_name', 7, 'string (up to 4096) | null | absent', 'number'],
    ['payment_channel', null, 'string (up to 4096)', 'null'],
    ['payment_meta', undefined, 'object', 'absent'],
    ['payment_meta', [], 'object', 'array'],
    ['payment_meta.reason', 1, 'string (up to 4096) | null | absent', 'number'],
    ['location', null, 'object', 'null'],
    ['location.lat', '43.6', 'number | null | absent', 'string'],
    ['personal_finance_category', 'FOOD', 'object | null | absent', 'string'],
    ['personal_finance_category.primary', undefined, 'string (up to 4096)', 'absent'],
    ['counterparties', {}, 'array | null | absent', 'object'],
    ['transaction_code', undefined, 'string (up to 4096) | null', 'absent'],
  ])('refuses %s as %j, and says where and what (fault 8)', (path, value, expected, received) => {
    expect(checkTransaction(change(transaction(), path, value))).toEqual({
      ok: false,
      issue: { path: `$input.${path}`, expected, received },
    });
  });

  it.each([null, 'text', [], new ExactNumber('1'), undefined])('refuses %s as a record', (value) => {
    expect(checkTransaction(value).ok).toBe(false);
  });

  it('names no value of what it refuses', () => {
    const secret = { name: ['Ada Example'], amount: 'Ada Example', transaction_id: { 'Ada Example': 1 } };
    expect(JSON.stringify(checkTransaction({ ...transaction(), ...secret }))).not.toContain('Ada');
  });

  it('accepts and counts new members and new enumeration values (fault 8)', () => {
    const record = transaction();
    for (const path of [
      'new_member',
      'payment_meta.new_member',
      'location.__proto__x',
      'personal_finance_category.new',
    ]) {
      change(record, path, ['x']);
    }
    (record.counterparties as Json[])[0] = { name: 'Harbour Books', type: 'shop', new_member: true };
    change(record, 'payment_channel', 'by pigeon');
    change(record, 'transaction_code', 'gift');
    const checked = checkTransaction(record);
    if (!checked.ok) throw new Error(checked.issue.path);
    expect(newsOf((news) => countTransactionNews(checked.value, news))).toEqual({ unknownFields: 5, unknownEnums: 2 });
  });

  it('refuses amounts that have been floats: a page parsed with JSON.parse has none', () => {
    expect(checkTransaction(change(transaction(), 'amount', 72.1))).toMatchObject({
      issue: { path: '$input.amount', received: 'number' },
    });
  });

  it('reads its own members only, whatever keys the record brings (fault 54)', () => {
    const polluted = parseExact('{"__proto__":{"amount":1},"constructor":{"prototype":{"amount":1}}}');
    expect(checkTransaction(polluted)).toMatchObject({ ok: false });
    const record = change(transaction(), 'constructor', 'x');
    Object.defineProperty(record, '__proto__', { value: { polluted: true }, enumerable: true });
    const checked = checkTransaction(record);
    if (!checked.ok) throw new Error(checked.issue.path);
    expect(newsOf((news) => countTransactionNews(checked.value, news)).unknownFields).toBe(2);
    expect(({} as Json).polluted).toBeUndefined();
  });
});

describe('checkAccount', () => {
  it.each([
    ['account_id', undefined, 'absent'],
    ['balances', null, 'null'],
    ['balances.current', '110.94', 'string'],
    ['balances.limit', undefined, 'absent'],
    ['balances.last_updated_datetime', false, 'boolean'],
    ['type', 1, 'number'],
    ['name', null, 'null'],
    ['persistent_account_id', [], 'array'],
  ])('refuses %s as %j', (path, value, received) => {
    expect(checkAccount(change(account(), path, value))).toMatchObject({
      ok: false,
      issue: { path: `$input.${path}`, received },
    });
  });

  it('accepts and counts a new type and new members', () => {
    const record = change(change(change(account(), 'type', 'piggy bank'), 'new_member', 1), 'balances.new_member', 1);
    const checked = checkAccount(record);
    if (!checked.ok) throw new Error(checked.issue.path);
    expect(newsOf((news) => countAccountNews(checked.value, news))).toEqual({ unknownFields: 2, unknownEnums: 1 });
  });
});

describe('checkSyncEnvelope', () => {
  it.each([
    ['added', 0, 'number'],
    ['modified', {}, 'object'],
    ['removed', false, 'boolean'],
    ['accounts', 'none', 'string'],
    ['next_cursor', null, 'null'],
    ['next_cursor', undefined, 'absent'],
    ['next_cursor', 'x'.repeat(1025), 'string'],
    ['has_more', 'false', 'string'],
    ['has_more', undefined, 'absent'],
  ])('refuses %s as %j', (path, value, received) => {
    expect(checkSyncEnvelope(change(example('sync-page.json'), path, value))).toMatchObject({
      ok: false,
      issue: { path: `$input.${path}`, received },
    });
  });

  it.each([
    ['added', null],
    ['modified', undefined],
    ['removed', null],
    ['accounts', undefined],
    ['request_id', undefined],
    ['request_id', new ExactNumber('7')],
    ['transactions_update_status', undefined],
    ['transactions_update_status', null],
  ])('accepts and counts %s as %j: nothing can be misread (fault 68)', (path, value) => {
    const checked = checkSyncEnvelope(change(example('sync-page.json'), path, value));
    if (!checked.ok) throw new Error(checked.issue.path);
    expect(newsOf((news) => countEnvelopeNews(checked.value, news))).toEqual({ unknownFields: 1, unknownEnums: 0 });
  });

  it('looks at no record: those are checked one by one', () => {
    expect(checkSyncEnvelope({ ...example('sync-page.json'), added: ['bad', null, 3] }).ok).toBe(true);
  });

  it('accepts and counts a new status and new members', () => {
    const checked = checkSyncEnvelope({ ...example('sync-page.json'), transactions_update_status: 'SOON', news: [] });
    if (!checked.ok) throw new Error(checked.issue.path);
    expect(newsOf((news) => countEnvelopeNews(checked.value, news))).toEqual({ unknownFields: 1, unknownEnums: 1 });
  });
});

describe('checkRemoved', () => {
  it.each([undefined, null, '', 5, {}])('needs the transaction id alone: account_id %j is counted at most', (value) => {
    expect(checkRemoved({ account_id: 'acc-1' })).toMatchObject({ issue: { path: '$input.transaction_id' } });
    const checked = checkRemoved({ transaction_id: 'tx-1', account_id: value });
    if (!checked.ok) throw new Error(checked.issue.path);
    const unknownFields = value === '' ? 0 : 1;
    expect(newsOf((news) => countRemovedNews(checked.value, news))).toEqual({ unknownFields, unknownEnums: 0 });
  });

  it('counts what is new', () => {
    const checked = checkRemoved({ transaction_id: 'tx-1', account_id: 'acc-1', reason: 'duplicate' });
    if (!checked.ok) throw new Error(checked.issue.path);
    expect(newsOf((news) => countRemovedNews(checked.value, news))).toEqual({ unknownFields: 1, unknownEnums: 0 });
  });
});

describe('checkError and checkVerificationKey', () => {
  it('take numbers as JSON.parse and as parseExact give them', () => {
    const text = readFileSync(new URL('./examples/verification-key.json', import.meta.url), 'utf8');
    expect(checkVerificationKey(JSON.parse(text)).ok).toBe(true);
    expect(checkVerificationKey(parseExact(text)).ok).toBe(true);
    expect(checkError({ ...example('error-sync-limit.json'), status: 429 }).ok).toBe(true);
    expect(checkError({ ...example('error-sync-limit.json'), status: '429' }).ok).toBe(false);
  });

  it('refuse another algorithm, curve or purpose of a key', () => {
    const key = example('verification-key.json').key as Json;
    for (const wrong of [{ alg: 'none' }, { crv: 'P-384' }, { kty: 'RSA' }, { use: 'enc' }, { expired_at: 'never' }]) {
      expect(checkVerificationKey({ request_id: 'req', key: { ...key, ...wrong } }).ok).toBe(false);
    }
  });
});

/** Published by Plaid, not ours to copy: read where a checkout of them lies beside this one. */
const samples = new URL('../../../../../shared/providers/samples/plaid/', import.meta.url);

describe.runIf(existsSync(samples))("Plaid's published examples", () => {
  const sample = (name: string): Json => parseExact(readFileSync(new URL(name, samples), 'utf8')) as Json;
  const noNews = { unknownFields: 0, unknownEnums: 0 };

  it('transactions/sync holds, with nothing unknown', () => {
    const body = sample('transactions_sync.response.json');
    const envelope = checkSyncEnvelope(body);
    if (!envelope.ok) throw new Error(envelope.issue.path);
    expect(newsOf((news) => countEnvelopeNews(envelope.value, news))).toEqual(noNews);
    const { added, modified, removed, accounts } = body as ReturnType<typeof page>;
    expect([added.length, modified.length, removed.length, accounts.length]).toEqual([1, 1, 1, 1]);
    for (const record of [...added, ...modified]) {
      const checked = checkTransaction(record);
      if (!checked.ok) throw new Error(checked.issue.path);
      expect(newsOf((news) => countTransactionNews(checked.value, news))).toEqual(noNews);
    }
    expect(checkRemoved(removed[0]).ok).toBe(true);
    expect(checkAccount(accounts[0]).ok).toBe(true);
    expect((added[0] as Json).amount).toEqual(new ExactNumber('72.1'));
  });

  it('accounts/balance/get holds, with nothing unknown', () => {
    const envelope = checkAccountsEnvelope(sample('accounts_balance_get.response.json'));
    if (!envelope.ok) throw new Error(envelope.issue.path);
    expect(envelope.value.accounts).toHaveLength(3);
    for (const record of envelope.value.accounts) {
      const checked = checkAccount(record);
      if (!checked.ok) throw new Error(checked.issue.path);
      expect(newsOf((news) => countAccountNews(checked.value, news))).toEqual(noNews);
    }
  });

  it.each([
    ['error.item_login_required.400.json', 'ITEM_ERROR', 'ITEM_LOGIN_REQUIRED'],
    ['error.transactions_sync_limit.429.json', 'RATE_LIMIT_EXCEEDED', 'TRANSACTIONS_SYNC_LIMIT'],
    ['error.transactions_sync_mutation.400.json', 'TRANSACTIONS_ERROR', 'TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION'],
  ])('%s is an error body', (name, type, code) => {
    expect(checkError(sample(name))).toMatchObject({ ok: true, value: { error_type: type, error_code: code } });
  });

  it('the verification key is a key', () => {
    expect(checkVerificationKey(sample('webhook_verification_key_get.response.json'))).toMatchObject({
      ok: true,
      value: { key: { kid: 'bfbd5111-8e33-4643-8ced-b2e642a72f3c', expired_at: null } },
    });
  });
});
