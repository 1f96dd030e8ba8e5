/** What happens once: double charges, a big bill, refunds, a trip abroad, fees; and what looks like it. */
import type { Random } from '../random.ts';
import type { Shop } from './country.ts';
import type { LabelledEntry, LedgerBuilder } from './ledger-builder.ts';
import { nominalDays } from './occurrences.ts';
import { dateOf, type Setting, topic } from './setting.ts';
import { purchase, shopsOf, tillPrice } from './spending.ts';

const chance = (random: Random, share: number): boolean => random.unit() < share;

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
};

/** Charged twice by mistake: the same card, merchant and amount. */
function addDuplicates(builder: LedgerBuilder, setting: Setting): void {
  const random = topic(setting.seed, 8);
  if (!chance(random, 0.5)) return;
  const kinds = [
    'clothing',
    'marketplace',
    'electronics',
    'hardware',
    'dining',
    'streaming',
    'software',
    'gym',
    'travel',
  ];
  const able = builder.entries.filter(
    ({ purpose, outMinor, day }) =>
      kinds.includes(purpose) &&
      outMinor > 12 * setting.country.minorPerUnit &&
      day > setting.firstDay + 60 &&
      day < setting.lastDay - 20,
  );
  for (let each = random.between(1, 3); each > 0 && able.length > 0; each -= 1) {
    const first = random.pick(able);
    const again = builder.add(copyOf(setting, builder, first, first.day + random.pick([0, 0, 1, 2])));
    builder.label({
      kind: 'duplicate-charge',
      account: first.account,
      counterparty: first.counterparty,
      fromDate: dateOf(again.day),
      untilDate: dateOf(again.day),
      minor: first.outMinor,
      keys: [first.key, again.key],
      // Two equal small bills at one restaurant can be two lunches. Airlines and railways book a ticket for each passenger: nobody can
      // tell two of them from a double charge, as with the cinema's below.
      isDemanded:
        first.purpose !== 'travel' &&
        (first.purpose !== 'dining' || first.outMinor >= 30 * setting.country.minorPerUnit),
    });
  }
}

function copyOf(setting: Setting, builder: LedgerBuilder, entry: LabelledEntry, day: number) {
  const { country } = builder;
  const shop = country.shops.find(({ name }) => name === entry.counterparty);
  const contract = country.bills.find(({ name }) => name === entry.counterparty);
  const statement = shop?.statement ?? contract?.statement ?? entry.counterparty;
  return {
    account: entry.account,
    day: Math.min(day, setting.lastDay),
    outMinor: entry.outMinor,
    purpose: entry.purpose,
    party: { name: entry.counterparty, statement, ref: /\d{7}/.exec(entry.statement)?.[0] ?? '', isMerchant: true },
    style:
      entry.channel === 'other' && contract !== undefined && !contract.onCard
        ? country.style.debit
        : country.style.card,
    channel: entry.channel,
  } as const;
}

/** Equal pairs and returns that are no mistake. */
function addLookAlikes(builder: LedgerBuilder, setting: Setting): void {
  const random = topic(setting.seed, 9);
  const { firstDay, lastDay } = setting;
  const label = (
    reason: 'equal-tickets' | 'refund' | 'charged-again' | 'instalments',
    raisesNo: readonly string[],
    made: readonly LabelledEntry[],
    isDemanded = true,
  ) => {
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
      isDemanded,
    });
  };
  for (let each = random.between(0, 4); each > 0; each -= 1) {
    const shop = random.pick(shopsOf(setting, 'cinema'));
    const day = random.between(firstDay, lastDay);
    const minor = tillPrice(setting, [9, 15], random, 1);
    // Two people, two tickets: nobody can tell it from a double charge but those who went.
    label(
      'equal-tickets',
      ['duplicate-charge'],
      [1, 2].map(() => builder.add(purchase(setting, shop, day, minor))),
      false,
    );
  }
  for (let each = random.between(0, 5); each > 0; each -= 1) {
    const shop = random.pick([...shopsOf(setting, 'clothing'), ...shopsOf(setting, 'marketplace')]);
    const day = random.between(firstDay, lastDay - 20);
    const minor = tillPrice(setting, [20, 120], random, 1);
    const bought = builder.add(purchase(setting, shop, day, minor));
    const back = builder.add({ ...purchase(setting, shop, day + random.between(2, 14), -minor), purpose: 'refund' });
    label('refund', ['duplicate-charge', 'recurring', 'unusual-spend', 'income-change'], [bought, back]);
  }
  if (chance(random, 0.15)) {
    const shop = random.pick(shopsOf(setting, 'marketplace'));
    const day = random.between(firstDay, lastDay - 10);
    const minor = tillPrice(setting, [30, 120], random, 1);
    const made = [
      builder.add(purchase(setting, shop, day, minor)),
      builder.add({ ...purchase(setting, shop, day, -minor), purpose: 'refund' }), // ordered again to another address
      builder.add(purchase(setting, shop, day + 1, minor)),
    ];
    label('charged-again', ['duplicate-charge'], made);
  }
  if (chance(random, 0.25)) {
    const day = random.between(firstDay, lastDay - 120);
    const minor = tillPrice(setting, [25, 90], random, 1);
    const party = { name: 'Klarna', statement: 'KLARNA*{hex}', ref: '', isMerchant: true };
    const days = nominalDays('monthly', day, day + 100, Number(dateOf(day).slice(8)));
    const made = days.slice(0, 3).map((at) =>
      builder.add({
        account: setting.spending,
        day: at,
        outMinor: minor,
        purpose: 'instalment',
        party,
        style: setting.country.style.card,
        channel: 'online',
      }),
    );
    label('instalments', ['missed', 'price-change', 'duplicate-charge'], made);
  }
}

/** One bill far above everything before at the same place. */
function addUnusual(builder: LedgerBuilder, setting: Setting): void {
  const random = topic(setting.seed, 10);
  if (!chance(random, 0.45)) return;
  for (let each = random.between(1, 2); each > 0; each -= 1) {
    const day = random.between(setting.firstDay + 300, setting.lastDay - 20);
    const able = setting.country.shops.filter(({ kind, name }) => {
      const before = builder.entries.filter(
        (entry) => entry.counterparty === name && entry.day < day && entry.outMinor > 0,
      );
      return kind !== 'travel' && kind !== 'transit' && before.length >= 10;
    });
    if (able.length === 0) return;
    const shop = random.pick(able);
    const before = builder.entries
      .filter((entry) => entry.counterparty === shop.name && entry.day < day && entry.outMinor > 0)
      .map(({ outMinor }) => outMinor);
    const usualMinor = median(before);
    const minor = Math.max(
      Math.round(usualMinor * random.between(7, 12)),
      2 * Math.max(...before),
      120 * setting.country.minorPerUnit,
    );
    const made = builder.add(purchase(setting, shop, day, minor));
    builder.label({
      kind: 'unusual-spend',
      account: made.account,
      counterparty: shop.name,
      fromDate: dateOf(day),
      untilDate: dateOf(day),
      minor,
      usualMinor,
      keys: [made.key],
      isDemanded: true,
    });
  }
}

const abroad: readonly Shop[] = [
  { name: 'Trattoria Ponte', statement: 'TRATTORIA PONTE ROMA IT', kind: 'dining' },
  { name: 'Hotel Azul', statement: 'HOTEL AZUL LISBOA PT', kind: 'travel' },
  { name: 'Grand Bazaar Shop', statement: 'KAPALICARSI 118 ISTANBUL TR', kind: 'clothing' },
  { name: 'Seven Seas Diner', statement: 'SEVEN SEAS DINER PHUKET TH', kind: 'dining' },
];

/** Fees of an account, of a card abroad, and interest both ways. */
function addCosts(builder: LedgerBuilder, setting: Setting): void {
  const random = topic(setting.seed, 11);
  const { country, checking, card, firstDay, lastDay } = setting;
  const bank = { name: country.banks[0] ?? '', statement: '', ref: '', isMerchant: false };
  const isFee = chance(random, 0.35);
  if (isFee) {
    const minor = tillPrice(setting, [3, 12], random, 1);
    for (const day of nominalDays('monthly', firstDay, lastDay, 28)) {
      builder.add({
        account: checking,
        day,
        outMinor: minor,
        purpose: 'account-fee',
        party: bank,
        style: country.style.accountFee,
      });
    }
  }
  const trips = chance(random, 0.45) ? random.between(1, 3) : 0;
  for (let trip = 0; trip < trips; trip += 1) {
    const start = random.between(firstDay + 60, lastDay - 30);
    for (let each = random.between(5, 11); each > 0; each -= 1) {
      const day = start + random.between(0, 9);
      const minor = tillPrice(setting, [12, 180], random, 1);
      builder.add({ ...purchase(setting, random.pick(abroad), day, minor), channel: 'in store' });
      builder.add({
        account: setting.spending,
        day,
        outMinor: Math.max(1, Math.round(minor * 0.03)),
        purpose: 'foreign-fee',
        party: bank,
        style: country.style.foreignFee,
      });
    }
  }
  if (card !== null && chance(random, 0.3)) {
    const from = random.between(firstDay + 40, lastDay - 200);
    for (const day of nominalDays('monthly', from, from + random.between(120, 260), 20)) {
      if (day > lastDay) break;
      const minor = tillPrice(setting, [8, 45], random, 1);
      builder.add({
        account: card,
        day,
        outMinor: minor,
        purpose: 'interest-out',
        party: bank,
        style: country.style.interestOut,
      });
    }
  }
  if (setting.savings !== null) {
    for (const day of nominalDays('monthly', firstDay, lastDay, 30)) {
      const minor = tillPrice(setting, [1, 9], random, 1);
      builder.add({
        account: setting.savings,
        day,
        outMinor: -minor,
        purpose: 'interest-in',
        party: bank,
        style: country.style.interestIn,
      });
    }
  }
}

/** A record that the bank has and never tells; and one that it tells days late, which is nothing. */
function addGaps(builder: LedgerBuilder, setting: Setting): void {
  const random = topic(setting.seed, 12);
  const day = random.between(setting.firstDay + 120, setting.lastDay - 30);
  const [shop] = shopsOf(setting, 'hardware');
  if (shop === undefined) return;
  if (chance(random, 0.25)) {
    const minor = tillPrice(setting, [60, 300], random, 1);
    const missing = builder.add({ ...purchase(setting, shop, day, minor), account: setting.checking, isMissing: true });
    builder.label({
      kind: 'balance-drift',
      account: setting.checking,
      counterparty: shop.name,
      fromDate: dateOf(day),
      untilDate: dateOf(day + 30),
      minor: -minor,
      keys: [missing.key],
      isDemanded: true,
    });
  } else if (chance(random, 0.4)) {
    const minor = tillPrice(setting, [30, 200], random, 1);
    const late = builder.add({
      ...purchase(setting, shop, day, minor),
      account: setting.checking,
      toldLater: random.between(2, 3),
    });
    builder.label({
      kind: 'innocent',
      reason: 'late-record',
      raisesNo: ['duplicate-charge'],
      account: setting.checking,
      counterparty: shop.name,
      fromDate: dateOf(day),
      untilDate: dateOf(day + 3),
      keys: [late.key],
      isDemanded: true,
    });
  }
}

export function addIncidents(builder: LedgerBuilder, setting: Setting): void {
  addUnusual(builder, setting);
  addLookAlikes(builder, setting);
  addCosts(builder, setting);
  addGaps(builder, setting);
  addDuplicates(builder, setting);
}
