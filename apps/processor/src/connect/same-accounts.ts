/** Whether a new link leads to accounts that a connection of the same user has already. Pure. */
import type { Head, StandingAccount } from '@quartersec/storage';
import type { Account } from '@quartersec/validation';

/**
 * @param heads of the user's connections
 * @returns the connection at the same institution with which the new link shares accounts: one that works before one that does
 *   not; `undefined` where it shares none
 */
export function findSameAccounts(
  heads: readonly Head[],
  {
    provider,
    institutionId,
    accounts,
  }: Pick<Head, 'provider' | 'institutionId'> & { readonly accounts: readonly Account[] },
): Head | undefined {
  const sharing = heads.filter(
    (head) =>
      head.provider === provider && head.institutionId === institutionId && isSharing(openOf(head.accounts), accounts),
  );
  return sharing.find(isWorking) ?? sharing[0];
}

/** Its provider answers for it, or will. */
export function isWorking({ status }: Pick<Head, 'status'>): boolean {
  return status === 'active' || status === 'waiting';
}

function openOf(accounts: readonly StandingAccount[]): readonly StandingAccount[] {
  return accounts.filter(({ state }) => state === 'open');
}

/** Every account of the shorter list is in the longer one: a user may share fewer accounts one time than another. */
function isSharing(known: readonly Account[], listed: readonly Account[]): boolean {
  const [shorter, longer] = known.length < listed.length ? [known, listed] : [listed, known];
  const left = [...longer];
  for (const account of shorter) {
    const place = left.findIndex((other) => isSame(account, other));
    if (place < 0) return false;
    left.splice(place, 1);
  }
  return shorter.length > 0;
}

/**
 * By the id that the bank promises to keep, where both have one; else by what it shows of the account. Without last digits an account
 * shows too little: two savings accounts of one name are two.
 */
function isSame(one: Account, other: Account): boolean {
  if (one.identityBasis === 'persistentId' && other.identityBasis === 'persistentId')
    return one.accountId === other.accountId;
  return (
    one.mask !== null &&
    one.mask === other.mask &&
    one.name === other.name &&
    one.type === other.type &&
    one.nature === other.nature &&
    one.currency === other.currency
  );
}
