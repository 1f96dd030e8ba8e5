/** What an account of the standard is told by: its number and its currency, since sub-accounts share a number. Pure. */
import { type Account, accountId } from '@quartersec/validation';
import type { BerlinAccount, BerlinAccountReference } from '@quartersec/validation/berlin-group';
import { idFault } from '../quarantine.ts';

/** An account in several currencies. */
export const severalCurrencies = 'XXX';

interface Identity {
  readonly basis: Account['identityBasis'];
  readonly identifier: string;
}

/** The strongest that the bank gives; its resource id is one within a consent alone. @returns `undefined` where there is none */
export function identityOf(account: BerlinAccount): Identity | undefined {
  const number = numberOf(account);
  if (number !== undefined) return { basis: 'iban', identifier: number };
  const { maskedPan, msisdn, resourceId } = account;
  const others = [
    ['masked', maskedPan],
    ['persistentId', msisdn],
    ['providerId', resourceId],
  ] as const;
  for (const [basis, given] of others) {
    if (typeof given === 'string' && idFault(given) === undefined) return { basis, identifier: given.trim() };
  }
  return undefined;
}

/** IBAN or BBAN, however it is printed. */
function numberOf({ iban, bban }: Pick<BerlinAccountReference, 'iban' | 'bban'>): string | undefined {
  for (const given of [iban, bban]) {
    const number = (given ?? '').replace(/\s+/g, '').toUpperCase();
    if (number !== '' && number.isWellFormed()) return number;
  }
  return undefined;
}

export function accountIdOf({ basis, identifier }: Identity, currency: string, institutionId: string): string {
  return accountId({ provider: 'berlin-group', institutionId, identityBasis: basis, identifier, currency });
}

/** Our id and the currency: what windows are kept by, over consents and their resource ids. */
export function keyOf(account: BerlinAccount, institutionId: string): string | undefined {
  const identity = identityOf(account);
  if (identity === undefined) return undefined;
  const currency = identity.basis === 'iban' ? account.currency : '';
  return `${accountIdOf(identity, account.currency, institutionId)}.${currency}`;
}

/** @returns our id of the account, and its currency where the key is of a number */
export function readKey(key: string): { readonly accountId: string; readonly currency: string } {
  const [accountId = '', currency = ''] = key.split('.');
  return { accountId, currency };
}

/**
 * Whether a reference names the account.
 * @param account ours, with the currency that its id was made with; `undefined` where a number says nothing of it
 * @returns `undefined` where that cannot be told
 */
export function isSameAccount(
  reference: BerlinAccountReference | null | undefined,
  account: { readonly accountId: string; readonly currency: string } | undefined,
  institutionId: string,
): boolean | undefined {
  const number = reference ? numberOf(reference) : undefined;
  if (number === undefined || account === undefined || account.currency === '') return undefined;
  return accountIdOf({ basis: 'iban', identifier: number }, account.currency, institutionId) === account.accountId;
}
