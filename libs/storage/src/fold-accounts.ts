/** Which accounts a connection has, and which of them still are: from the provider's lists, page by page. Pure. */
import type { Account } from '@quartersec/validation';
import type { StandingAccount } from './model.ts';

/** What one entry says about accounts. */
export interface AccountNews {
  readonly version: number;
  readonly readEpochMs: number;
  readonly accounts: readonly Account[];
  readonly accountsSeen: readonly string[];
}

/**
 * Known accounts keep their place, so the order does not jump between two reads. A closed one that is listed again is open, but not where
 * the list that lacks it is the younger one.
 * @param listedEpochMs when the newest full list was read, where it is not the news itself
 */
export function mergeAccounts(
  known: readonly StandingAccount[],
  news: AccountNews,
  listedEpochMs: number | null = null,
): readonly StandingAccount[] {
  const { version, readEpochMs, accounts, accountsSeen } = news;
  if (accounts.length === 0 && accountsSeen.length === 0) return known;
  const byId = new Map(known.map((account) => [account.accountId, account]));
  const open = { state: 'open', replacedBy: null, readEpochMs } as const;
  const isOldNews = listedEpochMs !== null && listedEpochMs >= readEpochMs;
  const isGone = (account: StandingAccount | undefined) =>
    isOldNews && account !== undefined && account.state !== 'open';
  for (const accountId of accountsSeen) {
    const account = byId.get(accountId);
    if (account !== undefined && !isGone(account)) byId.set(accountId, { ...account, ...open });
  }
  for (const account of accounts) {
    const before = byId.get(account.accountId);
    if (!isGone(before))
      byId.set(account.accountId, { ...account, ...open, sinceVersion: before?.sinceVersion ?? version });
  }
  return [...byId.values()];
}

/**
 * After a full list: open accounts that it lacks are closed, or replaced where exactly one account that is new since the
 * list before looks the same. Two accounts that were listed side by side are two, however alike they look.
 * @param listedVersion version of the list before: accounts from later entries are new
 */
export function closeUnlisted(
  accounts: readonly StandingAccount[],
  listed: ReadonlySet<string>,
  listedVersion: number,
): readonly StandingAccount[] {
  const successors = accounts.filter(
    ({ accountId, sinceVersion }) => listed.has(accountId) && sinceVersion > listedVersion,
  );
  const taken = new Set<string>();
  return accounts.map((account) => {
    if (account.state !== 'open' || listed.has(account.accountId)) return account;
    // An account that no list has had stood beside no other: it may be one that the bank renumbered twice between two lists.
    const wasListed = account.sinceVersion <= listedVersion;
    const candidates = wasListed ? successors.filter(({ accountId }) => !taken.has(accountId)) : successors;
    const successor = successorOf(account, candidates);
    if (successor === undefined) return { ...account, balances: [], state: 'closed' };
    if (wasListed) taken.add(successor.accountId);
    return { ...account, balances: [], state: 'replaced', replacedBy: successor.accountId };
  });
}

/** The bank renames accounts, but keeps kind, currency and last digits; where it shows no digits, the name must be the same. */
function successorOf(gone: Account, candidates: readonly StandingAccount[]): StandingAccount | undefined {
  const alike = candidates.filter(
    ({ type, nature, currency, mask }) =>
      type === gone.type && nature === gone.nature && currency === gone.currency && mask === gone.mask,
  );
  const namesakes = alike.filter(({ name }) => name === gone.name);
  if (namesakes.length > 0) return namesakes.length === 1 ? namesakes[0] : undefined;
  return alike.length === 1 && gone.mask !== null ? alike[0] : undefined;
}
