/** What comes back by contract: wages, rent, loans, bills, subscriptions, with all that happens to them. */
import type { Random } from '../random.ts';
import type { Bill, Country, Rhythm } from './country.ts';
import type { LabelledEntry, LedgerBuilder, Party } from './ledger-builder.ts';
import { nominalDays } from './occurrences.ts';
import type { Purpose } from './purpose.ts';
import { addSeries, paymentsAYear, type SeriesPlan } from './series.ts';
import { dateOf, digitsOf, price, type Setting, topic, weighted } from './setting.ts';

const party = (random: Random, name: string, statement = name, isMerchant = false): Party => ({
  name,
  statement,
  ref: digitsOf(random, 7),
  isMerchant,
});

const chance = (random: Random, share: number): boolean => random.unit() < share;

function place(setting: Setting, random: Random): Pick<SeriesPlan, 'from' | 'until' | 'anchor'> {
  return { from: setting.firstDay + random.between(0, 27), until: setting.lastDay, anchor: random.between(1, 28) };
}

/** One missed payment in the middle of a long series, paid much later or never. */
function oneMissed(random: Random, rhythm: Rhythm, payments: number): ReadonlyMap<number, number | 'never'> {
  const at = random.between(Math.min(payments - 2, 11), payments - 2);
  const late = { weekly: 'never', fortnightly: 'never', semimonthly: 'never', monthly: 19 } as const;
  const paid = chance(random, 0.4) ? (late[rhythm as keyof typeof late] ?? 'never') : 'never';
  return new Map([[at, paid]]);
}

/** Rises of a price over the years, now and then a fall or a step too small to matter. */
function priceSteps(random: Random, country: Country, minor: number, from: number, until: number) {
  const steps: { day: number; minor: number }[] = [];
  let at = from + random.between(150, 420);
  let current = minor;
  while (at < until - 60) {
    const draw = random.unit();
    const percent = draw < 0.7 ? random.between(6, 30) : draw < 0.85 ? -random.between(5, 20) : 1;
    const next =
      percent === 1
        ? Math.round(current * 1.01)
        : price(country, (current * (100 + percent)) / 100 / country.minorPerUnit);
    if (next !== current) steps.push({ day: at, minor: next });
    current = next;
    at += random.between(240, 500);
  }
  return steps;
}

export interface Contracts {
  /** Of everything that comes back, a month. */
  readonly monthlyInMinor: number;
  readonly monthlyOutMinor: number;
  /** Every record of a contract, for forecasts. */
  readonly entries: readonly LabelledEntry[];
}

export function addContracts(builder: LedgerBuilder, setting: Setting): Contracts {
  const entries: LabelledEntry[] = [];
  const wages = addWages(builder, setting, entries);
  const monthlyOutMinor = addHome(builder, setting, wages, entries) + addBills(builder, setting, entries);
  return { monthlyInMinor: wages, monthlyOutMinor, entries };
}

function addWages(builder: LedgerBuilder, setting: Setting, entries: LabelledEntry[]): number {
  const { country, firstDay, lastDay, checking } = setting;
  const random = topic(setting.seed, 2);
  const earners = chance(random, 0.35) ? 2 : 1;
  let monthly = 0;
  for (let earner = 0; earner < earners; earner += 1) {
    const wage = Math.round(setting.monthlyWageMinor * (earner === 0 ? 1 : 0.4 + 0.4 * random.unit()));
    const rhythm = weighted(random, country.payRhythms);
    const minor = Math.round((wage * 12) / paymentsAYear[rhythm]);
    monthly += wage;
    const employer = party(random, country.employers[earner] ?? '');
    const anchor = rhythm === 'semimonthly' ? random.pick([1, 5, 10, 15]) : random.pick([1, 15, 24, 25, 27, 28, 30]);
    const from = firstDay + random.between(0, 13);
    const isHourly = chance(random, 0.25);
    const raiseDay = firstDay + random.between(240, 420);
    const percent = chance(random, 0.6) ? random.between(6, 18) : random.between(1, 3);
    const isCut = chance(random, 0.15);
    const after = Math.round((minor * (100 + (isCut ? -percent : percent))) / 100);
    const isMissed = earner === 0 && !isHourly && chance(random, 0.12);
    const payments = nominalDays(rhythm, from, lastDay, anchor).length;
    // A second earner's job may end: the wage stops and the household lives on less.
    const isLost = earner === 1 && chance(random, 0.35);
    const plan: SeriesPlan = {
      account: checking,
      party: employer,
      style: country.style.wage,
      purpose: 'wage',
      rhythm,
      direction: 'in',
      from,
      until: isLost ? firstDay + random.between(400, lastDay - firstDay - 120) : lastDay,
      anchor,
      shift: 'before',
      jitterDays: 0,
      minor,
      variesPercent: isHourly ? 15 : 0,
      prices: isHourly ? [] : [{ day: raiseDay, minor: after }],
      isCancelled: isLost,
      ...(isMissed && { missed: oneMissed(random, rhythm, payments) }),
    };
    const made = addSeries(builder, plan, random, lastDay);
    entries.push(...made);
    if (!isHourly) labelRaise(builder, made, employer.name, checking);
    if (chance(random, 0.35) && made.length > 8) addBonus(builder, setting, plan, made, random);
  }
  return monthly;
}

function labelRaise(
  builder: LedgerBuilder,
  made: readonly LabelledEntry[],
  counterparty: string,
  account: number,
): void {
  const at = made.findIndex((entry, index) => index > 0 && entry.outMinor !== made[index - 1]?.outMinor);
  const before = made[at - 1];
  const first = made[at];
  if (before === undefined || first === undefined) return;
  const ratio = first.outMinor / before.outMinor;
  builder.label({
    kind: 'income-change',
    account,
    counterparty,
    fromDate: dateOf(first.day),
    untilDate: dateOf(made.at(-1)?.day ?? first.day),
    beforeMinor: -before.outMinor,
    afterMinor: -first.outMinor,
    keys: made.slice(at, at + 3).map(({ key }) => key),
    isDemanded: Math.abs(ratio - 1) >= 0.06 && at >= 6 && made.length - at >= 4,
  });
}

/** Paid once a year beside the wage, by the same employer. */
function addBonus(
  builder: LedgerBuilder,
  setting: Setting,
  plan: SeriesPlan,
  made: readonly LabelledEntry[],
  random: Random,
): void {
  const inDecember = made.filter(({ day }) => dateOf(day).slice(5, 7) === '12');
  const years = new Map(inDecember.map((entry) => [dateOf(entry.day).slice(0, 4), entry]));
  for (const wage of years.values()) {
    const day = wage.day + (chance(random, 0.5) ? 0 : 4);
    if (day > setting.lastDay) continue;
    const bonus = builder.add({
      account: plan.account,
      day,
      outMinor: Math.round(wage.outMinor * (0.5 + random.unit())),
      purpose: 'bonus',
      party: plan.party,
      style: plan.style,
    });
    builder.label({
      kind: 'innocent',
      reason: 'bonus',
      raisesNo: ['income-change', 'duplicate-charge', 'missed', 'price-change'],
      account: plan.account,
      counterparty: plan.party.name,
      fromDate: dateOf(day),
      untilDate: dateOf(day + 60),
      keys: [bonus.key],
      isDemanded: true,
    });
  }
}

function addHome(builder: LedgerBuilder, setting: Setting, wages: number, entries: LabelledEntry[]): number {
  const { country, lastDay, checking } = setting;
  const random = topic(setting.seed, 3);
  const rentMonthly =
    Math.round((wages * (0.24 + 0.1 * random.unit())) / (country.exponent === 0 ? 1000 : 500)) *
    (country.exponent === 0 ? 1000 : 500);
  const rent: SeriesPlan = {
    account: checking,
    party: party(random, random.pick(country.landlords)),
    style: chance(random, 0.6) ? country.style.personOut.replace('{memo}', 'RENT') : country.style.debit,
    purpose: 'rent',
    rhythm: country.rentRhythm,
    direction: 'out',
    ...place(setting, random),
    anchor: random.pick([1, 1, 3, 5, 28]),
    shift: 'after',
    jitterDays: random.pick([0, 0, 1, 2]),
    minor: Math.round((rentMonthly * 12) / paymentsAYear[country.rentRhythm]),
    variesPercent: 0,
    lateShare: chance(random, 0.3) ? 0.06 : 0,
    prices: chance(random, 0.4)
      ? [
          {
            day: setting.firstDay + random.between(300, 500),
            minor: Math.round((rentMonthly * 12 * 1.07) / paymentsAYear[country.rentRhythm]),
          },
        ]
      : [],
    ...(chance(random, 0.08) && { missed: oneMissed(random, country.rentRhythm, 20) }),
  };
  entries.push(...addSeries(builder, rent, random, lastDay));
  let monthly = rentMonthly;
  if (chance(random, 0.4)) {
    const minor = Math.round(wages * (0.03 + 0.05 * random.unit()));
    monthly += minor;
    const where = place(setting, random);
    const ends = chance(random, 0.3);
    const loan: SeriesPlan = {
      account: checking,
      party: party(random, random.pick(country.lenders)),
      style: country.style.debit,
      purpose: 'loan',
      rhythm: 'monthly',
      direction: 'out',
      ...where,
      ...(ends && { until: where.from + random.between(300, 640) }),
      isCancelled: ends,
      shift: 'after',
      jitterDays: 0,
      minor,
      variesPercent: 0,
      ...(!ends && chance(random, 0.12) && { missed: oneMissed(random, 'monthly', 22) }),
    };
    entries.push(...addSeries(builder, loan, random, lastDay));
  }
  return monthly;
}

/** One of several contracts of one bill, so that two of a kind are not everybody's. */
function chooseBills(country: Country, random: Random): Bill[] {
  const taken = new Set<string>();
  return country.bills.filter((each) => {
    const share =
      { electricity: 0.9, phone: 0.7, internet: 0.8, insurance: 0.6, streaming: 0.45, music: 0.6 }[
        each.kind as string
      ] ?? 0.4;
    const oneOfKind =
      each.kind === 'phone' || each.kind === 'internet' || each.kind === 'gym' || each.kind === 'electricity';
    if (oneOfKind && taken.has(each.kind)) return false;
    if (!chance(random, share)) return false;
    taken.add(each.kind);
    return true;
  });
}

function addBills(builder: LedgerBuilder, setting: Setting, entries: LabelledEntry[]): number {
  const { country } = setting;
  const random = topic(setting.seed, 4);
  let monthly = 0;
  for (const each of chooseBills(country, random)) {
    const minor = price(country, each.units[0] + random.unit() * (each.units[1] - each.units[0]));
    monthly += (minor * paymentsAYear[each.rhythm]) / 12;
    const who = party(random, each.name, each.statement, true);
    entries.push(...addBill(builder, setting, random, each, who, minor));
    if (each.name === 'Apple' && chance(random, 0.7)) {
      const other = price(country, each.units[1] + random.between(3, 8));
      monthly += other;
      entries.push(...addBill(builder, setting, random, each, who, other)); // a second contract at another price
    } else if (each.kind === 'phone' && each.variesPercent === 0 && chance(random, 0.2)) {
      monthly += minor;
      addSameContract(builder, setting, random, each, who, minor, entries);
    }
  }
  return Math.round(monthly);
}

function addBill(
  builder: LedgerBuilder,
  setting: Setting,
  random: Random,
  each: Bill,
  who: Party,
  minor: number,
): LabelledEntry[] {
  const { country, firstDay, lastDay } = setting;
  const account = each.onCard ? setting.spending : setting.checking;
  const begins = chance(random, 0.55) ? firstDay + random.between(0, 27) : firstDay + random.between(28, 330);
  const isFixed = each.variesPercent === 0;
  const isCancelled = each.kind !== 'electricity' && each.rhythm !== 'yearly' && chance(random, 0.2);
  const until = isCancelled ? begins + random.between(200, Math.max(260, lastDay - begins - 60)) : lastDay;
  const payments = ((until - begins) / 365.25) * paymentsAYear[each.rhythm];
  const hasPromotion = isFixed && each.rhythm === 'monthly' && chance(random, 0.15);
  const isMissed = !isCancelled && each.rhythm !== 'yearly' && payments > 14 && chance(random, 0.06);
  const plan: SeriesPlan = {
    account,
    party: who,
    style: each.onCard ? country.style.card : country.style.debit,
    purpose: each.kind satisfies Purpose,
    ...(each.onCard && { channel: 'online' as const }),
    rhythm: each.rhythm,
    direction: 'out',
    from: begins,
    until,
    anchor: random.between(1, 28),
    shift: each.onCard ? 'none' : 'after',
    jitterDays: each.onCard ? random.pick([0, 1]) : random.pick([0, 0, 1, 2]),
    minor,
    variesPercent: each.variesPercent * (each.kind === 'electricity' ? 0.4 : 1),
    seasonPercent: each.kind === 'electricity' ? each.variesPercent : 0,
    lateShare: chance(random, 0.3) ? 0.05 : 0,
    prices: isFixed && chance(random, 0.6) ? priceSteps(random, country, minor, begins, until) : [],
    ...(hasPromotion && {
      promotion: { payments: random.between(3, 6), minor: price(country, (minor * 0.5) / country.minorPerUnit) },
    }),
    ...(isMissed && { missed: oneMissed(random, each.rhythm, Math.floor(payments)) }),
    isCancelled,
  };
  return addSeries(builder, plan, random, lastDay);
}

/** Two contracts of one merchant at one price on two days: whether they are told as one or two is open, but nothing else may be told of them. */
function addSameContract(
  builder: LedgerBuilder,
  setting: Setting,
  random: Random,
  each: Bill,
  who: Party,
  minor: number,
  entries: LabelledEntry[],
): void {
  const plan: SeriesPlan = {
    account: setting.checking,
    party: who,
    style: setting.country.style.debit,
    purpose: each.kind,
    rhythm: each.rhythm,
    direction: 'out',
    from: setting.firstDay + random.between(0, 27),
    until: setting.lastDay,
    anchor: random.between(1, 28),
    shift: 'after',
    jitterDays: 0,
    minor,
    variesPercent: 0,
    isDemanded: false,
  };
  const made = addSeries(builder, plan, random, setting.lastDay);
  entries.push(...made);
  const [first] = made;
  const last = made.at(-1);
  if (first === undefined || last === undefined) return;
  builder.label({
    kind: 'innocent',
    reason: 'two-contracts',
    raisesNo: ['duplicate-charge'],
    account: setting.checking,
    counterparty: who.name,
    fromDate: dateOf(first.day),
    untilDate: dateOf(last.day),
    keys: made.map(({ key }) => key),
    isDemanded: true,
  });
}
