/** An amount and the indicator beside it, in our sign. Pure. */
import { type Money, type MoneyRefusal, moneySign, negateMoney, readTextMoney } from '@quartersec/validation';
import type { ObukAmount } from '@quartersec/validation/openbanking-uk';
import { type Fault, moneyFault } from '../quarantine.ts';

export type SignedReading =
  | { readonly ok: true; readonly money: Money; readonly overPrecise: boolean; readonly direction: 'CRDT' | 'DBIT' }
  | { readonly ok: false; readonly fault: Fault };

/**
 * @param member of the record that holds the amount, e.g. `.Amount`
 * @returns positive = money in, or the holder's claim. A minus sign beside an indicator can mean either, so it is refused
 */
export function readSigned(amount: ObukAmount, indicator: string, member: string): SignedReading {
  if (indicator !== 'Credit' && indicator !== 'Debit') {
    const at = member.replace(/\.Amount$/, '.CreditDebitIndicator');
    return refused({ reason: 'SCHEMA', member: at, received: 'string', expected: 'Credit or Debit' });
  }
  const reading = readTextMoney(amount.Amount, { currency: amount.Currency, unofficialCurrency: null });
  if (!reading.ok) return refused(faultOf(reading.reason, amount, member));
  if (moneySign(reading.money) < 0) {
    const expected = 'an amount without a sign beside its indicator';
    return refused({ reason: 'SCHEMA', member: `${member}.Amount`, received: 'string', expected });
  }
  const { money, overPrecise } = reading;
  return indicator === 'Debit'
    ? { ok: true, money: negateMoney(money), overPrecise, direction: 'DBIT' }
    : { ok: true, money, overPrecise, direction: 'CRDT' };
}

function faultOf(reason: MoneyRefusal, { Currency }: ObukAmount, member: string): Fault {
  return moneyFault(reason, `${member}.Amount`, { member: `${member}.Currency`, value: Currency }, 'string');
}

function refused(fault: Fault): SignedReading {
  return { ok: false, fault };
}
