/** The bank's account, and a balance, in our words. They come in answers of their own, so each keeps what the other said. Pure. */
import {
  type Account,
  type AccountFlag,
  type Balance,
  isLocalDate,
  type MoneyReading,
  readCurrency,
  readNumberMoney,
  readTextMoney,
} from '@quartersec/validation';
import type { BerlinAccount, BerlinAmount, BerlinBalance } from '@quartersec/validation/berlin-group';
import { isAvailable, kindOfCode } from '../list-read/cash-account.ts';
import type { Listed } from '../list-read/standard.ts';
import { type Fault, moneyFault } from '../quarantine.ts';
import { createTextReader } from '../stated-text.ts';
import { balanceTypeOf } from './balance-types.ts';
import { accountIdOf, identityOf, severalCurrencies } from './identity.ts';

/** @param known as earlier answers had them: balances stand until they are read again */
export function readAccount(
  { wire, dropped }: Listed<BerlinAccount>,
  institutionId: string,
  known: readonly Account[],
): Account {
  const { statedText, anyDropped } = createTextReader();
  const identity = identityOf(wire) ?? { basis: 'providerId', identifier: '' };
  const accountId = accountIdOf(identity, wire.currency, institutionId);
  const before = known.findLast((each) => each.accountId === accountId);
  const { currency } = wire;
  const isOne = currency !== severalCurrencies && readCurrency({ currency, unofficialCurrency: null }).ok;
  const name = statedText(wire.name) ?? statedText(wire.displayName) ?? statedText(wire.product);
  const number = statedText(wire.iban) ?? statedText(wire.bban) ?? statedText(wire.maskedPan);
  const flags: AccountFlag[] = anyDropped() || dropped.length > 0 ? ['MEMBER_DROPPED'] : [];
  if (before?.flags?.includes('BALANCE_SET_ASIDE')) flags.push('BALANCE_SET_ASIDE');
  return {
    accountId,
    identityBasis: identity.basis,
    // Without one nothing can be asked of the account.
    providerAccountId: wire.resourceId ?? accountId,
    currency: isOne ? currency : null,
    // The standard is about payment accounts.
    ...kindOfCode(wire.cashAccountType ?? 'CACC'),
    name,
    mask: number?.replace(/\W/g, '').slice(-4) || null,
    balances: before?.balances ?? [],
    ...(flags.length > 0 && { flags }),
  };
}

/** Exactly, be it a text or a number. */
export function readAmount({ amount, currency }: BerlinAmount): MoneyReading {
  const claim = { currency, unofficialCurrency: null };
  return typeof amount === 'string' ? readTextMoney(amount, claim) : readNumberMoney(amount.literal, claim);
}

/** @param member of the record that holds the amount, e.g. `.transactionAmount` */
export function amountFault(reason: Fault['reason'], wire: BerlinAmount, member: string): Fault {
  const received = typeof wire.amount === 'string' ? 'string' : 'number';
  return moneyFault(reason, `${member}.amount`, { member: `${member}.currency`, value: wire.currency }, received);
}

export function readBalance(wire: BerlinBalance, { nature }: Account): Balance | { readonly fault: Fault } {
  const reading = readAmount(wire.balanceAmount);
  if (!reading.ok) return { fault: amountFault(reading.reason, wire.balanceAmount, '.balanceAmount') };
  const balanceType = balanceTypeOf(wire.balanceType);
  const day = wire.referenceDate ?? '';
  return {
    balanceType,
    sourceType: wire.balanceType,
    amount: reading.money,
    creditLine: null,
    creditIncluded: wire.creditLimitIncluded === true || (nature === 'liability' && isAvailable(balanceType)),
    // A date has no zone: its beginning makes the balance older than it is, and never newer. `lastChangeDateTime` says when it last moved.
    ...(isLocalDate(day)
      ? { asOf: `${day}T00:00:00Z`, asOfBasis: 'provider' as const }
      : { asOf: null, asOfBasis: 'fetch' as const }),
    ...(reading.overPrecise && { flags: ['OVER_PRECISE'] as const }),
  };
}
