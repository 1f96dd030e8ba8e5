/** What nobody signed a contract for: shops, habits, cash, friends. Much of it is regular and none of it recurs. */
import type { Random } from '../random.ts';
import type { Shop, ShopKind } from './country.ts';
import type { InnocentReason } from './label.ts';
import type { LabelledEntry, LedgerBuilder, NewEntry, Party } from './ledger-builder.ts';
import { isBusinessDay, weekdayOf } from './occurrences.ts';
import { dateOf, digitsOf, type Setting, topic } from './setting.ts';

interface ShopHabit {
  /** A month. */
  readonly visits: number;
  readonly units: readonly [from: number, to: number];
}

const shopHabits: Readonly<Record<ShopKind, ShopHabit>> = {
  groceries: { visits: 6, units: [12, 95] },
  convenience: { visits: 4, units: [2, 15] },
  coffee: { visits: 5, units: [2.5, 8] },
  dining: { visits: 5, units: [9, 65] },
  fuel: { visits: 2, units: [25, 75] },
  transit: { visits: 4, units: [2, 6] },
  clothing: { visits: 1, units: [15, 130] },
  marketplace: { visits: 3, units: [5, 110] },
  pharmacy: { visits: 1.2, units: [4, 40] },
  hardware: { visits: 0.5, units: [8, 150] },
  electronics: { visits: 0.25, units: [20, 350] },
  cinema: { visits: 0.6, units: [9, 30] },
  travel: { visits: 0.3, units: [40, 380] },
};

/** Mean of what a household spends in shops at scale 1, a month. */
export const meanShopUnits = Object.values(shopHabits).reduce(
  (sum, { visits, units: [from, to] }) => sum + visits * (from + 0.35 * (to - from)),
  0,
);

const online: ReadonlySet<ShopKind> = new Set(['marketplace', 'travel', 'electronics']);

/** What is paid from the second account, where there is one. */
const ofSecond: ReadonlySet<ShopKind> = new Set(['coffee', 'convenience', 'pharmacy']);

export const partyOf = ({ name, statement }: Shop): Party => ({ name, statement, ref: '', isMerchant: true });

export const person = (random: Random, name: string): Party => ({
  name,
  statement: name,
  ref: digitsOf(random, 6),
  isMerchant: false,
});

export const purchase = (setting: Setting, shop: Shop, day: number, outMinor: number): NewEntry => ({
  account: setting.second !== null && ofSecond.has(shop.kind) ? setting.second : setting.spending,
  day,
  outMinor,
  purpose: shop.kind,
  party: partyOf(shop),
  style: setting.country.style.card,
  channel: online.has(shop.kind) ? 'online' : 'in store',
});

const chance = (random: Random, share: number): boolean => random.unit() < share;

/** A price as tills print it; low ones are the most likely. */
export function tillPrice(setting: Setting, units: readonly [number, number], random: Random, scale: number): number {
  const { minorPerUnit, exponent } = setting.country;
  const drawn = units[0] + (units[1] - units[0]) * random.unit() ** 1.8;
  const minor = Math.round(drawn * scale * minorPerUnit);
  return Math.max(1, exponent === 0 ? Math.round(minor / 10) * 10 : minor);
}

function innocent(
  builder: LedgerBuilder,
  reason: InnocentReason,
  raisesNo: readonly string[],
  made: readonly LabelledEntry[],
): void {
  const [first] = made;
  const last = made.at(-1);
  if (first === undefined || last === undefined) return;
  builder.label({
    kind: 'innocent',
    reason,
    raisesNo,
    account: first.account,
    counterparty: first.counterparty,
    fromDate: dateOf(first.day),
    untilDate: dateOf(last.day),
    keys: made.map(({ key }) => key),
    isDemanded: true,
  });
}

export const shopsOf = (setting: Setting, kind: ShopKind): readonly Shop[] =>
  setting.country.shops.filter((shop) => shop.kind === kind);

/** Months of overspending and longer times of living beyond one's means are drawn by the caller. */
export interface Mood {
  /** How many times as much on a day, in a kind of shop. */
  factor(kind: ShopKind, day: number): number;
  readonly scale: number;
}

export function addShopping(builder: LedgerBuilder, setting: Setting, mood: Mood): void {
  const random = topic(setting.seed, 5);
  const drives = chance(random, 0.5);
  const tastes = new Map<ShopKind, number>();
  for (const kind of Object.keys(shopHabits) as ShopKind[]) tastes.set(kind, 0.6 + 0.8 * random.unit());
  for (let day = setting.firstDay; day <= setting.lastDay; day += 1) {
    const weekend = weekdayOf(day) === 0 || weekdayOf(day) === 6;
    const isDecember = dateOf(day).slice(5, 7) === '12';
    for (const kind of Object.keys(shopHabits) as ShopKind[]) {
      if (kind === (drives ? 'transit' : 'fuel')) continue;
      const { visits, units } = shopHabits[kind];
      const season = isDecember && (kind === 'marketplace' || kind === 'clothing' || kind === 'electronics') ? 1.8 : 1;
      const rate =
        ((visits * (tastes.get(kind) ?? 1)) / 30.4) * (weekend ? 1.4 : 0.84) * season * mood.factor(kind, day);
      const count = random.unit() < rate ? (random.unit() < rate / 2 ? 2 : 1) : 0;
      for (let visit = 0; visit < count; visit += 1) {
        const shops = shopsOf(setting, kind);
        const [favourite] = shops;
        if (favourite === undefined) break;
        const shop = chance(random, 0.6) ? favourite : random.pick(shops);
        const minor =
          kind === 'transit'
            ? tillPrice(setting, [2.5, 2.5], random, 1)
            : tillPrice(setting, units, random, mood.scale);
        builder.add(purchase(setting, shop, day, minor));
      }
    }
  }
}

/** Regular in time, in amount, or in both, and yet nobody's subscription. @returns what the habits cost a month */
export function addHabits(builder: LedgerBuilder, setting: Setting): number {
  const random = topic(setting.seed, 6);
  let monthly = 0;
  const each = (days: (day: number) => boolean, act: (day: number) => void) => {
    for (let day = setting.firstDay; day <= setting.lastDay; day += 1) if (days(day)) act(day);
  };
  if (chance(random, 0.45)) {
    const shop = random.pick(shopsOf(setting, 'coffee'));
    const minor = tillPrice(setting, [4, 9], random, 1);
    const isFixed = chance(random, 0.5);
    const weekday = random.between(0, 6);
    const made: LabelledEntry[] = [];
    each(
      (day) => weekdayOf(day) === weekday && chance(random, 0.92),
      (day) =>
        made.push(
          builder.add(purchase(setting, shop, day, isFixed ? minor : Math.round(minor * (0.8 + 0.4 * random.unit())))),
        ),
    );
    innocent(builder, 'weekly-cafe', ['recurring', 'missed', 'duplicate-charge', 'price-change'], made);
    monthly += minor * 4;
  }
  if (chance(random, 0.5)) {
    const shop = random.pick(shopsOf(setting, 'groceries'));
    const weekday = random.pick([4, 5, 6]);
    const made: LabelledEntry[] = [];
    each(
      (day) => weekdayOf(day) === weekday && chance(random, 0.95),
      (day) => made.push(builder.add(purchase(setting, shop, day, tillPrice(setting, [45, 85], random, 1)))),
    );
    innocent(builder, 'habitual-groceries', ['recurring', 'missed', 'duplicate-charge', 'price-change'], made);
    monthly += 58 * 4.3 * setting.country.minorPerUnit;
  }
  if (chance(random, 0.5)) {
    const { country, checking } = setting;
    const isWeekly = chance(random, 0.5);
    const units = random.pick([40, 50, 60, 100]);
    const amount = Math.round((units * country.minorPerUnit) / (country.exponent === 0 ? 1000 : 1000)) * 1000;
    const dayOfMonth = random.between(1, 28);
    const made: LabelledEntry[] = [];
    each(
      (day) => (isWeekly ? weekdayOf(day) === 5 : Number(dateOf(day).slice(8)) === dayOfMonth),
      (day) =>
        made.push(
          builder.add({
            account: checking,
            day,
            outMinor: amount,
            purpose: 'cash',
            party: { name: 'ATM', statement: 'ATM', ref: '', isMerchant: false },
            style: country.style.cash,
          }),
        ),
    );
    innocent(builder, 'regular-cash', ['recurring', 'missed', 'duplicate-charge', 'price-change', 'fees'], made);
    monthly += isWeekly ? amount * 4.3 : amount;
  }
  const habit = random.unit();
  if (habit < 0.3) {
    const shop = random.pick(shopsOf(setting, 'transit'));
    const fare = tillPrice(setting, [2, 3.5], random, 1);
    const made: LabelledEntry[] = [];
    each(
      (day) => isBusinessDay(setting.country, day) && chance(random, 0.75),
      (day) =>
        made.push(builder.add(purchase(setting, shop, day, fare)), builder.add(purchase(setting, shop, day, fare))),
    );
    innocent(builder, 'commute', ['recurring', 'missed', 'duplicate-charge', 'price-change'], made);
    monthly += fare * 2 * 16;
  } else if (habit < 0.5) {
    const shop = random.pick(shopsOf(setting, 'coffee'));
    const minor = tillPrice(setting, [3, 5], random, 1);
    const made: LabelledEntry[] = [];
    each(
      (day) => isBusinessDay(setting.country, day) && chance(random, 0.5),
      (day) => {
        made.push(builder.add(purchase(setting, shop, day, minor)));
        if (chance(random, 0.3)) made.push(builder.add(purchase(setting, shop, day, minor)));
      },
    );
    innocent(builder, 'equal-coffees', ['recurring', 'missed', 'duplicate-charge', 'price-change'], made);
    monthly += minor * 14;
  }
  return monthly;
}

/** Friends pay their share back, sometimes exactly what was paid from another account; somebody is paid now and then. */
export function addPeople(builder: LedgerBuilder, setting: Setting): void {
  const { country, checking, firstDay, lastDay } = setting;
  const random = topic(setting.seed, 7);
  if (chance(random, 0.65)) {
    const meals = shopsOf(setting, 'dining');
    const count = random.between(4, 14);
    for (let each = 0; each < count; each += 1) {
      const day = random.between(firstDay + 20, lastDay - 10);
      const share = tillPrice(setting, [12, 60], random, 1);
      const isWhole = chance(random, 0.4); // paid for a friend: the same amount comes back
      builder.add(purchase(setting, random.pick(meals), day, isWhole ? share : share * 2));
      const back = builder.add({
        account: checking,
        day: day + random.between(0, 3),
        outMinor: -share,
        purpose: 'reimbursement',
        party: person(random, random.pick(country.people)),
        style: country.style.personIn,
        memo: random.pick(['DINNER', 'THANKS', 'PIZZA', 'YOUR SHARE']),
      });
      builder.label({
        kind: 'person',
        of: 'reimbursement',
        account: checking,
        counterparty: back.counterparty,
        fromDate: dateOf(back.day),
        untilDate: dateOf(back.day),
        keys: [back.key],
        isDemanded: true,
      });
    }
  }
  if (chance(random, 0.5)) {
    const who = person(random, random.pick(country.people));
    const made: LabelledEntry[] = [];
    const rate = tillPrice(setting, [30, 60], random, 1);
    for (let day = firstDay + random.between(0, 20); day <= lastDay; day += random.between(6, 48)) {
      made.push(
        builder.add({
          account: checking,
          day,
          outMinor: rate * random.between(1, 4),
          purpose: 'person-out',
          party: who,
          style: country.style.personOut,
          memo: random.pick(['CLEANING', 'BABYSITTING', '']),
        }),
      );
    }
    innocent(builder, 'irregular-person', ['recurring', 'missed', 'price-change'], made);
    for (const { key, day, account, counterparty } of made) {
      const date = dateOf(day);
      builder.label({
        kind: 'person',
        of: 'paid',
        account,
        counterparty,
        fromDate: date,
        untilDate: date,
        keys: [key],
        isDemanded: true,
      });
    }
  }
}
