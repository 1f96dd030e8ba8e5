/** When a connection's full account list has to be read, and what of it is new. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { Head, StandingAccount } from '@quartersec/storage';
import type { Account, CanonicalPage } from '@quartersec/validation';

/** Accounts without transactions show in the list alone, and so do balances that move without one. */
const listIntervalMs = 86_400_000;

/** At the link, and daily. */
export function isListOld({ accountsReadEpochMs }: Pick<Head, 'accountsReadEpochMs'>, nowEpochMs: number): boolean {
  return accountsReadEpochMs === null || nowEpochMs - accountsReadEpochMs >= listIntervalMs;
}

/** When it is old, or a page has an account that is not known or no longer open. */
export function isListDue(
  head: Pick<Head, 'accounts' | 'accountsReadEpochMs'>,
  { accounts, quarantined }: Pick<CanonicalPage, 'accounts' | 'quarantined'>,
  nowEpochMs: number,
): boolean {
  if (isListOld(head, nowEpochMs)) return true;
  const open = new Set(head.accounts.filter(({ state }) => state === 'open').map(({ accountId }) => accountId));
  return accounts.some(({ accountId }) => !open.has(accountId)) || quarantined.some(isAboutAccount);
}

function isAboutAccount({ reason }: CanonicalPage['quarantined'][number]): boolean {
  return reason === 'ACCOUNT_UNKNOWN';
}

export interface AccountNews {
  readonly accounts: readonly Account[];
  /** Our ids of those that are as they are known. */
  readonly accountsSeen: readonly string[];
}

/** Accounts that say something new, and those that do not: an entry is paid for by its size, and most pages repeat what is known. */
export function accountNews(known: readonly Account[], listed: readonly Account[]): AccountNews {
  const facts = new Map(known.map((account) => [account.accountId, withoutStanding(account)]));
  const isKnown = (account: Account) => isDeepStrictEqual(facts.get(account.accountId), account);
  const [accounts, accountsSeen]: [Account[], string[]] = [[], []];
  for (const account of listed) {
    if (isKnown(account)) accountsSeen.push(account.accountId);
    else accounts.push(account);
  }
  return { accounts, accountsSeen };
}

/** A closed account has lost its balances: listed again, it is news. */
function withoutStanding(account: Account | StandingAccount): Account {
  if (!('state' in account)) return account;
  const { state: _, replacedBy: __, readEpochMs: ___, sinceVersion: ____, ...facts } = account;
  return facts;
}
