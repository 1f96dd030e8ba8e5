import { describe, expect, it } from 'vitest';
import { foldHead } from './fold-head.ts';
import { sampleAccount, sampleAccounts, sampleChain, sampleLinked } from './journal-samples.ts';
import type { Head } from './model.ts';
import { splitAccountList } from './split-account-list.ts';

describe('splitAccountList', () => {
  it('leaves a list that fits as it is', () => {
    const list = sampleAccounts({ accounts: [sampleAccount('a')], accountsSeen: ['b'] });
    expect(splitAccountList(list)).toEqual([list]);
  });

  it('fills a part to its last byte, and begins another only where one more would not fit', () => {
    const accounts = ['a', 'b', 'c'].map((id) => sampleAccount(id));
    const list = sampleAccounts({ accounts });
    const bytesOf = (count: number) =>
      Buffer.byteLength(JSON.stringify({ ...list, accounts: [] })) +
      count * (Buffer.byteLength(JSON.stringify(accounts[0])) + 1);
    const parts = (limitBytes: number) => splitAccountList(list, limitBytes).map((part) => part.accounts.length);
    expect([bytesOf(3), bytesOf(3) - 1, bytesOf(2), bytesOf(2) - 1].map(parts)).toEqual([
      [3],
      [2, 1],
      [2, 1],
      [1, 1, 1],
    ]);
    expect(parts(1)).toEqual([1, 1, 1]); // an account alone is never split
    const [first, ...others] = splitAccountList({ ...list, accountsSeen: ['x'] }, bytesOf(2));
    const last = others.at(-1);
    expect([first?.list.last, first?.accountsSeen, last?.list.last, last?.accountsSeen]).toEqual([
      false,
      [],
      true,
      ['x'],
    ]);
    expect(first?.list.id).toBe(list.list.id);
  });

  it('keeps a thousand accounts in parts below the limit, and closes none before the last', () => {
    const accounts = Array.from({ length: 1_000 }, (_, at) => sampleAccount(`acc-${at}`));
    const parts = splitAccountList(sampleAccounts({ accounts, accountsSeen: ['seen'] }), 50_000);
    expect(parts.length).toBeGreaterThan(5);
    for (const part of parts) expect(Buffer.byteLength(JSON.stringify(part))).toBeLessThanOrEqual(50_000);
    expect(parts.map(({ list }) => list.last)).toEqual([...parts.slice(1).map(() => false), true]);
    expect(parts.flatMap((part) => part.accounts)).toEqual(accounts);
    expect(parts.flatMap((part) => part.accountsSeen)).toEqual(['seen']);
    let head: Head | undefined;
    const before = sampleAccounts({ accounts: [sampleAccount('gone'), sampleAccount('seen')] });
    for (const entry of sampleChain('c-1', [sampleLinked(), before, ...parts])) head = foldHead(head, entry);
    expect(head?.accounts.filter(({ state }) => state === 'open')).toHaveLength(1_001);
    expect(head?.accounts[0]).toMatchObject({ accountId: 'gone', state: 'closed' });
  });
});
