/** A balance over time in words, for who does not see the chart. Pure. */
import type { BalanceHistory } from './balance-history.ts';
import { shortDay } from './local-day.ts';
import { money } from './money.ts';

/** "From £5,012 on 30 May to £6,600 today; lowest £3,120 on 4 Aug." */
export function balanceWords({ points, currency, exponent, nowMinor }: BalanceHistory): string {
  const [first] = points;
  if (first === undefined || points.length < 2) return 'What it was before is not known yet.';
  const told = (minor: number) => money(minor, currency, exponent, { whole: true });
  const lowest = points.reduce((least, point) => (point.minor < least.minor ? point : least));
  return `From ${told(first.minor)} on ${shortDay(first.day)} to ${told(nowMinor)} today; lowest ${told(lowest.minor)} on ${shortDay(lowest.day)}.`;
}

/** "+£120 in 30 days" */
export function monthWords({ monthMinor, currency, exponent }: BalanceHistory): string {
  return monthMinor === null
    ? ''
    : `${money(monthMinor, currency, exponent, { signed: true, whole: true })} in 30 days`;
}
