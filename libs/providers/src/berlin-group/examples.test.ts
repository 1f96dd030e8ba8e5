import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { balance, ibanB, list, listed, report, useBerlinBank } from '../testing/berlin-bank.ts';

describe('of the Berlin Group’s standard,', () => {
  const { read } = useBerlinBank();

  describe('the published examples', () => {
    const example = (name: string) =>
      readFileSync(new URL(import.meta.resolve(`@quartersec/validation/berlin-group/examples/${name}.json`)), 'utf8');
    const eur = list(listed('3dc3d5b3', { iban: ibanB }));

    it('of accounts are two, one of them without transactions', async () => {
      const { pages, paths, more } = await read(null, [example('accounts-regular'), balance(), report([]), balance()]);
      expect(pages[0]?.accounts).toMatchObject([
        { name: 'Main Account', currency: 'EUR', mask: '6789', type: 'CACC', identityBasis: 'iban' },
        { name: 'US Dollar Account', currency: 'USD', mask: '6788' },
      ]);
      expect([paths.length, more]).toEqual([4, false]);
    });

    it.each(['accounts-sub-accounts', 'accounts-both-levels'])(
      'of an account in two currencies are two (%s)',
      async (name) => {
        const { pages } = await read(null, [example(name)]);
        expect(pages[0]?.accounts.map(({ currency }) => currency)).toEqual(['EUR', 'USD']);
      },
    );

    it('of a report set aside what contradicts its sides, and nothing else', async () => {
      const { pages } = await read(null, [eur, balance(), example('transactions-regular')]);
      expect(pages[2]?.quarantined).toMatchObject([
        {
          path: '$input.transactions.booked[0].transactionAmount.amount',
          expected: 'an amount whose sign agrees with the accounts of creditor and debtor',
        },
      ]);
      expect(pages[2]?.added).toMatchObject([
        {
          providerTransactionId: '1234568',
          status: 'BOOK',
          amount: { minor: '34301', exponent: 2, currency: 'EUR' },
          direction: 'CRDT',
          bookingDate: '2017-10-25',
          valueDate: '2017-10-26',
          counterpartyName: 'Paul Simpson',
          remittance: ['Example 2'],
        },
        {
          providerTransactionId: '1234569',
          status: 'PDNG',
          amount: { minor: '-10003' },
          direction: 'DBIT',
          bookingDate: null,
          valueDate: '2017-10-26',
          counterpartyName: 'Claude Renault',
        },
      ]);
    });

    it('of a report on several currencies are four entries', async () => {
      const sum = list(listed('3dc3d5b3', { iban: 'DE40100100103307118608', currency: 'XXX' }));
      const { pages } = await read(null, [
        sum,
        example('balances-multicurrency'),
        example('transactions-multicurrency'),
      ]);
      expect(pages[1]?.accounts[0]?.balances.map(({ amount }) => `${amount.minor} ${amount.currency}`)).toEqual([
        '50000 EUR',
        '90000 EUR',
        '35000 USD',
        '35000 USD',
      ]);
      expect(pages[2]?.added.map(({ amount, status }) => `${status} ${amount.minor} ${amount.currency}`)).toEqual([
        'BOOK -25667 EUR',
        'BOOK 34301 EUR',
        'BOOK 10000 USD',
        'PDNG -10003 EUR',
      ]);
    });

    it('of balances have their days, and borrowed money is nobody’s', async () => {
      const french = list(listed('3dc3d5b3', { iban: 'FR7612345987650123456789014' }));
      const regular = await read(null, [french, example('balances-regular')]);
      expect(regular.pages[1]?.accounts[0]?.balances).toMatchObject([
        { balanceType: 'CLBD', amount: { minor: '50000' }, asOf: '2017-10-25T00:00:00Z' },
        { balanceType: 'XPCD', amount: { minor: '90000' }, asOf: null },
      ]);
      const limit = await read(null, [eur, example('balances-credit-limit')]);
      expect(limit.pages[1]?.accounts[0]?.balances).toMatchObject([
        { balanceType: 'ITBD', amount: { minor: '100000' }, creditIncluded: false },
        { balanceType: 'ITAV', amount: { minor: '30000' }, creditIncluded: false },
        { balanceType: 'ITAV', amount: { minor: '530000' }, creditIncluded: true },
      ]);
    });

    it('of standing orders are no transactions, and of a download no report', async () => {
      const standing = await read(null, [eur, balance(), example('transactions-standing-orders')]);
      expect(standing.pages[2]).toMatchObject({ added: [], quarantined: [] });
      await expect(read(null, [eur, balance(), example('transactions-download')])).rejects.toMatchObject({
        code: 'PAGE_INVALID',
      });
    });

    it('of an exceeded quota wait for the next day', async () => {
      await expect(read(null, [[429, example('error-429-access-exceeded')]])).rejects.toMatchObject({
        code: 'THROTTLED',
        facts: { providerCode: 'ACCESS_EXCEEDED', retryAfterMs: 54_000_000 },
      });
    });
  });
});
