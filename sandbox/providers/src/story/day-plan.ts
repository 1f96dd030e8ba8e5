/** What happens to a household on a virtual day, and the history before the first one. Pure functions of (seed, index, step). */
import { hash32, Random } from '../random.ts';
import { type CalendarDay, calendarDay } from './calendar.ts';
import { CARD, CHECKING, type Household, priceMinor, type Standing } from './household.ts';
import type { Origin } from './origin.ts';
import { drawShop } from './payees.ts';

/** Ordinals of shop visits start here; what comes back every month is below. */
const FIRST_VISIT_ORDINAL = 16;
const SHORTEST_HISTORY_DAYS = 90;
const LONGEST_HISTORY_DAYS = 730; // what a bank-data provider gives at most

function isDue(standing: Standing, { dayOfMonth, month }: CalendarDay): boolean {
  if (standing.month !== 0 && standing.month !== month) return false;
  return dayOfMonth === standing.dayOfMonth || (standing.twice && dayOfMonth === standing.dayOfMonth + 14);
}

const settled = {
  postAfter: 0,
  dropAfter: 0,
  pendingModified: false,
  linked: false,
  correctAfter: 0,
  removeAfter: 0,
} as const;

/** Wages, rent, subscriptions, transfers due on this day: posted at once and for good. */
export function standingOrigins(seed: number, household: Household, step: number, day: number): Origin[] {
  const date = calendarDay(day);
  const origins: Origin[] = [];
  household.standing.forEach((standing, place) => {
    if (!isDue(standing, date)) return;
    const { account, payee, variesPercent } = standing;
    const varies =
      variesPercent === 0 ? 0 : (hash32(seed, household.index, day, place) % (2 * variesPercent + 1)) - variesPercent;
    const outMinor = Math.round((standing.outMinor * (100 + varies)) / 100);
    const amounts = { outMinor, postedOutMinor: outMinor, correctedOutMinor: outMinor };
    origins.push({ ...settled, ...amounts, step, ordinal: place, account, payee, purchaseDay: day, toldDay: day });
  });
  return origins;
}

/** Another amount of the same sign, up to `percent` away and never the same. */
function otherAmount(outMinor: number, percent: number, unit: number): number {
  const shift = Math.round((outMinor * percent * (2 * unit - 1)) / 100);
  const other = outMinor + (shift === 0 ? 1 : shift);
  return other === 0 ? outMinor + 1 : other;
}

function visitOrigin(random: Random, household: Household, step: number, ordinal: number, day: number): Origin {
  const payee = drawShop(random.unit());
  const account = random.unit() * 100 < household.cardSharePercent ? CARD : CHECKING;
  const price = priceMinor(payee, random.unit(), household.currency, household.lifestylePercent);
  const fate = random.unit();
  const detail = random.unit();
  const delay = random.between(1, 3);
  const amount = random.unit();
  const base = { ...settled, step, ordinal, account, payee, purchaseDay: day, toldDay: day };
  if (fate < 0.06) {
    return { ...base, outMinor: -price, postedOutMinor: -price, correctedOutMinor: -price }; // a refund
  }
  if (fate < 0.48) {
    if (detail < 0.06) {
      return {
        ...base,
        postAfter: null,
        dropAfter: delay,
        outMinor: price,
        postedOutMinor: price,
        correctedOutMinor: price,
      };
    }
    const posted = detail < 0.3 ? otherAmount(price, 20, amount) : price; // a tip, a fuel pump's hold
    return {
      ...base,
      postAfter: delay,
      outMinor: price,
      postedOutMinor: posted,
      pendingModified: delay > 1 && detail < 0.14,
      linked: detail < 0.97, // providers fail to match a few
      correctAfter: detail > 0.9 && detail < 0.94 ? 4 : 0,
      correctedOutMinor: otherAmount(posted, 15, 1 - amount),
    };
  }
  return {
    ...base,
    purchaseDay: day - (delay - 1), // the shop was slow: told and posted up to two days after the purchase
    outMinor: price,
    postedOutMinor: price,
    correctAfter: detail < 0.06 ? delay + 1 : 0,
    correctedOutMinor: otherAmount(price, 15, amount),
    removeAfter: detail > 0.97 ? delay + 1 : 0,
  };
}

/** Visits to shops told on this step, 2 to 4: the only origins with a fate that later steps tell. */
export function visitOrigins(seed: number, household: Household, step: number, day: number): Origin[] {
  const random = new Random(hash32(seed, household.index, step, 0xda7));
  const count = random.between(2, 4);
  const origins: Origin[] = [];
  for (let i = 0; i < count; i += 1) origins.push(visitOrigin(random, household, step, FIRST_VISIT_ORDINAL + i, day));
  return origins;
}

/** Days that a history of so many records reaches back. */
export const historyDays = (count: number): number =>
  Math.min(LONGEST_HISTORY_DAYS, Math.max(SHORTEST_HISTORY_DAYS, Math.ceil(count / 4)));

/**
 * The time before the story, oldest first, all settled: exactly `count` records over 90 days (up to 730 for long ones).
 * @param firstDay virtual day of step 1
 */
export function historyOrigins(seed: number, household: Household, firstDay: number, count: number): Origin[] {
  const days = historyDays(count);
  const origins: Origin[] = [];
  for (let day = firstDay - days; day < firstDay; day += 1) origins.push(...standingOrigins(seed, household, 0, day));
  const visits = Math.max(0, count - origins.length);
  const random = new Random(hash32(seed, household.index, 0, 0x417));
  for (let i = 0; i < visits; i += 1) {
    const day = firstDay - days + Math.floor(((i + random.unit()) * days) / visits);
    const payee = drawShop(random.unit());
    const account = random.unit() * 100 < household.cardSharePercent ? CARD : CHECKING;
    const price = priceMinor(payee, random.unit(), household.currency, household.lifestylePercent);
    const outMinor = random.unit() < 0.06 ? -price : price;
    const amounts = { outMinor, postedOutMinor: outMinor, correctedOutMinor: outMinor };
    origins.push({ ...settled, ...amounts, step: 0, ordinal: 0, account, payee, purchaseDay: day, toldDay: day });
  }
  return origins
    .sort((one, other) => one.toldDay - other.toldDay)
    .slice(origins.length - count)
    .map((origin, ordinal) => ({ ...origin, ordinal }));
}
