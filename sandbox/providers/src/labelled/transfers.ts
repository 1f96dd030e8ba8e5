/** Money between the holder's own accounts, across banks with days in between, in words that tell it or hide it. */
import type { Random } from '../random.ts';
import type { LedgerBuilder, Party } from './ledger-builder.ts';
import { nominalDays, shifted } from './occurrences.ts';
import { dateOf, type Setting, topic } from './setting.ts';

const chance = (random: Random, share: number): boolean => random.unit() < share;

interface Way {
  readonly from: number;
  readonly to: number;
  readonly hasHint: boolean;
}

/** The bank of the account at the other end, in the look of the words. */
function bankOf(setting: Setting, account: number): Party {
  const name = setting.connections[setting.accounts[account]?.connection ?? 0] ?? '';
  return { name, statement: name, ref: String(1000 + account * 1111), isMerchant: false };
}

function addTransfer(
  builder: LedgerBuilder,
  setting: Setting,
  random: Random,
  { from, to, hasHint }: Way,
  day: number,
  minor: number,
  of: 'savings' | 'between',
): void {
  const { country, accounts, lastDay, holder } = setting;
  const isSameBank = accounts[from]?.connection === accounts[to]?.connection;
  const arrives = isSameBank ? day : shifted(country, day + random.pick([0, 0, 1, 2, 3]), 'after');
  if (arrives > lastDay) return;
  const category = (direction: 'IN' | 'OUT') =>
    hasHint
      ? ([`TRANSFER_${direction}`, `TRANSFER_${direction}_SAVINGS`] as const)
      : ([`TRANSFER_${direction}`, `TRANSFER_${direction}_ACCOUNT_TRANSFER`] as const);
  const out = builder.add({
    account: from,
    day,
    outMinor: minor,
    purpose: 'own-out',
    party: hasHint ? bankOf(setting, to) : holder,
    style: hasHint ? country.style.ownOut : country.style.plainOut.replace('{bank}', bankOf(setting, to).name),
    category: category('OUT'),
  });
  const into = builder.add({
    account: to,
    day: arrives,
    outMinor: -minor,
    purpose: 'own-in',
    party: hasHint ? bankOf(setting, from) : holder,
    style: hasHint ? country.style.ownIn : country.style.plainIn.replace('{bank}', bankOf(setting, from).name),
    category: category('IN'),
  });
  builder.label({
    kind: 'own-transfer',
    of,
    hasHint,
    account: from,
    counterparty: out.counterparty,
    fromDate: dateOf(day),
    untilDate: dateOf(arrives),
    keys: [out.key, into.key],
    isDemanded: true,
  });
}

const rounded = (setting: Setting, minor: number): number => {
  const step = setting.country.exponent === 0 ? 1000 : 1000;
  return Math.max(step, Math.round(minor / step) * step);
};

/** A standing order to savings. @returns what leaves a month */
export function addStandingOrders(builder: LedgerBuilder, setting: Setting, monthlyInMinor: number): number {
  const random = topic(setting.seed, 13);
  const { checking, savings, firstDay, lastDay } = setting;
  let monthly = 0;
  if (savings !== null && chance(random, 0.8)) {
    const minor = rounded(setting, monthlyInMinor * (0.05 + 0.08 * random.unit()));
    const way = { from: checking, to: savings, hasHint: chance(random, 0.65) };
    const anchor = random.between(1, 28);
    for (const day of nominalDays('monthly', firstDay, lastDay, anchor)) {
      addTransfer(builder, setting, random, way, shifted(setting.country, day, 'after'), minor, 'savings');
    }
    monthly += minor;
  }
  return monthly;
}

/** The second account is kept filled, by a standing order that covers what is spent from it. */
export function addAllowance(builder: LedgerBuilder, setting: Setting): void {
  const { checking, second, firstDay, lastDay } = setting;
  if (second === null) return;
  const random = topic(setting.seed, 19);
  const spent = builder.entries
    .filter(({ account }) => account === second)
    .reduce((sum, { outMinor }) => sum + outMinor, 0);
  const rhythm = random.pick(['weekly', 'monthly'] as const);
  const way = { from: checking, to: second, hasHint: chance(random, 0.5) };
  const days = nominalDays(rhythm, firstDay + random.between(0, 9), lastDay, random.between(1, 28));
  const minor = rounded(setting, (spent * 1.02) / days.length);
  for (const day of days) {
    addTransfer(builder, setting, random, way, shifted(setting.country, day, 'after'), minor, 'between');
  }
}

/** Each month the card is paid from the current account: what was bought until five days before. */
export function addCardPayments(builder: LedgerBuilder, setting: Setting): void {
  const { card, checking, country, firstDay, lastDay } = setting;
  if (card === null) return;
  const random = topic(setting.seed, 14);
  const bank = bankOf(setting, card);
  const bought = builder.entries.filter(({ account }) => account === card);
  let from = firstDay;
  for (const nominal of nominalDays('monthly', firstDay + 35, lastDay, random.between(2, 27))) {
    const day = shifted(country, nominal, 'after');
    const until = day - 5;
    const minor = bought
      .filter((entry) => entry.day >= from && entry.day < until)
      .reduce((sum, { outMinor }) => sum + outMinor, 0);
    from = until;
    const arrives = day + random.pick([0, 0, 1, 2]);
    if (minor <= 0 || arrives > lastDay) continue;
    const out = builder.add({
      account: checking,
      day,
      outMinor: minor,
      purpose: 'card-payment-out',
      party: bank,
      style: country.style.cardPayment,
    });
    const into = builder.add({
      account: card,
      day: arrives,
      outMinor: -minor,
      purpose: 'card-payment-in',
      party: bank,
      style: country.style.cardPaymentIn,
    });
    builder.label({
      kind: 'own-transfer',
      of: 'card-payment',
      hasHint: true,
      account: checking,
      counterparty: bank.name,
      fromDate: dateOf(day),
      untilDate: dateOf(arrives),
      keys: [out.key, into.key],
      isDemanded: true,
    });
  }
}

/**
 * What piles up or runs short is moved by hand every few weeks: neither day nor amount is regular. Without a savings account that is
 * known here it goes to a broker that is not, and nothing pairs with it.
 */
export function addSweeps(builder: LedgerBuilder, setting: Setting): void {
  const { checking, savings, firstDay, lastDay, monthlyWageMinor } = setting;
  const random = topic(setting.seed, 15);
  if (savings === null && chance(random, 0.2)) return; // it just piles up
  const byDay = [...builder.entries].filter(({ account }) => account === checking).sort((a, b) => a.day - b.day);
  const hasHint = chance(random, 0.7);
  let moved = 0;
  const startOf = (until: number) =>
    byDay.filter(({ day }) => day <= until).reduce((sum, { outMinor }) => sum - outMinor, 0);
  const baseline = startOf(firstDay + 40);
  for (let day = firstDay + random.between(60, 90); day < lastDay - 5; day += random.between(24, 40)) {
    const surplus = startOf(day) - moved - baseline;
    if (Math.abs(surplus) < 0.3 * monthlyWageMinor) continue;
    const minor = rounded(setting, Math.abs(surplus) * 0.9);
    moved += surplus > 0 ? minor : -minor;
    if (savings === null) {
      addBrokerTransfer(builder, setting, day, surplus > 0 ? minor : -minor);
      continue;
    }
    const way = surplus > 0 ? { from: checking, to: savings, hasHint } : { from: savings, to: checking, hasHint };
    addTransfer(builder, setting, random, way, day, minor, 'savings');
  }
}

function addBrokerTransfer(
  builder: LedgerBuilder,
  { country, checking }: Setting,
  day: number,
  outMinor: number,
): void {
  const isOut = outMinor > 0;
  builder.add({
    account: checking,
    day,
    outMinor,
    purpose: isOut ? 'broker-out' : 'broker-in',
    party: { name: 'Meridian Invest', statement: 'MERIDIAN INVEST', ref: '', isMerchant: false },
    style: isOut ? country.style.personOut : country.style.personIn,
  });
}
