/** Finds what comes monthly in a view, with the simplest rule that does: for tests of what is made of recurring insights. */
import { addMonths, dateOf } from '../day.ts';
import type { RecurringInsight } from '../insight.ts';
import type { CounterpartyLedger, View } from '../view.ts';

export function detectMonthly(view: View): RecurringInsight[] {
  return view.ledgers.flatMap((ledger) => seriesOf(ledger) ?? []);
}

function seriesOf({
  connectionId,
  accountId,
  currency,
  direction,
  key,
  label,
  movements,
}: CounterpartyLedger): RecurringInsight | undefined {
  const gaps = movements.slice(1).map(({ day }, index) => day - (movements[index]?.day ?? day));
  const last = movements.at(-1);
  if (last === undefined || movements.length < 3 || gaps.some((gap) => gap < 25 || gap > 35)) return undefined;
  const amounts = movements.map(({ minor }) => Math.abs(minor)).sort((a, b) => a - b);
  const next = addMonths(last.day, 1);
  return {
    kind: 'recurring',
    fingerprint: `r-${accountId}-${key}-${direction}`.slice(0, 22).padEnd(22, '-'),
    currency,
    confidencePercent: 90,
    date: dateOf(next),
    counterparty: label,
    evidence: movements
      .map(({ day, minor }) => ({ connectionId, accountId, date: dateOf(day), minor }))
      .reverse()
      .slice(0, 12),
    direction,
    cadence: 'monthly',
    status: movements.length < 4 ? 'early' : 'mature',
    category: last.category,
    amountKind: amounts[0] === amounts.at(-1) ? 'fixed' : 'variable',
    nextDate: dateOf(next),
    nextFromDate: dateOf(next - 3),
    nextToDate: dateOf(next + 3),
    typicalMinor: amounts[amounts.length >> 1] ?? 0,
    lowMinor: amounts[0] ?? 0,
    highMinor: amounts.at(-1) ?? 0,
    lastDate: dateOf(last.day),
    lastMinor: last.minor,
    occurrences: movements.length,
  };
}
