/**
 * All that made-up households are told, word for word, as somebody approved it: a rule that changes shows as a difference to read, and so
 * does a fingerprint, by which users have dismissed what they were told. Each file is made anew by `npm test -- -u` in this package, and
 * read before it is committed.
 */
import { describe, expect, it } from 'vitest';
import { connectionInsights } from './assess-connection.ts';
import { userInsights } from './assess-user.ts';
import { dateOf } from './day.ts';
import type { AccountForecast } from './forecast.ts';
import type { Insight } from './insight.ts';
import { VariedHousehold } from './testing/varied-household.ts';
import { viewOf } from './view-of.ts';

/** Between two looks: no whole number of weeks, so that each weekday and each day of the month is met. */
const STEP_DAYS = 17;
const FIRST_LOOK_DAYS = 150;
/** Of the forecast's days. */
const SHOWN = [1, 9, 44];

function insightLine({ kind, evidence, ...rest }: Insight): string {
  const told = Object.entries(rest).map(
    ([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const seen = evidence.slice(0, 5).map(({ accountId, date, minor }) => `${accountId} ${date} ${minor}`);
  return `${kind}: ${told.join(', ')}; by ${evidence.length}: ${seen.join(', ')}`;
}

function forecastLine({ accountId, startMinor, nextIncomeDate, reliableDays, days, due }: AccountForecast): string {
  const shown = SHOWN.map((day) => days[day]).map(
    (day) => `${day?.date} ${day?.lowMinor}/${day?.likelyMinor}/${day?.highMinor}`,
  );
  const paid = due.slice(0, 3).map(({ date, minor, counterparty }) => `${date} ${minor} ${counterparty}`);
  return `${accountId}: ${startMinor} now, income ${nextIncomeDate}, ${reliableDays} days; ${shown.join(', ')}; ${paid.join(', ')}`;
}

function toldTo(seed: number): string {
  const household = new VariedHousehold(seed);
  const looks: number[] = [];
  for (let day = household.firstDay + FIRST_LOOK_DAYS; day <= household.lastDay; day += STEP_DAYS) looks.push(day);
  const lines: string[] = [];
  let standing = new Map<string, Insight>();
  for (const [index, { today, parts }] of [...household.lookAt(looks)].entries()) {
    const { insights, recommendations, forecast } = userInsights(viewOf(parts, today), connectionInsights, []);
    const now = new Map(insights.map((insight) => [`${insight.kind} ${insight.fingerprint}`, insight]));
    lines.push(`# ${dateOf(today)}`);
    for (const [id, insight] of now) if (!standing.has(id)) lines.push(`+ ${insightLine(insight)}`);
    for (const [id, insight] of standing)
      if (!now.has(id)) lines.push(`- ${insight.kind}: ${insight.date} ${insight.counterparty}`);
    if (index % 5 === 0) {
      for (const { action, amountMinor, account, benefitMinor, benefitPeriod } of recommendations)
        lines.push(`= ${action}: ${amountMinor} of ${account?.accountId}, ${benefitMinor} ${benefitPeriod}`);
      for (const account of forecast) lines.push(`~ ${forecastLine(account)}`);
    }
    standing = now;
  }
  return `${lines.join('\n')}\n`;
}

describe('what a household is told', () => {
  it.each([
    ['with money to spare', 1],
    ['that is paid and spends evenly', 2],
    ['that is short of money', 3],
    ['with money to spare, another one', 4],
    ['that spends evenly, another one', 5],
    ['that is short of money, another one', 6],
  ])('%s', async (_, seed) => {
    await expect(toldTo(seed)).toMatchFileSnapshot(`./approved/household-${seed}.txt`);
  });
});
