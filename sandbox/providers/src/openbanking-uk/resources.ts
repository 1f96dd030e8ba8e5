/** Accounts, balances and transactions of a bank as OBAccount6, OBReadBalance1 and OBTransaction6. */
import type { HeldAccount } from '../bank/held-account.ts';
import type { HeldTransaction } from '../bank/held-transaction.ts';
import { hashText } from '../random.ts';
import type { Currency } from '../story/currency.ts';
import type { Version } from './error-body.ts';
import type { ObukSettings } from './settings.ts';

type Kind = readonly [subType: string, code: string];

const kinds: Readonly<Record<string, Kind>> = {
  depository: ['CurrentAccount', 'CACC'],
  savings: ['Savings', 'SVGS'],
  credit: ['CreditCard', 'CARD'],
  loan: ['Loan', 'LOAN'],
  mortgage: ['Mortgage', 'MORT'],
};

/** Payment accounts, cards and loans: the standard is not about investments, and its currencies are ISO's. */
export function isInStandard({ type, currency }: HeldAccount): boolean {
  return (type === 'depository' || type === 'credit' || type === 'loan') && currency.unofficial !== true;
}

const owes = ({ type }: HeldAccount): boolean => type === 'credit' || type === 'loan';

/** As many decimals as the currency has, never a sign. */
function amount(minor: number, { code, exponent }: Currency) {
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0');
  const text = exponent === 0 ? digits : `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
  return { Amount: text, Currency: code };
}

/** Zero counts as a credit. @param minor positive: the holder's */
function signed(minor: number, currency: Currency) {
  return { Amount: amount(minor, currency), CreditDebitIndicator: minor < 0 ? 'Debit' : 'Credit' };
}

export function accountJson(account: HeldAccount, version: Version) {
  const [subType, code] = kinds[account.subtype] ?? kinds[account.type] ?? ['Other', 'OTHR'];
  const kind =
    version === 'v3.1'
      ? { AccountType: 'Personal', AccountSubType: subType }
      : { AccountCategory: 'Personal', AccountTypeCode: code };
  return {
    AccountId: account.id,
    Status: 'Enabled',
    StatusUpdateDateTime: '2019-01-01T06:06:06+00:00',
    Currency: account.currency.code,
    ...kind,
    Nickname: account.name,
    ...(account.mask !== null && {
      Account: [
        {
          SchemeName: 'UK.OBIE.SortCodeAccountNumber',
          Identification: `8020011020${account.mask}`,
          Name: account.name,
        },
      ],
    }),
  };
}

/** @param time of the balances, a date-time with its offset */
export function balancesJson(account: HeldAccount, time: string, version: Version) {
  const { id, currency, currentMinor, availableMinor, limitMinor } = account;
  const line =
    limitMinor === null
      ? {}
      : { CreditLine: [{ Included: true, Type: 'Pre-Agreed', Amount: amount(limitMinor, currency) }] };
  const balance = (name: string, code: string, minor: number, more: object = {}) => ({
    AccountId: id,
    ...signed(minor, currency),
    Type: version === 'v3.1' ? name : code,
    DateTime: time,
    ...more,
  });
  return [
    ...(currentMinor === null ? [] : [balance('InterimBooked', 'ITBD', owes(account) ? -currentMinor : currentMinor)]),
    ...(availableMinor === null ? [] : [balance('InterimAvailable', 'ITAV', availableMinor, line)]),
  ];
}

/** Of a day in London's summer time, at some hour of it; others in winter time. */
function localTime(id: string, date: string): string {
  const hour = String(hashText(1, id) % 24).padStart(2, '0');
  const offset = date.slice(5) > '03-30' && date.slice(5) < '10-26' ? '+01:00' : '+00:00';
  return `${date}T${hour}:30:00${offset}`;
}

/** @param answers how many answers this connection has had: an id that is reissued is another one in each */
export function transactionJson(
  held: HeldTransaction,
  version: Version,
  { settings, answers }: { readonly settings: ObukSettings; readonly answers: number },
) {
  const { id, accountId, outMinor, currency, date, pending, name } = held;
  const ids = { given: id, none: undefined, blank: ' ', reused: '9998', reissued: `${id}-${answers}` };
  const TransactionId = ids[settings.ids];
  const { merchant_name: merchant } = JSON.parse(held.json) as { readonly merchant_name?: unknown };
  const status = pending ? (['Pending', 'PDNG'] as const) : (['Booked', 'BOOK'] as const);
  return {
    AccountId: accountId,
    ...(TransactionId !== undefined && { TransactionId }),
    ...signed(-outMinor, currency),
    Status: status[version === 'v3.1' ? 0 : 1],
    BookingDateTime: settings.times === 'midnight' ? `${date}T00:00:00+00:00` : localTime(id, date),
    ...(typeof name === 'string' && name !== '' && { TransactionInformation: name.toWellFormed() }),
    ...(typeof merchant === 'string' && { MerchantDetails: { MerchantName: merchant } }),
  };
}
