import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Account, accountId, parseExact } from '@quartersec/validation';
import { accountRecord, checkAccountsEnvelope } from '@quartersec/validation/plaid';
import { describe, expect, it } from 'vitest';
import { type AccountReading, normaliseAccount } from './normalise-account.ts';

const require = createRequire(import.meta.url);
const exampleText = readFileSync(
  require.resolve('@quartersec/validation/plaid/examples/accounts-balance.json'),
  'utf8',
);
const context = { institutionId: 'ins_northwind', known: new Map(), asOfBasis: 'fetch' } as const;
const usd = (minor: string, exponent = 2) => ({ minor, exponent, currency: 'USD', unofficialCurrency: null });

function normaliseAll(text: string, known: ReadonlyMap<string, Account> = new Map()): AccountReading[] {
  const envelope = checkAccountsEnvelope(parseExact(text));
  if (!envelope.ok) throw new Error(envelope.issue.path);
  return envelope.value.accounts.map((record) => {
    const checked = accountRecord.salvage(record);
    if (!checked.ok) throw new Error(checked.issue.path);
    return normaliseAccount(checked.value, { ...context, known }, checked.dropped);
  });
}

type Json = Record<string, unknown>;

/** The example's first account, changed. */
function reading(change: Json, balances: Json | null = {}, known?: ReadonlyMap<string, Account>): AccountReading {
  const [first] = JSON.parse(exampleText).accounts as [Json & { balances: Json }];
  const account = { ...first, ...change, balances: balances && { ...first.balances, ...balances } };
  const [only] = normaliseAll(JSON.stringify({ accounts: [account], request_id: 'req' }), known);
  if (only === undefined) throw new Error('none');
  return only;
}

describe('normaliseAccount', () => {
  it('says in our words what the example accounts say', () => {
    const [checking, card, loan, coins] = normaliseAll(exampleText);
    expect(checking).toEqual({
      faults: [],
      account: {
        accountId: accountId({
          provider: 'plaid',
          institutionId: 'ins_northwind',
          identityBasis: 'persistentId',
          identifier: 'persistent-everyday',
          currency: null,
        }),
        identityBasis: 'persistentId',
        providerAccountId: 'acc-everyday-7Qx2',
        currency: 'USD',
        type: 'CACC',
        nature: 'asset',
        name: 'Everyday Account',
        mask: '4417',
        balances: [
          {
            balanceType: 'ITBD',
            sourceType: 'current',
            amount: usd('236319805', 4),
            creditLine: usd('50000'),
            creditIncluded: false,
            asOf: null,
            asOfBasis: 'fetch',
            flags: ['OVER_PRECISE'],
          },
          {
            balanceType: 'ITAV',
            sourceType: 'available',
            amount: usd('2360000'),
            creditLine: usd('50000'),
            creditIncluded: false,
            asOf: null,
            asOfBasis: 'fetch',
          },
        ],
      },
    });
    expect(card?.account).toMatchObject({
      name: 'June - 529',
      type: 'CARD',
      nature: 'liability',
      identityBasis: 'providerId',
      balances: [
        {
          balanceType: 'ITBD',
          amount: usd('-63000'),
          creditLine: usd('500000'),
          asOf: '2026-03-18T06:00:00Z',
          asOfBasis: 'provider',
        },
      ],
    });
    expect(loan?.account).toMatchObject({ type: 'MORT', nature: 'liability', mask: null });
    expect(loan?.account?.balances).toMatchObject([{ amount: usd('-18425050'), creditLine: null }]);
    expect(coins?.account).toMatchObject({ type: 'OTHR', nature: 'asset', currency: null });
    expect(coins?.account?.balances).toMatchObject([
      { amount: { minor: '420131', exponent: 8, currency: null, unofficialCurrency: 'BTC' } },
    ]);
  });

  it('turns what is owed on a card negative, and leaves what may be spent', () => {
    const { account } = reading({ type: 'credit' }, { current: 410, available: 1590, limit: 2000 });
    expect(account?.balances).toMatchObject([
      { balanceType: 'ITBD', amount: usd('-41000'), creditIncluded: false },
      { balanceType: 'ITAV', amount: usd('159000'), creditIncluded: true },
    ]);
    // Overpaid: the bank owes the holder.
    expect(reading({ type: 'credit' }, { current: -5 }).account?.balances[0]?.amount).toEqual(usd('500'));
  });

  it.each([
    ['depository', 'checking', 'CACC', 'asset'],
    ['depository', null, 'CACC', 'asset'],
    ['depository', 'savings', 'SVGS', 'asset'],
    ['credit', 'credit card', 'CARD', 'liability'],
    ['loan', 'student', 'LOAN', 'liability'],
    ['loan', 'mortgage', 'MORT', 'liability'],
    ['investment', '529', 'OTHR', 'asset'],
    ['piggy bank', 'new', 'OTHR', 'asset'],
  ])('files %s / %s as %s, %s', (type, subtype, iso, nature) => {
    expect(reading({ type, subtype }).account).toMatchObject({ type: iso, nature });
  });

  it('keeps an account whose balance it cannot read exactly, without that balance', () => {
    const { account, faults } = reading({}, { current: 1e300 });
    expect(account?.balances.map(({ balanceType }) => balanceType)).toEqual(['ITAV']);
    expect(faults).toEqual([{ reason: 'AMOUNT_INEXACT', member: '.balances.current', received: 'number' }]);
    expect(reading({}, { limit: 1e300 })).toMatchObject({
      account: { balances: [{ creditLine: null }, { creditLine: null }] },
      faults: [{ member: '.balances.limit' }],
    });
  });

  it.each([
    [{ iso_currency_code: 'ZZZ' }, 'CURRENCY_UNKNOWN', 'string'],
    [{ iso_currency_code: null }, 'CURRENCY_UNKNOWN', 'null'],
    [{ unofficial_currency_code: 'BTC' }, 'CURRENCY_AMBIGUOUS', 'string'],
  ])('keeps an account with %j, without balances, and says so once', (balances, reason, received) => {
    expect(reading({}, balances)).toMatchObject({
      account: { currency: null, balances: [] },
      faults: [{ reason, member: '.balances.iso_currency_code', received }],
    });
  });

  it.each([
    [{ account_id: ' ' }, 'ID_BLANK', '.account_id'],
    [{ account_id: '\ud800' }, 'SCHEMA', '.account_id'],
  ])('leaves out an account with %j', (change, reason, member) => {
    expect(reading(change)).toEqual({ account: null, faults: [{ reason, member, received: 'string' }] });
  });

  it.each([
    [{ name: 'a\udc00' }, { name: null }],
    [{ name: null }, { name: null }],
    [{ name: 'x'.repeat(4097) }, { name: null }],
    [{ mask: '\ud800' }, { mask: null }],
    [{ mask: 4417 }, { mask: null }],
    [{ official_name: ['x'] }, {}],
    [{ subtype: 5 }, { type: 'CACC' }],
    [{ persistent_account_id: 5 }, { identityBasis: 'providerId' }],
    [{ holder_category: {} }, {}],
    [{ type: 5 }, { type: 'CACC', nature: 'asset' }],
  ])('keeps an account with %j, without that member, and flags it (fault 66)', (change, kept) => {
    const { account, faults } = reading(change);
    const balances = [{ amount: usd('236319805', 4) }, { amount: usd('2360000') }];
    expect(account).toMatchObject({
      providerAccountId: 'acc-everyday-7Qx2',
      flags: ['MEMBER_DROPPED'],
      balances,
      ...kept,
    });
    expect(faults).toEqual([]);
  });

  it.each([{ name: undefined }, { mask: undefined }, { official_name: undefined }, { subtype: undefined }])(
    'keeps an account with %j: what did not come is not flagged',
    (change) => {
      const { account, faults } = reading(change);
      expect(account?.balances).toHaveLength(2);
      expect(account?.flags).toBeUndefined();
      expect(faults).toEqual([]);
    },
  );

  it.each([
    [{ current: '110.94' }, ['ITAV'], '.balances.current', 'string'],
    [{ available: {} }, ['ITBD'], '.balances.available', 'object'],
    [{ limit: true }, ['ITBD', 'ITAV'], '.balances.limit', 'boolean'],
    [{ iso_currency_code: 840 }, [], '.balances.iso_currency_code', 'number'],
    [{ iso_currency_code: 'USD', unofficial_currency_code: 5 }, [], '.balances.unofficial_currency_code', 'number'],
  ])('sets aside what balances with %j cannot say, and no more', (balances, types, member, received) => {
    const { account, faults } = reading({}, balances);
    expect(account?.balances.map(({ balanceType }) => balanceType)).toEqual(types);
    expect(account).toMatchObject({ name: 'Everyday Account', flags: ['BALANCE_SET_ASIDE'] });
    expect(faults).toEqual([{ reason: 'SCHEMA', member, received }]);
  });

  it('knows an account without balances', () => {
    expect(reading({}, null)).toMatchObject({
      account: { providerAccountId: 'acc-everyday-7Qx2', balances: [], flags: ['BALANCE_SET_ASIDE'] },
      faults: [{ reason: 'SCHEMA', member: '.balances', received: 'null' }],
    });
  });

  it.each([
    ['all of them', 'depository', { current: null, available: null, limit: null, iso_currency_code: null }, []],
    ['the current one', 'depository', { current: null, available: 7, limit: null }, ['ITAV 700']],
    ['the available one', 'investment', { current: 10.5, available: null, limit: null }, ['ITBD 1050']],
    ['the available one of an overpaid loan', 'loan', { current: -1, available: null, limit: null }, ['ITBD 100']],
  ])('takes null for what is not known: %s', (_which, type, balances, known) => {
    const { account, faults } = reading({ type, subtype: null }, balances);
    expect(account?.balances.map(({ balanceType, amount }) => `${balanceType} ${amount.minor}`)).toEqual(known);
    expect(account?.flags).toBeUndefined();
    expect(faults).toEqual([]);
  });

  it('gives no sign to amounts of which it cannot tell whether they are owed', () => {
    const unknown = { type: null, subtype: null };
    expect(reading(unknown)).toMatchObject({
      account: { type: 'OTHR', balances: [], flags: ['MEMBER_DROPPED', 'BALANCE_SET_ASIDE'] },
      faults: [{ member: '.type' }],
    });
    expect(reading({ type: null, subtype: 'credit card' }, { current: 5 }).account).toMatchObject({
      nature: 'liability',
      balances: [{ amount: usd('-500') }, { creditIncluded: true }],
    });
    const { account: card } = reading({ type: 'credit' });
    if (card === null) throw new Error('none');
    const known = new Map([['acc-everyday-7Qx2', card]]);
    expect(reading(unknown, { current: 5 }, known).account).toMatchObject({
      type: 'CARD',
      nature: 'liability',
      balances: [{ amount: usd('-500') }, { creditIncluded: true }],
    });
  });

  it.each([
    ['credit', 'credit card', { current: -25, available: 525, limit: 500 }, true],
    ['loan', 'line of credit', { current: 100, available: 900, limit: 1000 }, true],
    ['loan', 'home equity', { current: 100, available: 900, limit: null }, true],
    ['depository', 'checking', { current: -50, available: 450, limit: 500 }, true],
    ['depository', 'checking', { current: null, available: 450, limit: 500 }, true],
    ['depository', 'checking', { current: 100, available: 90, limit: 500 }, false],
    ['depository', 'checking', { current: 100, available: 110, limit: null }, false],
    ['depository', 'checking', { current: -50, available: 0, limit: 500 }, false],
    ['investment', 'brokerage', { current: 100, available: 100, limit: null }, false],
  ])('never takes what may be borrowed for the holder’s: %s, %s, %j', (type, subtype, balances, creditIncluded) => {
    const { account } = reading({ type, subtype }, balances);
    expect(account?.balances.find(({ balanceType }) => balanceType === 'ITAV')).toMatchObject({ creditIncluded });
    expect(account?.balances.find(({ balanceType }) => balanceType === 'ITBD')?.creditIncluded ?? false).toBe(false);
  });

  it.each([
    ['USD', '1.1368683772161603e-13', 'AMOUNT_INEXACT'],
    ['USD', '1e300', 'AMOUNT_INEXACT'],
    ['JPY', '1500.5', 'SUSPECT_SCALE'],
  ])('has no balance from %s %s, which is neither exact nor zero', (currency, literal, reason) => {
    const text = JSON.stringify({ accounts: JSON.parse(exampleText).accounts.slice(0, 1), request_id: 'req' });
    const changed = text.replace('23631.9805', literal).replace('"USD"', `"${currency}"`).replace('500', '500');
    const [only] = normaliseAll(changed);
    expect(only?.account?.balances.map(({ balanceType }) => balanceType)).toEqual(['ITAV']);
    expect(only).toMatchObject({
      account: { flags: ['BALANCE_SET_ASIDE'] },
      faults: [{ reason, member: '.balances.current' }],
    });
  });

  it.each([
    ['USD', '2307.2100000000002', usd('23072100000000002', 13)],
    ['JPY', '1500.0000000000002', { minor: '15000000000000002', exponent: 13, currency: 'JPY' }],
  ])('keeps a balance of %s %s exactly as it came, and flags it', (currency, literal, amount) => {
    const text = JSON.stringify({ accounts: JSON.parse(exampleText).accounts.slice(0, 1), request_id: 'req' });
    const [only] = normaliseAll(text.replace('23631.9805', literal).replace('"USD"', `"${currency}"`));
    expect(only?.account?.balances[0]).toMatchObject({ amount, flags: ['OVER_PRECISE'] });
    expect(only?.faults).toEqual([]);
  });

  it('takes blank text for none, and a time that is none for no time', () => {
    const { account } = reading({ name: ' ', mask: '', persistent_account_id: '' }, { last_updated_datetime: 'today' });
    expect(account).toMatchObject({ name: null, mask: null, identityBasis: 'providerId' });
    expect(account?.balances[0]).toMatchObject({ asOf: null, asOfBasis: 'fetch' });
  });
});

const samples = new URL('../../../../../shared/providers/samples/plaid/', import.meta.url);

describe.runIf(existsSync(samples))("Plaid's published balances", () => {
  it('are normalised to the values written by hand from its documentation', () => {
    const readings = normaliseAll(readFileSync(new URL('accounts_balance_get.response.json', samples), 'utf8'));
    expect(readings.flatMap(({ faults }) => faults)).toEqual([]);
    expect(readings.map(({ account }) => account)).toMatchObject([
      {
        type: 'CACC',
        nature: 'asset',
        balances: [
          { balanceType: 'ITBD', amount: usd('11000') },
          { balanceType: 'ITAV', amount: usd('10000') },
        ],
      },
      {
        type: 'CARD',
        nature: 'liability',
        balances: [{ balanceType: 'ITBD', amount: usd('-41000'), creditLine: usd('200000') }],
      },
      { type: 'LOAN', nature: 'liability', balances: [{ balanceType: 'ITBD', amount: usd('-6526200') }] },
    ]);
  });
});
