import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Account, transactionId } from '@quartersec/validation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NormaliseContext } from '../connector.ts';
import { normalisePlaidPage } from './normalise-page.ts';
import { validatePlaidPage } from './validate-page.ts';

const require = createRequire(import.meta.url);
const exampleText = readFileSync(require.resolve('@quartersec/validation/plaid/examples/sync-page.json'), 'utf8');

type Json = Record<string, unknown>;
type Page = Json & { added: Json[]; modified: Json[]; removed: Json[]; accounts: Json[] };
const context: NormaliseContext = {
  connectionId: 'conn-1',
  institutionId: 'ins_northwind',
  knownAccounts: [],
  today: '2026-03-18',
};
const normaliseText = (text: string, changed: Partial<NormaliseContext> = {}) =>
  normalisePlaidPage(validatePlaidPage({ text, requestId: null }), { ...context, ...changed });

/** The example page with its first record changed and all other records left out. */
function pageOf(...records: Json[]): Page {
  const page: Page = JSON.parse(exampleText);
  const [first] = page.added;
  return { ...page, added: records.map((record) => ({ ...first, ...record })), modified: [], removed: [] };
}
const normalise = (page: Page, changed: Partial<NormaliseContext> = {}) => normaliseText(JSON.stringify(page), changed);
const onlyOne = (record: Json, changed: Partial<NormaliseContext> = {}) => normalise(pageOf(record), changed);

const idOf = (providerTransactionId: string) =>
  transactionId({ provider: 'plaid', connectionId: 'conn-1', providerTransactionId });
const usd = (minor: string, exponent = 2) => ({ minor, exponent, currency: 'USD', unofficialCurrency: null });

describe('normalisePlaidPage', () => {
  it('says in our words what the example page says', () => {
    const page = normaliseText(exampleText);
    const [everyday, card] = page.accounts.map(({ accountId }) => accountId);
    expect(page.quarantined).toEqual([]);
    expect(page.removed).toEqual([idOf('tx-books-pending')]);
    expect(page.added).toEqual([
      {
        transactionId: idOf('tx-books-posted'),
        accountId: everyday,
        providerTransactionId: 'tx-books-posted',
        idBasis: 'provider',
        status: 'BOOK',
        amount: usd('-1890'),
        direction: 'DBIT',
        bookingDate: '2026-03-17',
        valueDate: null,
        executionDate: '2026-03-15',
        bookingDateTime: '2026-03-17T09:41:05-05:00',
        executionDateTime: null,
        counterpartyName: null,
        merchantName: 'Harbour Books',
        description: 'POS 8841 HARBOUR BOOKS',
        remittance: [],
        category: {
          primary: 'GENERAL_MERCHANDISE',
          detailed: 'GENERAL_MERCHANDISE_BOOKSTORES_AND_NEWSSTANDS',
          confidence: 'HIGH',
        },
        channel: 'in store',
        bankTransactionCode: 'purchase',
        supersedes: idOf('tx-books-pending'),
        contentHash: expect.stringMatching(/^[\w-]{22}$/),
        flags: [],
        merchantEntityId: 'ent-harbour',
        counterparties: [{ name: 'Harbour Books', type: 'merchant', entityId: 'ent-harbour' }],
        location: {
          city: 'Portland',
          region: 'ME',
          postalCode: '04101',
          country: 'US',
          latitude: '43.6591',
          longitude: '-70.2568',
        },
      },
      {
        transactionId: idOf('tx-payroll'),
        accountId: everyday,
        providerTransactionId: 'tx-payroll',
        idBasis: 'provider',
        status: 'BOOK',
        amount: usd('245000'),
        direction: 'CRDT',
        bookingDate: '2026-03-16',
        valueDate: null,
        executionDate: null,
        bookingDateTime: null,
        executionDateTime: null,
        counterpartyName: 'Lantern Labs',
        merchantName: null,
        description: 'PAYROLL 0316 LANTERN LABS',
        remittance: ['Salary March', 'PR-0316'],
        category: null,
        channel: 'other',
        bankTransactionCode: null,
        supersedes: null,
        contentHash: expect.stringMatching(/^[\w-]{22}$/),
        flags: [],
      },
      expect.objectContaining({
        transactionId: idOf('tx-fx-fee'),
        accountId: card,
        amount: usd('-1975', 4),
        flags: ['OVER_PRECISE'],
      }),
    ]);
    expect(page.modified).toEqual([
      expect.objectContaining({
        transactionId: idOf('tx-noodles-pending'),
        accountId: card,
        status: 'PDNG',
        amount: usd('-4107'),
        direction: 'DBIT',
        bookingDate: null,
        executionDate: '2026-03-18',
        bookingDateTime: null,
        executionDateTime: '2026-03-18T19:20:30Z',
        counterpartyName: 'Noodle Bar',
        merchantName: 'Noodle Bar',
        supersedes: null,
      }),
    ]);
    expect(page.accounts).toEqual([
      expect.objectContaining({ providerAccountId: 'acc-everyday-7Qx2', type: 'CACC', nature: 'asset' }),
      expect.objectContaining({ providerAccountId: 'acc-card-9Lm4', type: 'CARD', nature: 'liability' }),
    ]);
    expect(page.accounts[1]?.balances.map(({ balanceType, amount }) => [balanceType, amount.minor])).toEqual([
      ['ITBD', '-110975'],
      ['ITAV', '389025'],
    ]);
  });

  it.each([
    [{ transaction_id: ' ' }, 'ID_BLANK', '.transaction_id', 'string'],
    [{ account_id: 'acc-other' }, 'ACCOUNT_UNKNOWN', '.account_id', 'string'],
    [{ account_id: '' }, 'ACCOUNT_UNKNOWN', '.account_id', 'string'],
    [{ account_id: '__proto__' }, 'ACCOUNT_UNKNOWN', '.account_id', 'string'],
    [{ iso_currency_code: 'ZZZ' }, 'CURRENCY_UNKNOWN', '.iso_currency_code', 'string'],
    [{ iso_currency_code: null }, 'CURRENCY_UNKNOWN', '.iso_currency_code', 'null'],
    [{ unofficial_currency_code: 'BTC' }, 'CURRENCY_AMBIGUOUS', '.iso_currency_code', 'string'],
    [{ iso_currency_code: 'JPY' }, 'SUSPECT_SCALE', '.amount', 'number'],
    [{ amount: 1e300 }, 'AMOUNT_INEXACT', '.amount', 'number'],
    [{ date: '2026-02-30' }, 'DATE_INVALID', '.date', 'string'],
    [{ date: '01-05-2002' }, 'DATE_INVALID', '.date', 'string'],
    [{ date: '2026-03-10T00:00:00Z' }, 'DATE_INVALID', '.date', 'string'],
    [{ transaction_id: '\ud800' }, 'SCHEMA', '.transaction_id', 'string'],
    [{ transaction_id: 7 }, 'SCHEMA', '.transaction_id', 'number'],
    [{ account_id: null }, 'SCHEMA', '.account_id', 'null'],
    [{ pending_transaction_id: '\udfff' }, 'SCHEMA', '.pending_transaction_id', 'string'],
    [{ pending_transaction_id: 7 }, 'SCHEMA', '.pending_transaction_id', 'number'],
    [{ amount: '18.90' }, 'SCHEMA', '.amount', 'string'],
    [{ amount: undefined }, 'SCHEMA', '.amount', 'absent'],
    [{ iso_currency_code: 840 }, 'SCHEMA', '.iso_currency_code', 'number'],
    [{ iso_currency_code: undefined }, 'CURRENCY_UNKNOWN', '.iso_currency_code', 'null'],
    [{ unofficial_currency_code: [] }, 'SCHEMA', '.unofficial_currency_code', 'array'],
    [{ date: null }, 'SCHEMA', '.date', 'null'],
    [{ date: '' }, 'DATE_INVALID', '.date', 'string'],
    [{ date: '\ud800' }, 'DATE_INVALID', '.date', 'string'],
    [{ pending: 'false' }, 'SCHEMA', '.pending', 'string'],
    [{ pending: undefined }, 'SCHEMA', '.pending', 'absent'],
  ])('sets %j aside as %s and keeps the rest (faults 9, 10, 11, 54)', (change, reason, member, received) => {
    const page = normalise(pageOf({ transaction_id: 'tx-a' }, change, { transaction_id: 'tx-c' }));
    expect(page.added.map(({ providerTransactionId }) => providerTransactionId)).toEqual(['tx-a', 'tx-c']);
    expect(page.quarantined).toEqual([
      expect.objectContaining({ path: `$input.added[1]${member}`, reason, received, expected: expect.any(String) }),
    ]);
    expect(page.quarantined[0]?.redacted).not.toContain('HARBOUR');
    expect(page.added.map(({ flags }) => flags)).toEqual([[], []]);
  });

  it('counts a place in the list from where the provider does, also behind a refused record', () => {
    const page = normalise(pageOf({ amount: 'x' }, { transaction_id: '' }));
    expect(page.quarantined.map(({ path }) => path)).toEqual([
      '$input.added[0].amount',
      '$input.added[1].transaction_id',
    ]);
  });

  it('knows the accounts of earlier pages, and keeps the id each first got', () => {
    const known = normaliseText(exampleText).accounts.map((account) => ({
      ...account,
      accountId: `known ${account.mask}`,
    }));
    const page = pageOf({});
    const without = normalise({ ...page, accounts: [] }, { knownAccounts: known });
    expect(without.added[0]?.accountId).toBe('known 4417');
    expect(without.accounts).toEqual([]);
    const [account] = page.accounts;
    const withPersistentId = normalise(
      { ...page, accounts: [{ ...account, persistent_account_id: 'persistent-1' }] },
      { knownAccounts: known },
    );
    expect(withPersistentId.accounts).toMatchObject([{ accountId: 'known 4417', identityBasis: 'providerId' }]);
    expect(withPersistentId.added[0]?.accountId).toBe('known 4417');
  });

  it('takes an account that came back under a new id for the one it was', () => {
    const page = pageOf({}, { transaction_id: 'tx-b', account_id: 'acc-reissued' });
    const [account] = page.accounts;
    const persistent = { ...account, persistent_account_id: 'persistent-1' };
    const out = normalise({ ...page, accounts: [persistent, { ...persistent, account_id: 'acc-reissued' }] });
    expect(out.accounts).toMatchObject([{ providerAccountId: 'acc-reissued', identityBasis: 'persistentId' }]);
    expect(new Set(out.added.map(({ accountId }) => accountId)).size).toBe(1);
    expect(out.added).toHaveLength(2);
  });

  it('lets the last of several records under one id count, in the provider’s order', () => {
    const page = pageOf(
      { transaction_id: 'tx-a', name: 'first' },
      { transaction_id: 'tx-b', name: 'other' },
      { transaction_id: 'tx-a', name: 'second' },
      { transaction_id: 'tx-c', name: 'before' },
    );
    const later = { ...page.added[3], name: 'after' };
    const out = normalise({ ...page, modified: [later] });
    expect(out.added.map(({ description }) => description)).toEqual(['other', 'second']);
    expect(out.modified.map(({ description }) => description)).toEqual(['after']);
  });

  it('links the posted record to its pending one, which the same page may withdraw (fault 17)', () => {
    const [pending] = onlyOne({ transaction_id: 'tx-pending', pending: true, pending_transaction_id: null }).added;
    const page = pageOf({ transaction_id: 'tx-posted', pending_transaction_id: 'tx-pending' });
    page.removed = [{ transaction_id: 'tx-pending', account_id: 'acc-everyday-7Qx2' }];
    const out = normalise(page);
    expect(out.added[0]?.supersedes).toBe(pending?.transactionId);
    expect(out.removed).toEqual([pending?.transactionId]);
    expect(out.added[0]?.transactionId).not.toBe(pending?.transactionId);
  });

  it('knows a transaction by its id alone: in another account, removed without one, posted elsewhere (fault 61)', () => {
    const [here] = onlyOne({ transaction_id: 'tx-a' }).added;
    const page = pageOf(
      { transaction_id: 'tx-a', account_id: 'acc-card-9Lm4' },
      { transaction_id: 'tx-posted', account_id: 'acc-card-9Lm4', pending_transaction_id: 'tx-a' },
    );
    for (const account_id of [undefined, null, 7, '', 'acc-other']) {
      const out = normalise({ ...page, removed: [{ transaction_id: 'tx-a', account_id }] });
      expect(out.added[0]?.accountId).not.toBe(here?.accountId);
      expect(out.added[0]?.transactionId).toBe(here?.transactionId);
      expect(out.added[1]?.supersedes).toBe(here?.transactionId);
      expect(out.removed).toEqual([here?.transactionId]);
      expect(out.quarantined).toEqual([]);
    }
  });

  it('removes by id alone: once each, blank and ill-formed ids aside', () => {
    const page = pageOf();
    const known = { transaction_id: 'tx-a', account_id: 'acc-everyday-7Qx2' };
    const other = { ...known, transaction_id: 'tx-b' };
    page.removed = [known, other, { ...known, account_id: 'acc-other' }, { ...known, transaction_id: ' ' }];
    page.removed.push({ ...known, transaction_id: '\ud800' }, { account_id: 'acc' });
    const out = normalise(page);
    expect(out.removed).toEqual([idOf('tx-a'), idOf('tx-b')]);
    expect(out.quarantined).toMatchObject([
      { path: '$input.removed[5].transaction_id', reason: 'SCHEMA' },
      { path: '$input.removed[3].transaction_id', reason: 'ID_BLANK' },
      { path: '$input.removed[4].transaction_id', reason: 'SCHEMA' },
    ]);
  });

  it('never throws, and loses no record, whatever a valid page holds', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom(
        'tx-a',
        'tx-b',
        'acc-everyday-7Qx2',
        'USD',
        'JPY',
        '2026-03-17',
        '2026-03-17T00:00:00Z',
        '__proto__',
        '',
      ),
    );
    const nullable = fc.option(text);
    const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer());
    const record = fc.record({
      transaction_id: text,
      pending_transaction_id: nullable,
      account_id: fc.oneof(fc.constant('acc-everyday-7Qx2'), text),
      amount: number,
      iso_currency_code: nullable,
      unofficial_currency_code: nullable,
      date: text,
      datetime: nullable,
      authorized_date: nullable,
      authorized_datetime: nullable,
      pending: fc.boolean(),
      name: text,
      merchant_name: nullable,
      payment_channel: text,
      payment_meta: fc.record({ payee: nullable, payer: nullable, reason: nullable }, { requiredKeys: [] }),
      transaction_code: nullable,
      personal_finance_category: fc.option(fc.record({ primary: text, detailed: text })),
      location: fc.constant({}),
      account_owner: nullable,
      anything: fc.jsonValue({ maxDepth: 3 }),
    });
    const account = fc.record({
      account_id: text,
      persistent_account_id: nullable,
      balances: fc.record({
        available: fc.option(number),
        current: fc.option(number),
        limit: fc.option(number),
        iso_currency_code: nullable,
        unofficial_currency_code: nullable,
        last_updated_datetime: nullable,
      }),
      mask: nullable,
      name: text,
      official_name: nullable,
      type: fc.oneof(fc.constantFrom('depository', 'credit', 'loan'), text),
      subtype: nullable,
    });
    const lists = fc.record({
      added: fc.array(fc.oneof(record, fc.jsonValue())),
      modified: fc.array(record),
      removed: fc.array(fc.record({ transaction_id: text, account_id: text })),
      accounts: fc.array(account),
    });
    fc.assert(
      fc.property(lists, (content) => {
        const page = { ...pageOf(), ...content };
        const out = normaliseText(JSON.stringify(page), { knownAccounts: normaliseText(exampleText).accounts });
        const ids = [...out.added, ...out.modified].map((each) => each.transactionId);
        expect(new Set(ids).size).toBe(ids.length);
        const refused = new Set(
          out.quarantined.map(({ path }) => path.match(/^\$input\.(?:added|modified)\[[0-9]+\]/)?.[0]),
        );
        refused.delete(undefined);
        const duplicates = content.added.length + content.modified.length - refused.size - ids.length;
        expect(duplicates).toBeGreaterThanOrEqual(0);
        expect(ids.length === 0 && refused.size < content.added.length + content.modified.length).toBe(false);
        for (const each of [...out.added, ...out.modified]) {
          expect(each.amount.minor).toMatch(/^(0|-?[1-9][0-9]*)$/);
          expect(each.direction).toBe(each.amount.minor.startsWith('-') ? 'DBIT' : 'CRDT');
        }
      }),
      { numRuns: 200 },
    );
  });
});

const samples = new URL('../../../../../shared/providers/samples/plaid/', import.meta.url);

describe.runIf(existsSync(samples))("Plaid's published page", () => {
  it('is normalised to the values written by hand from its documentation', () => {
    const text = readFileSync(new URL('transactions_sync.response.json', samples), 'utf8');
    const page = normaliseText(text, { institutionId: 'ins_3', today: '2023-10-01' });
    const [checking] = page.accounts as [Account];
    expect(page.quarantined).toEqual([]);
    expect(page.removed).toEqual([idOf('CmdQTNgems8BT1B7ibkoUXVPyAeehT3Tmzk0l')]);
    expect(page.added).toEqual([
      {
        transactionId: idOf('lPNjeW1nR6CDn5okmGQ6hEpMo4lLNoSrzqDje'),
        accountId: checking.accountId,
        providerTransactionId: 'lPNjeW1nR6CDn5okmGQ6hEpMo4lLNoSrzqDje',
        idBasis: 'provider',
        status: 'BOOK',
        amount: usd('-7210'),
        direction: 'DBIT',
        bookingDate: '2023-09-24',
        valueDate: null,
        executionDate: '2023-09-22',
        bookingDateTime: '2023-09-24T11:01:01Z',
        executionDateTime: '2023-09-22T10:34:50Z',
        counterpartyName: null,
        merchantName: 'Walmart',
        description: 'PURCHASE WM SUPERCENTER #1700',
        remittance: [],
        category: {
          primary: 'GENERAL_MERCHANDISE',
          detailed: 'GENERAL_MERCHANDISE_SUPERSTORES',
          confidence: 'VERY_HIGH',
        },
        channel: 'in store',
        bankTransactionCode: null,
        supersedes: idOf('no86Eox18VHMvaOVL7gPUM9ap3aR1LsAVZ5nc'),
        contentHash: expect.stringMatching(/^[\w-]{22}$/),
        flags: [],
        merchantEntityId: 'O5W5j4dN9OR3E6ypQmjdkWZZRoXEzVMz2ByWM',
        counterparties: [{ name: 'Walmart', type: 'merchant', entityId: 'O5W5j4dN9OR3E6ypQmjdkWZZRoXEzVMz2ByWM' }],
        location: {
          city: 'Poway',
          region: 'CA',
          postalCode: '92064',
          country: 'US',
          latitude: '32.959068',
          longitude: '-117.037666',
        },
      },
    ]);
    expect(page.modified).toEqual([
      {
        transactionId: idOf('yhnUVvtcGGcCKU0bcz8PDQr5ZUxUXebUvbKC0'),
        accountId: checking.accountId,
        providerTransactionId: 'yhnUVvtcGGcCKU0bcz8PDQr5ZUxUXebUvbKC0',
        idBasis: 'provider',
        status: 'PDNG',
        amount: usd('-2834'),
        direction: 'DBIT',
        bookingDate: null,
        valueDate: null,
        executionDate: '2023-09-27',
        bookingDateTime: null,
        executionDateTime: '2023-09-27T08:01:58Z',
        counterpartyName: null,
        merchantName: 'Burger King',
        description: 'Dd Doordash Burgerkin',
        remittance: [],
        category: { primary: 'FOOD_AND_DRINK', detailed: 'FOOD_AND_DRINK_FAST_FOOD', confidence: 'VERY_HIGH' },
        channel: 'online',
        bankTransactionCode: null,
        supersedes: null,
        contentHash: expect.stringMatching(/^[\w-]{22}$/),
        flags: [],
        merchantEntityId: 'mVrw538wamwdm22mK8jqpp7qd5br0eeV9o4a1',
        counterparties: [
          { name: 'DoorDash', type: 'marketplace', entityId: 'YNRJg5o2djJLv52nBA1Yn1KpL858egYVo4dpm' },
          { name: 'Burger King', type: 'merchant', entityId: 'mVrw538wamwdm22mK8jqpp7qd5br0eeV9o4a1' },
        ],
      },
    ]);
    expect(page.accounts).toMatchObject([
      {
        identityBasis: 'providerId',
        providerAccountId: 'BxBXxLj1m4HMXBm9WZZmCWVbPjX16EHwv99vp',
        currency: 'USD',
        type: 'CACC',
        nature: 'asset',
        name: 'Plaid Checking',
        mask: '0000',
        balances: [
          { balanceType: 'ITBD', amount: usd('11094'), creditLine: null, asOf: null, asOfBasis: 'item-update' },
          { balanceType: 'ITAV', amount: usd('11094'), creditLine: null, asOf: null, asOfBasis: 'item-update' },
        ],
      },
    ]);
  });
});
