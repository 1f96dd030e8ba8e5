import { afterAll, describe, expect, it } from 'vitest';
import type { RawPage } from '../connector.ts';
import { body, context, create, ibanB, limits, list, listed, useBerlinBank } from '../testing/berlin-bank.ts';

describe('of the Berlin Group’s standard,', () => {
  const { scripted, open, calls: received } = useBerlinBank();

  describe('its account list', () => {
    it('and the first page of a read that is beside it are one call, in whatever order, and no more than once', async () => {
      const opened = open();
      const calls = () => received().length;
      const before = calls();
      scripted(list(listed('a1')));
      const page = () => opened.connector.fetchPage({ accessToken: 'c', cursor: null }, limits());
      const accounts = () => opened.connector.fetchAccounts({ accessToken: 'c' }, limits());
      await Promise.all([page(), accounts()]);
      expect(calls() - before).toBe(1);
      await Promise.all([accounts(), page()]);
      expect(calls() - before).toBe(2);
      await page();
      await page();
      await accounts();
      expect(calls() - before).toBe(4);
      await opened.connector.fetchAccounts({ accessToken: 'another' }, limits());
      expect(calls() - before).toBe(5);
      scripted([500, ''], list(listed('a1')));
      await expect(page()).rejects.toMatchObject({ code: 'SERVER_ERROR' });
      await accounts();
      expect(calls() - before).toBe(7);
      opened.close();
    });

    const { connector, close } = create('http://127.0.0.1:1');
    afterAll(close);
    const raw = (text: string): RawPage => ({ text, requestId: null });
    const accountsIn = (text: string) =>
      connector.readAccounts(raw(text), { institutionId: 'ins-1', knownAccounts: [] });

    it('is whole where every account could be told', () => {
      expect(accountsIn(list(listed('a1'), listed('a2', { iban: ibanB })))).toMatchObject({ isWhole: true });
      expect(accountsIn(list(listed('a1'), { iban: 5, currency: 'EUR' }))).toMatchObject({
        isWhole: false,
        accounts: [{}],
      });
      expect(accountsIn(list()).isWhole).toBe(false);
      expect(accountsIn(list(listed('a1', { name: 5 })))).toMatchObject({
        isWhole: true,
        accounts: [{ flags: ['MEMBER_DROPPED'], mask: '6789' }],
      });
      expect(() => accountsIn('{}')).toThrow(expect.objectContaining({ code: 'PAGE_INVALID' }));
    });

    it('is one list, on however many pages', async () => {
      const opened = open();
      const next = { _links: { next: { href: '/psd2/v1/accounts?page=2' } } };
      scripted(body({ accounts: [listed('a1')], ...next }), list(listed('a2', { iban: ibanB })));
      const fetched = await opened.connector.fetchAccounts({ accessToken: 'c' }, limits());
      expect(opened.connector.readAccounts(fetched, context([]))).toMatchObject({ isWhole: true, accounts: [{}, {}] });
      opened.close();
    });

    it.each([
      ['a number', { bban: 'BARC12345612345678' }, 'iban', '5678'],
      ['a masked card', { maskedPan: '5409050000xx3241' }, 'masked', '3241'],
      ['a telephone', { msisdn: '+49 170 1234321' }, 'persistentId', null],
      ['its resource alone', {}, 'providerId', null],
    ])('may name an account by %s', (_title, members, identityBasis, mask) => {
      const { accounts } = accountsIn(list({ resourceId: 'a1', currency: 'EUR', ...members }));
      expect(accounts).toMatchObject([{ identityBasis, mask, type: 'CACC', nature: 'asset' }]);
    });
  });
});
