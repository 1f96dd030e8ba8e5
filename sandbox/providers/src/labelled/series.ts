/** Something that comes back: its records, and what is true of it. */
import type { Random } from '../random.ts';
import { calendarDay } from '../story/calendar.ts';
import type { Rhythm, Text } from './country.ts';
import type { LabelledEntry, LedgerBuilder, Party } from './ledger-builder.ts';
import { nominalDays, shifted } from './occurrences.ts';
import type { Purpose } from './purpose.ts';

export interface SeriesPlan {
  readonly account: number;
  readonly party: Party;
  readonly style: Text;
  readonly purpose: Purpose;
  readonly channel?: LabelledEntry['channel'];
  readonly rhythm: Rhythm;
  readonly direction: 'in' | 'out';
  readonly from: number;
  /** The last day it may come. */
  readonly until: number;
  /** Day of the month. */
  readonly anchor: number;
  readonly shift: 'before' | 'after' | 'none';
  /** A bank may take so many days longer. */
  readonly jitterDays: number;
  readonly minor: number;
  readonly variesPercent: number;
  /** More in winter: percent at the coldest day. */
  readonly seasonPercent?: number;
  /** From these days on, oldest first. */
  readonly prices?: readonly { readonly day: number; readonly minor: number }[];
  /** The first payments cost less. */
  readonly promotion?: { readonly payments: number; readonly minor: number };
  /** Chance of each payment that it comes late and yet when such a payment may still come. */
  readonly lateShare?: number;
  /** By place: not paid at all, or paid so many days after it was due. */
  readonly missed?: ReadonlyMap<number, number | 'never'>;
  /** It stops because the contract is at its end: the last day is known only afterwards. */
  readonly isCancelled?: boolean;
  readonly isDemanded?: boolean;
  /** Not a series that anybody lists: neither demanded nor wrong. */
  readonly roundTo?: number;
}

/** The longest time between two payments that is still in time. */
export const longestGapDays: Readonly<Record<Rhythm, number>> = {
  weekly: 8,
  fortnightly: 16,
  semimonthly: 19,
  monthly: 35,
  bimonthly: 70,
  quarterly: 105,
  yearly: 385,
};

export const paymentsAYear: Readonly<Record<Rhythm, number>> = {
  weekly: 365.25 / 7,
  fortnightly: 365.25 / 14,
  semimonthly: 24,
  monthly: 12,
  bimonthly: 6,
  quarterly: 4,
  yearly: 1,
};

/** Payments that make a series: fewer are not demanded. */
const leastPayments: Readonly<Record<Rhythm, number>> = {
  weekly: 8,
  fortnightly: 6,
  semimonthly: 6,
  monthly: 3,
  bimonthly: Number.POSITIVE_INFINITY,
  quarterly: 4,
  yearly: 2,
};

/** Payments after which silence is worth a word. */
const leastOfStanding: Readonly<Record<Rhythm, number>> = {
  weekly: 10,
  fortnightly: 8,
  semimonthly: 8,
  monthly: 6,
  bimonthly: Number.POSITIVE_INFINITY,
  quarterly: 5,
  yearly: Number.POSITIVE_INFINITY,
};

const dateOf = (day: number): string => calendarDay(day).text;

function amountOf(plan: SeriesPlan, place: number, day: number, random: Random): number {
  const { promotion } = plan;
  if (promotion !== undefined && place < promotion.payments) return promotion.minor;
  const price = plan.prices?.findLast((each) => each.day <= day)?.minor ?? plan.minor;
  const winter = Math.cos(((day % 365.25) / 365.25 - 0.05) * 2 * Math.PI) * (plan.seasonPercent ?? 0);
  const varies = plan.variesPercent === 0 ? 0 : (2 * random.unit() - 1) * plan.variesPercent;
  return Math.max(1, Math.round((price * (100 + winter + varies)) / 100));
}

/** Writes records and labels. @param lastDay of the history: what is silent at its end has not ended */
export function addSeries(builder: LedgerBuilder, plan: SeriesPlan, random: Random, lastDay: number): LabelledEntry[] {
  const sign = plan.direction === 'out' ? 1 : -1;
  const made: LabelledEntry[] = [];
  const gaps: { readonly place: number; readonly dueDay: number }[] = [];
  const base = { account: plan.account, counterparty: plan.party.name, direction: plan.direction, rhythm: plan.rhythm };
  let place = 0;
  for (const nominal of nominalDays(plan.rhythm, plan.from, plan.until, plan.anchor)) {
    const dueDay = shifted(builder.country, nominal, plan.shift);
    const missed = plan.missed?.get(place);
    const isLate = random.unit() < (plan.lateShare ?? 0);
    const jitter = plan.jitterDays === 0 ? 0 : random.between(0, plan.jitterDays);
    const minor = amountOf(plan, place, nominal, random);
    place += 1;
    if (missed !== undefined) gaps.push({ place: made.length, dueDay });
    if (missed === 'never') continue;
    const before = made.at(-1)?.day;
    const latest = before === undefined ? dueDay : before + longestGapDays[plan.rhythm] - 1;
    let day = dueDay + jitter + (missed ?? 0);
    if (isLate && missed === undefined && before !== undefined) {
      day = Math.min(latest, dueDay + random.between(2, 5));
    }
    if (before !== undefined && day <= before) day = before + 1;
    if (day > lastDay) continue;
    const entry = builder.add({
      account: plan.account,
      day,
      outMinor: sign * minor,
      purpose: plan.purpose,
      party: plan.party,
      style: plan.style,
      ...(plan.channel === undefined ? {} : { channel: plan.channel }),
    });
    made.push(entry);
    if (isLate && missed === undefined && before !== undefined && day > dueDay + 1) {
      builder.label({
        kind: 'innocent',
        reason: 'late-inside-band',
        raisesNo: ['missed'],
        account: plan.account,
        counterparty: plan.party.name,
        fromDate: dateOf(dueDay),
        untilDate: dateOf(day),
        keys: made.slice(-2).map(({ key }) => key),
        isDemanded: true,
      });
    }
  }
  const [first] = made;
  const last = made.at(-1);
  if (first === undefined || last === undefined) return made;
  const endedDay = plan.isCancelled === true && plan.until < lastDay ? last.day : null;
  const isListed = plan.isDemanded !== false;
  builder.label({
    ...base,
    kind: 'recurring',
    amountKind: plan.variesPercent > 3 || (plan.seasonPercent ?? 0) > 3 ? 'variable' : 'fixed',
    fromDate: dateOf(first.day),
    untilDate: dateOf(last.day),
    endedDate: endedDay === null ? null : dateOf(endedDay),
    keys: made.map(({ key }) => key),
    isDemanded: isListed && made.length > leastPayments[plan.rhythm],
  });
  labelGaps(builder, plan, made, gaps, isListed);
  if (endedDay !== null && last !== undefined) {
    const expected = expectedAfter(plan, last.day);
    builder.label({
      ...base,
      kind: 'missed',
      status: 'ended',
      fromDate: dateOf(last.day + longestGapDays[plan.rhythm]),
      untilDate: dateOf(lastDay),
      expectedDate: dateOf(expected),
      nextDate: null,
      keys: made.slice(-3).map(({ key }) => key),
      isDemanded:
        isListed &&
        made.length >= leastOfStanding[plan.rhythm] &&
        last.day + longestGapDays[plan.rhythm] + 14 < lastDay,
    });
  }
  if (plan.variesPercent === 0 && plan.direction === 'out') labelPrices(builder, plan, made);
  return made;
}

function expectedAfter(plan: SeriesPlan, day: number): number {
  const [next] = nominalDays(plan.rhythm, day + 4, day + 400, plan.anchor);
  if (plan.rhythm === 'weekly') return day + 7;
  if (plan.rhythm === 'fortnightly') return day + 14;
  return next ?? day + 30;
}

function labelGaps(
  builder: LedgerBuilder,
  plan: SeriesPlan,
  made: readonly LabelledEntry[],
  gaps: readonly { readonly place: number; readonly dueDay: number }[],
  isListed: boolean,
): void {
  for (const { place, dueDay } of gaps) {
    const before = made[place - 1];
    if (before === undefined) continue;
    const next = made[place];
    const endsDay = before.day + longestGapDays[plan.rhythm];
    builder.label({
      kind: 'missed',
      account: plan.account,
      counterparty: plan.party.name,
      direction: plan.direction,
      rhythm: plan.rhythm,
      status: 'late',
      fromDate: dateOf(endsDay),
      untilDate: dateOf(next === undefined ? endsDay + 30 : next.day),
      expectedDate: dateOf(dueDay),
      nextDate: next === undefined ? null : dateOf(next.day),
      keys: made.slice(Math.max(0, place - 3), place).map(({ key }) => key),
      // A week of silence behind the last possible day is long enough to be told.
      isDemanded: isListed && place >= leastOfStanding[plan.rhythm] && (next === undefined || next.day > endsDay + 7),
    });
  }
}

function labelPrices(builder: LedgerBuilder, plan: SeriesPlan, made: readonly LabelledEntry[]): void {
  made.forEach((entry, place) => {
    const before = made[place - 1];
    if (before === undefined || before.outMinor === entry.outMinor) return;
    const isPromotion = plan.promotion !== undefined && place === plan.promotion.payments;
    const ratio = entry.outMinor / before.outMinor;
    const earlier = made.slice(Math.max(0, place - 3), place).filter(({ outMinor }) => outMinor === before.outMinor);
    const reason = isPromotion ? 'promotion-ended' : ratio < 1 ? 'fall' : ratio < 1.02 ? 'small' : 'rise';
    builder.label({
      kind: 'price-change',
      reason,
      account: plan.account,
      counterparty: plan.party.name,
      fromDate: dateOf(entry.day),
      untilDate: dateOf(entry.day),
      beforeMinor: before.outMinor,
      afterMinor: entry.outMinor,
      keys: [before.key, entry.key],
      // A few cents are no news: five percent and six units a year are.
      isDemanded:
        earlier.length >= 3 &&
        (reason === 'rise' || reason === 'promotion-ended') &&
        ratio >= 1.05 &&
        (entry.outMinor - before.outMinor) * paymentsAYear[plan.rhythm] >= 6 * builder.country.minorPerUnit,
    });
  });
}
