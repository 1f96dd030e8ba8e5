import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { accountId, parseExact } from '@quartersec/validation';
import { checkAccount, checkAccountsEnvelope } from '@quartersec/validation/plaid';
import { describe, expect, it } from 'vitest';
import { type AccountReading, normaliseAccount } from './normalise-account.ts';

const require = createRequire(import.meta.url);
const exampleText = readFileSync(
  require.resolve('@quartersec/validation/plaid/examples/accounts-balance.json'),
  'utf8',
);
const context = { institutionId: 'ins_northwind', known: new Map(), asOfBasis: 'fetch' } as const;
const usd = (minor: string, exponent = 2) => ({ minor, exponent, currency: 'USD', unofficialCurrency: null });

function normaliseAll(text: string): AccountReading[] {
  const envelope = checkAccountsEnvelope(parseExact(text));
  if (!envelope.ok) throw new Error(envelope.issue.path);
  return envelope.value.accounts.map((record) => {
    const checked = checkAccount(record);
    if (!checked.ok) throw new Error(checked.issue.path);
    return normaliseAccount(checked.value, context);
  });
}

type Json = Record<string, unknown>;

/** The example's first account, changed. */
function reading(change: Json, balances: Json = {}): AccountReading {
  const [first] = JSON.parse(exampleText).accounts as [Json & { balances: Json }];
  const account = { ...first, ...change, balances: { ...first.balances, ...balances } };
  const [only] = normaliseAll(JSON.stringify({ accounts: [account], request_id: 'req' }));
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
    [{ name: 'a\udc00' }, 'SCHEMA', '.name'],
    [{ mask: '\ud800' }, 'SCHEMA', '.mask'],
  ])('leaves out an account with %j', (change, reason, member) => {
    expect(reading(change)).toEqual({ account: null, faults: [{ reason, member, received: 'string' }] });
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
