/**
 * The balance is likely to go below zero before the next income. It is told when that is likely, not when it is merely possible: an alarm
 * at each low end of the band would be wrong most of the time.
 */
import { newestFirst } from './citation.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { AccountForecast, ForecastDay } from './forecast.ts';
import type { Evidence, LowBalanceInsight, RecurringInsight } from './insight.ts';
import { normalShare } from './normal-share.ts';
import { safeMinor } from './safe-minor.ts';
import { thresholdMinor } from './thresholds.ts';
import type { AccountView, Day } from './view.ts';

/** An older balance says nothing of now. */
const FRESH_DAYS = 7;
const LEAST_CONFIDENCE_PERCENT = 55;
const MOST_CONFIDENCE_PERCENT = 97;
/** Standard deviations between the ends of a forecast's band. */
const BAND_WIDTH = 2 * 1.2816;

/** @param recurring what the forecasts were made with */
export function lowBalance(
  forecasts: readonly AccountForecast[],
  { today, accounts }: { readonly today: Day; readonly accounts: readonly AccountView[] },
  recurring: readonly RecurringInsight[],
): LowBalanceInsight[] {
  const fresh = new Set(
    accounts
      .filter(({ balanceDay }) => (balanceDay ?? 0) >= today - FRESH_DAYS)
      .map(({ connectionId, accountId }) => `${connectionId}|${accountId}`),
  );
  return forecasts
    .filter(({ connectionId, accountId }) => fresh.has(`${connectionId}|${accountId}`))
    .flatMap((one) => lowOf(one, recurring) ?? []);
}

function lowOf(one: AccountForecast, recurring: readonly RecurringInsight[]): LowBalanceInsight | undefined {
  const { connectionId, accountId, currency } = one;
  const days = one.days
    .slice(0, one.reliableDays)
    .filter(({ date }) => one.nextIncomeDate === null || date < one.nextIncomeDate);
  const below = days.find(({ likelyMinor }) => likelyMinor <= -thresholdMinor('short', currency));
  if (below === undefined) return undefined;
  const lowest = days.reduce((worst, day) => (day.likelyMinor < worst.likelyMinor ? day : worst));
  // By the surest day: on the last ones an income that may come early makes the band wide.
  const confidencePercent = Math.min(MOST_CONFIDENCE_PERCENT, Math.max(...days.map(sureness)));
  if (confidencePercent < LEAST_CONFIDENCE_PERCENT) return undefined;
  return {
    kind: 'low-balance',
    fingerprint: fingerprintOf('low-balance', [connectionId, accountId], below.date.slice(0, 7)),
    currency,
    confidencePercent,
    date: below.date,
    counterparty: null,
    evidence: dueEvidence(one, lowest.date, recurring),
    connectionId,
    accountId,
    lowMinor: lowest.lowMinor,
    likelyMinor: lowest.likelyMinor,
    highMinor: lowest.highMinor,
    shortMinor: safeMinor(Math.max(0, ...days.map(({ lowMinor }) => -lowMinor))),
  };
}

/** How likely the balance is below zero on that day. */
function sureness({ lowMinor, likelyMinor, highMinor }: ForecastDay): number {
  const deviation = Math.max(1, (highMinor - lowMinor) / BAND_WIDTH);
  return Math.round(100 * normalShare(-likelyMinor / deviation));
}

/** The last payments of what falls due until then. */
function dueEvidence(one: AccountForecast, until: string, recurring: readonly RecurringInsight[]): Evidence[] {
  const due = new Set(
    one.due.filter(({ date, minor }) => minor < 0 && date <= until).map(({ fingerprint }) => fingerprint),
  );
  const newest = recurring.flatMap(({ fingerprint, evidence }) => (due.has(fingerprint) ? evidence.slice(0, 1) : []));
  return newestFirst(newest);
}
