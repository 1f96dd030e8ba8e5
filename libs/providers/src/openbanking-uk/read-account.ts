/** The bank's account, and a balance, in our words. They come in answers of their own, so each keeps what the other said. Pure. */
import {
  type Account,
  type AccountFlag,
  accountId,
  type Balance,
  isDateTime,
  readCurrency,
} from '@quartersec/validation';
import type { ObukAccount, ObukBalance } from '@quartersec/validation/openbanking-uk';
import { isAvailable, kindOfCode } from '../list-read/cash-account.ts';
import type { Listed } from '../list-read/standard.ts';
import type { Fault } from '../quarantine.ts';
import { createTextReader } from '../stated-text.ts';
import { balanceTypeOf } from './balance-types.ts';
import { readSigned } from './signed-money.ts';

/** @param known the account as an earlier answer had it: its balances stand until they are read again */
export function readAccount(
  { wire, dropped }: Listed<ObukAccount>,
  institutionId: string,
  known: Account | undefined,
): Account {
  const { statedText, anyDropped } = createTextReader();
  const currency = wire.Currency ?? null;
  const name = statedText(wire.Nickname) ?? statedText(wire.Description);
  const mask = maskOf(wire, statedText);
  const flags: AccountFlag[] = anyDropped() || dropped.length > 0 ? ['MEMBER_DROPPED'] : [];
  if (known?.flags?.includes('BALANCE_SET_ASIDE')) flags.push('BALANCE_SET_ASIDE');
  return {
    accountId: known?.accountId ?? idOf(wire, institutionId),
    identityBasis: known?.identityBasis ?? 'providerId',
    providerAccountId: wire.AccountId,
    currency: currency !== null && readCurrency({ currency, unofficialCurrency: null }).ok ? currency : null,
    ...kindOf(wire),
    name,
    mask,
    balances: known?.balances ?? [],
    ...(flags.length > 0 && { flags }),
  };
}

/** By the standard the id is the same across time, and not only under one consent. */
function idOf({ AccountId }: ObukAccount, institutionId: string): string {
  return accountId({
    provider: 'openbanking-uk',
    institutionId,
    identityBasis: 'providerId',
    identifier: AccountId,
    currency: null,
  });
}

/** Last digits of the first number that the account is known by. */
function maskOf(
  { Account }: ObukAccount,
  statedText: (text: string | null | undefined) => string | null,
): string | null {
  for (const { Identification } of Account ?? []) {
    const digits = statedText(Identification)?.replace(/\W/g, '').slice(-4);
    if (digits) return digits;
  }
  return null;
}

/** `AccountSubType` of 3.1, in the codes that `AccountTypeCode` of 4.0 has. */
const codes: ReadonlyMap<string, string> = new Map([
  ['CurrentAccount', 'CACC'],
  ['Savings', 'SVGS'],
  ['ChargeCard', 'CARD'],
  ['CreditCard', 'CARD'],
  ['Loan', 'LOAN'],
  ['Mortgage', 'MORT'],
]);

function kindOf({ AccountSubType, AccountTypeCode }: ObukAccount): Pick<Account, 'type' | 'nature'> {
  const stated = AccountTypeCode ?? AccountSubType ?? '';
  return kindOfCode(codes.get(stated) ?? stated);
}

export function readBalance(wire: ObukBalance, { nature }: Account): Balance | { readonly fault: Fault } {
  const reading = readSigned(wire.Amount, wire.CreditDebitIndicator, '.Amount');
  if (!reading.ok) return reading;
  const balanceType = balanceTypeOf(wire.Type);
  const lines = wire.CreditLine ?? [];
  const hasLine = lines.some(({ Included }) => Included);
  const time = wire.DateTime ?? null;
  const isTime = time !== null && isDateTime(time);
  return {
    balanceType,
    sourceType: wire.Type,
    amount: reading.money,
    creditLine: creditLineOf(wire),
    creditIncluded: hasLine || (nature === 'liability' && isAvailable(balanceType)),
    asOf: isTime ? time : null,
    asOfBasis: isTime ? 'provider' : 'fetch',
    ...(reading.overPrecise && { flags: ['OVER_PRECISE'] as const }),
  };
}

/** The first line whose amount can be read; what is still available of one is no limit. */
function creditLineOf({ CreditLine }: ObukBalance): Balance['creditLine'] {
  for (const { Type, Amount } of CreditLine ?? []) {
    if (Type === 'Available' || !Amount) continue;
    const reading = readSigned(Amount, 'Credit', '.CreditLine');
    if (reading.ok) return reading.money;
  }
  return null;
}
