import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { damaged, ExactNumber, parseExact } from '../exact-json.ts';
import { accountRecord, transactionRecord } from './records.ts';

const { check: checkTransaction, salvage: salvageTransaction } = transactionRecord;
const { check: checkAccount, salvage: salvageAccount } = accountRecord;

type Json = Record<string, unknown>;

const page = parseExact(readFileSync(new URL('./examples/sync-page.json', import.meta.url), 'utf8')) as {
  added: [Json];
  accounts: [Json & { balances: Json }];
};
const [transaction] = page.added;
const [account] = page.accounts;

describe('salvageTransaction', () => {
  it.each([
    [{ name: 5 }, { name: '' }, ['$input.name']],
    [{ name: null }, { name: '' }, ['$input.name']],
    [{ name: damaged }, { name: '' }, ['$input.name']],
    [{ merchant_name: [] }, { merchant_name: undefined }, ['$input.merchant_name']],
    [{ authorized_date: 'x'.repeat(4097) }, { authorized_date: null }, ['$input.authorized_date']],
    [{ location: 'Portland' }, { location: {} }, ['$input.location']],
    [{ location: { city: 'Portland', lat: '43.6' } }, { location: { city: 'Portland' } }, ['$input.location.lat']],
    [{ location: { city: 'Portland', lat: {} } }, { location: { city: 'Portland' } }, ['$input.location.lat']],
    [
      { personal_finance_category: { primary: 'A', detailed: null } },
      { personal_finance_category: undefined },
      ['$input.personal_finance_category'],
    ],
    [
      { personal_finance_category: { primary: 'A', detailed: 'B', version: 2 } },
      { personal_finance_category: { primary: 'A', detailed: 'B' } },
      ['$input.personal_finance_category.version'],
    ],
    [
      { counterparties: [{ name: 'A', type: 'merchant' }, { name: null, type: 'merchant' }, 5, []] },
      { counterparties: [{ name: 'A', type: 'merchant' }] },
      expect.arrayContaining(['$input.counterparties[1].name', '$input.counterparties[2]']),
    ],
    [
      { counterparties: [{ name: 'A', type: 'merchant', website: 5 }] },
      { counterparties: [{ name: 'A', type: 'merchant' }] },
      ['$input.counterparties[0].website'],
    ],
    [{ counterparties: { name: 'A' } }, { counterparties: undefined }, ['$input.counterparties']],
  ])('leaves out of %j what is wrong, and names it', (change, kept, dropped) => {
    const salvaged = salvageTransaction({ ...transaction, ...change });
    if (!salvaged.ok) throw new Error(salvaged.issue.path);
    expect(salvaged.value).toEqual({ ...transaction, ...kept });
    expect(checkTransaction(salvaged.value).ok).toBe(true);
    expect(salvaged.dropped.map(({ path }) => path)).toEqual(dropped);
    expect(salvaged.missing).toBe(0);
  });

  it.each(['name', 'location', 'payment_meta', 'datetime', 'pending_transaction_id', 'iso_currency_code'])(
    'does without %s, and counts it',
    (name) => {
      const { [name]: _, ...rest } = transaction;
      expect(salvageTransaction(rest)).toMatchObject({ ok: true, dropped: [], missing: 1 });
    },
  );

  it.each([
    [{ transaction_id: null }, '.transaction_id'],
    [{ pending_transaction_id: 5 }, '.pending_transaction_id'],
    [{ account_id: undefined }, '.account_id'],
    [{ amount: damaged, name: 5 }, '.amount'],
    [{ iso_currency_code: 840 }, '.iso_currency_code'],
    [{ date: [] }, '.date'],
    [{ pending: 'no' }, '.pending'],
  ])('refuses %s', (change, path) => {
    const salvaged = salvageTransaction({ ...transaction, ...change });
    expect(salvaged).toMatchObject({ ok: false, issue: { path: `$input${path}` } });
  });

  it('takes a link that did not come for lost where a damaged name may have been its own', () => {
    const { pending_transaction_id: link, ...rest } = transaction;
    expect(salvageTransaction({ ...rest, 'pending_transaction\udc80id': link })).toMatchObject({
      ok: false,
      issue: { path: '$input.pending_transaction_id', received: 'absent' },
    });
  });

  it.each([null, 'text', [], new ExactNumber('1'), damaged, undefined])('refuses %s as a record', (value) => {
    expect(salvageTransaction(value).ok).toBe(false);
  });
});

describe('salvageAccount', () => {
  it.each([
    [{ name: null, mask: 5 }, { name: '', mask: null }, ['$input.mask', '$input.name']],
    [{ type: 5 }, { type: '' }, ['$input.type']],
    [
      { balances: { ...account.balances, current: '5' } },
      { balances: { ...account.balances, current: null } },
      ['$input.balances.current'],
    ],
  ])('leaves out of %j what is wrong, and names it', (change, kept, dropped) => {
    const salvaged = salvageAccount({ ...account, ...change });
    if (!salvaged.ok) throw new Error(salvaged.issue.path);
    expect(salvaged.value).toEqual({ ...account, ...kept });
    expect(checkAccount(salvaged.value).ok).toBe(true);
    expect(salvaged.dropped.map(({ path }) => path).sort()).toEqual(dropped);
  });

  it.each([null, 5, [], damaged])('has no balances from %s', (balances) => {
    expect(salvageAccount({ ...account, balances })).toMatchObject({
      ok: true,
      value: { balances: { current: null, available: null } },
      dropped: [{ path: '$input.balances' }],
    });
  });

  it('refuses an account without its id', () => {
    expect(salvageAccount({ ...account, account_id: null })).toMatchObject({ issue: { path: '$input.account_id' } });
  });
});
