import { describe, expect, it } from 'vitest';
import { closeUnlisted, mergeAccounts } from './fold-accounts.ts';
import { sampleAccount } from './journal-samples.ts';
import type { StandingAccount } from './model.ts';

const standing = (accountId: string, more: Partial<StandingAccount> = {}): StandingAccount => ({
  ...sampleAccount(accountId),
  name: 'Everyday',
  mask: '1234',
  state: 'open',
  replacedBy: null,
  readEpochMs: 100,
  sinceVersion: 2,
  ...more,
});

const closed = { state: 'closed', replacedBy: null } as const;
const states = (accounts: readonly StandingAccount[]) =>
  accounts.map(
    ({ accountId, state, replacedBy }) => `${accountId} ${state}${replacedBy === null ? '' : ` by ${replacedBy}`}`,
  );

describe('news of accounts', () => {
  const news = { version: 7, readEpochMs: 500, accounts: [], accountsSeen: [] };

  it('leave all as it is where they say nothing', () => {
    const known = [standing('a')];
    expect(mergeAccounts(known, news)).toBe(known);
  });

  it('open what is listed again, as it was, and pass over what nobody knows', () => {
    const known = [standing('a', closed), standing('b')];
    expect(mergeAccounts(known, { ...news, accountsSeen: ['a', 'unknown'] })).toEqual([
      standing('a', { readEpochMs: 500 }),
      standing('b'),
    ]);
  });

  it('put an account in the place of what was known of it, and a new one behind the others', () => {
    const known = [standing('a'), standing('b')];
    const [again, added] = [sampleAccount('a', '250'), sampleAccount('c')];
    expect(mergeAccounts(known, { ...news, accounts: [again, added] })).toEqual([
      { ...again, state: 'open', replacedBy: null, readEpochMs: 500, sinceVersion: 2 },
      standing('b'),
      { ...added, state: 'open', replacedBy: null, readEpochMs: 500, sinceVersion: 7 },
    ]);
  });

  it.each([
    ['older than', 501, 'a closed'],
    ['as old as', 500, 'a closed'],
    ['younger than', 499, 'a open'],
  ])('that are %s the list that lacks an account: %s %s', (_age, listedEpochMs, state) => {
    const known = [standing('a', closed)];
    expect(states(mergeAccounts(known, { ...news, accountsSeen: ['a'] }, listedEpochMs))).toEqual([state]);
    expect(states(mergeAccounts(known, { ...news, accounts: [sampleAccount('a')] }, listedEpochMs))).toEqual([state]);
  });

  it('that are older than the list still tell of what it has, and of what is new', () => {
    const accounts = [sampleAccount('b')];
    expect(mergeAccounts([standing('a')], { ...news, accounts, accountsSeen: ['a'] }, 900)).toMatchObject([
      { accountId: 'a', readEpochMs: 500 },
      { accountId: 'b', state: 'open' },
    ]);
  });
});

describe('a full list', () => {
  /** The list before is of version 5. */
  const close = (accounts: readonly StandingAccount[], ...listed: string[]) =>
    states(closeUnlisted(accounts, new Set(listed), 5));
  const isNew = { sinceVersion: 6 };

  it('closes what it lacks, without its balances, and says nothing of what is closed already', () => {
    const accounts = [standing('a'), standing('b'), standing('c', { state: 'replaced', replacedBy: 'x' })];
    const [first, second, third] = closeUnlisted(accounts, new Set(['b']), 5);
    expect([first, second, third]).toEqual([{ ...standing('a'), ...closed, balances: [] }, accounts[1], accounts[2]]);
  });

  it('replaces an account by the one that is new and looks the same', () => {
    expect(close([standing('a'), standing('b', isNew)], 'b')).toEqual(['a replaced by b', 'b open']);
    const [gone] = closeUnlisted([standing('a'), standing('b', isNew)], new Set(['b']), 5);
    expect(gone?.balances).toEqual([]);
  });

  it.each<[string, Partial<StandingAccount>]>([
    ['of another kind', { type: 'SVGS' }],
    ['owed and not owned', { nature: 'liability' }],
    ['in another currency', { currency: 'USD' }],
    ['with other last digits', { mask: '9999' }],
    ['that the list before had', { sinceVersion: 5 }],
  ])('does not replace it by one %s', (_what, more) => {
    expect(close([standing('a'), standing('b', { ...isNew, ...more })], 'b')[0]).toBe('a closed');
  });

  it('does not replace it by one that is new and not listed', () => {
    expect(close([standing('a'), standing('b', isNew)])).toEqual(['a closed', 'b closed']);
  });

  it('goes by the digits where the name has changed, and by the name where there are no digits', () => {
    expect(close([standing('a'), standing('b', { ...isNew, name: 'Plus' })], 'b')[0]).toBe('a replaced by b');
    const bare = { mask: null };
    expect(close([standing('a', bare), standing('b', { ...isNew, ...bare })], 'b')[0]).toBe('a replaced by b');
    expect(close([standing('a', bare), standing('b', { ...isNew, ...bare, name: 'Plus' })], 'b')[0]).toBe('a closed');
  });

  it('takes the namesake of two that look the same, and neither where it cannot tell them apart', () => {
    const plus = standing('b', { ...isNew, name: 'Plus' });
    expect(close([standing('a'), plus, standing('c', isNew)], 'b', 'c')[0]).toBe('a replaced by c');
    expect(close([standing('a'), plus, standing('c', { ...isNew, name: 'Max' })], 'b', 'c')[0]).toBe('a closed');
    expect(close([standing('a'), standing('b', isNew), standing('c', isNew)], 'b', 'c')[0]).toBe('a closed');
  });

  it('lets one take the place of one: two that were listed side by side are two', () => {
    expect(close([standing('a'), standing('b'), standing('c', isNew)], 'c')).toEqual([
      'a replaced by c',
      'b closed',
      'c open',
    ]);
  });

  it('lets one take the place of what no list has had, too: the bank has renumbered it twice', () => {
    const accounts = [standing('a'), standing('between', isNew), standing('c', { sinceVersion: 7 })];
    expect(close(accounts, 'c')).toEqual(['a replaced by c', 'between replaced by c', 'c open']);
    expect(close([accounts[1] ?? standing('x'), standing('a'), accounts[2] ?? standing('x')], 'c')).toEqual([
      'between replaced by c',
      'a replaced by c',
      'c open',
    ]);
  });
});
