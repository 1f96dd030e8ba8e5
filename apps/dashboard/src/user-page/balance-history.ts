/** The balance of an account over the last days, computed back from the present one by what was booked since. Pure. */
import { isAt, type UserAccount, type UserData, type UserTransaction } from './answers.ts';
import { dateOf, dayOf } from './local-day.ts';

export const historyDays = 180;

export interface BalancePoint {
  readonly day: number;
  /** Of the account's currency; owed amounts are negative. */
  readonly minor: number;
}

export interface BalanceHistory {
  readonly account: UserAccount;
  readonly currency: string;
  readonly exponent: number;
  readonly nowMinor: number;
  /** End of each day, oldest first, up to today. One alone where nothing is known of before. */
  readonly points: readonly BalancePoint[];
  /** Against 30 days ago; `null` where that is not known. */
  readonly monthMinor: number | null;
}

/** What is booked; what is available may hold a credit line or amounts that are not settled. */
const booked = ['ITBD', 'CLBD', 'OPBD'];

export function bookedBalance({ balances }: Pick<UserAccount, 'balances'>) {
  return booked.flatMap((type) => balances.find(({ balanceType }) => balanceType === type) ?? [])[0];
}

function bookedDay({ bookingDate, executionDate, valueDate }: UserTransaction): number | undefined {
  return dayOf(bookingDate) ?? dayOf(executionDate) ?? dayOf(valueDate);
}

/** Exact; a record with more decimals than the balance is rounded by no more than its last digit. */
function atExponent(minor: string, from: number, to: number): number {
  if (from <= to) return Number(BigInt(minor) * 10n ** BigInt(to - from));
  return Number(BigInt(minor) / 10n ** BigInt(from - to));
}

/** The first day from which all that was booked is known: of the connection, since a quiet account has no record of its own. */
function firstKnownDay(
  { transactions, isCut }: Pick<UserData, 'transactions' | 'isCut'>,
  today: number,
  connectionId: string,
) {
  const days = transactions
    .filter((one) => isCut || one.connectionId === connectionId)
    .flatMap((one) => bookedDay(one) ?? []);
  const first = days.length === 0 ? today : Math.min(...days);
  return Math.max(isCut ? first + 1 : first, today - historyDays);
}

function historyOf(
  account: UserAccount,
  data: Pick<UserData, 'transactions' | 'isCut'>,
  today: number,
): BalanceHistory | undefined {
  const balance = bookedBalance(account);
  const currency = balance?.amount.currency ?? balance?.amount.unofficialCurrency;
  if (balance === undefined || !currency) return undefined;
  const { exponent } = balance.amount;
  const nowMinor = Number(balance.amount.minor);
  const movedOn = new Map<number, number>();
  for (const transaction of data.transactions) {
    const { amount, status } = transaction;
    const day = bookedDay(transaction);
    if (status !== 'BOOK' || day === undefined || !isAt(transaction, account)) continue;
    if ((amount.currency ?? amount.unofficialCurrency) !== currency) continue;
    const at = Math.min(day, today); // dated ahead, and in the balance already
    movedOn.set(at, (movedOn.get(at) ?? 0) + atExponent(amount.minor, amount.exponent, exponent));
  }
  const points: BalancePoint[] = [];
  const firstDay = firstKnownDay(data, today, account.connectionId);
  let minor = nowMinor;
  for (let day = today; day >= firstDay; day -= 1) {
    points.unshift({ day, minor });
    minor -= movedOn.get(day) ?? 0;
  }
  const before = points.find(({ day }) => day === today - 30);
  return {
    account,
    currency,
    exponent,
    nowMinor,
    points,
    monthMinor: before === undefined ? null : nowMinor - before.minor,
  };
}

const order = ['CACC', 'SVGS', 'CARD', 'OTHR', 'LOAN', 'MORT'];

/** @returns of each open account with a balance, current accounts first */
export function balanceHistories(
  data: Pick<UserData, 'accounts' | 'transactions' | 'isCut'>,
  today: number,
): readonly BalanceHistory[] {
  return data.accounts
    .filter(({ state }) => state === 'open')
    .sort((a, b) => order.indexOf(a.type) - order.indexOf(b.type))
    .flatMap((account) => historyOf(account, data, today) ?? []);
}

/** First day to ask transactions for. */
export const historyFrom = (today: number): string => dateOf(today - historyDays);
