/** An account list too large for one item becomes several entries of the same list. Pure. */
import type { AccountsEntry } from './model.ts';
import { partLimitBytes } from './split-page.ts';

/** Only the last part closes accounts: a run that crashes between two parts leaves everything open. */
export function splitAccountList(entry: AccountsEntry, limitBytes: number = partLimitBytes): readonly AccountsEntry[] {
  const parts: AccountsEntry[] = [];
  let accounts: AccountsEntry['accounts'][number][] = [];
  let bytes = sizeOf({ ...entry, accounts: [] });
  for (const account of entry.accounts) {
    const accountBytes = sizeOf(account) + 1; // its comma
    if (accounts.length > 0 && bytes + accountBytes > limitBytes) {
      parts.push({ ...entry, accounts, accountsSeen: [], list: { ...entry.list, last: false } });
      accounts = [];
      bytes = sizeOf({ ...entry, accounts: [] });
    }
    accounts.push(account);
    bytes += accountBytes;
  }
  return [...parts, { ...entry, accounts }];
}

function sizeOf(value: object): number {
  return Buffer.byteLength(JSON.stringify(value));
}
