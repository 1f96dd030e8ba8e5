/**
 * A household of a seed: two years or more of records over one to three banks, and all that is true of them. The same seed gives the
 * same household on every machine. Detectors are tuned on `tuningSeeds`; what is reported comes from `judgingSeeds`, which nobody tunes on.
 */
import { accountId, idPrefix, transactionId } from '../plaid/identifiers.ts';
import { labelLowBalances, openBalances, pathOf } from './balances.ts';
import { addContracts } from './contracts.ts';
import type { ShopKind } from './country.ts';
import { addIncidents } from './incidents.ts';
import type { Label } from './label.ts';
import { type LabelledEntry, LedgerBuilder } from './ledger-builder.ts';
import { dateOf, drawSetting, type LabelledAccount, type Setting, topic } from './setting.ts';
import { addHabits, addPeople, addShopping, type Mood, meanShopUnits } from './spending.ts';
import { addAllowance, addCardPayments, addStandingOrders, addSweeps } from './transfers.ts';

/** Both ends included. */
export const tuningSeeds = { from: 1, to: 199_999 } as const;
export const judgingSeeds = { from: 300_000, to: 300_199 } as const;

export interface HouseholdConnection {
  readonly institutionId: string;
  readonly name: string;
  /** Days on which a consent ends; each was renewed two days before. */
  readonly consentEndDays: readonly number[];
}

export interface HouseholdAccount extends LabelledAccount {
  /** Plaid's `account_id`. */
  readonly id: string;
  readonly openingMinor: number;
  readonly currency: string;
  readonly exponent: number;
  /** The balance at the end of each day, from the first: owed is negative. */
  readonly balances: readonly number[];
}

export interface HouseholdTransaction extends LabelledEntry {
  /** Plaid's `transaction_id`. */
  readonly id: string;
  /** The one it had while pending. */
  readonly pendingId: string | null;
  readonly connection: number;
}

export interface LabelledHousehold {
  readonly seed: number;
  readonly country: string;
  readonly isEnriched: boolean;
  readonly firstDay: number;
  readonly lastDay: number;
  readonly connections: readonly HouseholdConnection[];
  readonly accounts: readonly HouseholdAccount[];
  /** In the order in which the banks tell them. Those that no bank tells are among them. */
  readonly transactions: readonly HouseholdTransaction[];
  readonly labels: readonly Label[];
}

const withConsent = new Set(['GB', 'DE', 'FR', 'NL', 'ES', 'PL', 'SE']);
const consentDays = 180;

export function createLabelledHousehold(seed: number): LabelledHousehold {
  const setting = drawSetting(seed);
  const builder = new LedgerBuilder(setting.country, seed, setting.isEnriched);
  const contracts = addContracts(builder, setting);
  const saved = addStandingOrders(builder, setting, contracts.monthlyInMinor);
  const known = new Set(builder.entries.map(({ key }) => key));
  const habits = addHabits(builder, setting);
  const left = contracts.monthlyInMinor - contracts.monthlyOutMinor - saved - habits;
  addShopping(builder, setting, moodOf(builder, setting, left));
  addPeople(builder, setting);
  addIncidents(builder, setting);
  addAllowance(builder, setting);
  addCardPayments(builder, setting);
  addSweeps(builder, setting);
  // What a bank moves by itself counts as known in advance. Sweeps are made by hand.
  for (const { key, purpose } of builder.entries) if (purpose === 'card-payment-out') known.add(key);
  const openings = openBalances(builder, setting);
  addOverdraftFees(builder, setting, openings[setting.checking] ?? 0);
  labelStandingOrders(builder, setting);
  labelFees(builder, setting);
  const paths = setting.accounts.map((_, account) => pathOf(builder.entries, setting, account, openings[account] ?? 0));
  labelLowBalances(builder, setting, paths[setting.checking] ?? [], known);
  const connections = setting.connections.map((name, index) => connectionOf(builder, setting, name, index));
  return finished(builder, setting, connections, paths, openings);
}

/** How much is spent: within what is left, more in one month on one thing, or beyond one's means for the last half year. */
function moodOf(builder: LedgerBuilder, setting: Setting, leftMinor: number): Mood {
  const random = topic(setting.seed, 17);
  const { country, firstDay, lastDay } = setting;
  const scale = Math.min(3, Math.max(0.35, (leftMinor * 0.93) / (meanShopUnits * country.minorPerUnit)));
  const kind = random.pick<ShopKind>(['dining', 'clothing', 'marketplace', 'electronics', 'hardware']);
  const month = random.unit() < 0.5 ? dateOf(random.between(firstDay + 200, lastDay - 60)).slice(0, 7) : null;
  const looseDay = random.unit() < 0.2 ? lastDay - random.between(200, 260) : Number.POSITIVE_INFINITY;
  if (month !== null) {
    builder.label({
      kind: 'category-pace',
      account: setting.spending,
      counterparty: kind,
      purpose: kind,
      month,
      fromDate: `${month}-01`,
      untilDate: `${month}-28`,
      keys: [],
      isDemanded: false, // what was spent in the end decides: the judge adds it up
    });
  }
  return {
    scale,
    factor(of, day) {
      const loose = day >= looseDay ? 1.7 : 1;
      return loose * (month !== null && of === kind && dateOf(day).startsWith(month) ? 3.5 : 1);
    },
  };
}

function addOverdraftFees(builder: LedgerBuilder, setting: Setting, openingMinor: number): void {
  const { checking, country, firstDay, lastDay } = setting;
  const path = pathOf(builder.entries, setting, checking, openingMinor);
  const bank = { name: country.banks[0] ?? '', statement: '', ref: '', isMerchant: false };
  let last = Number.NEGATIVE_INFINITY;
  path.forEach((balance, at) => {
    if (balance >= 0 || at - last < 30 || firstDay + at + 1 > lastDay) return;
    last = at;
    const outMinor = Math.round(12 * country.minorPerUnit);
    const day = firstDay + at + 1;
    builder.add({
      account: checking,
      day,
      outMinor,
      purpose: 'overdraft-fee',
      party: bank,
      style: country.style.overdraftFee,
    });
  });
}

/** Transfers that come back are series too: telling them so is neither demanded nor wrong. */
function labelStandingOrders(builder: LedgerBuilder, setting: Setting): void {
  const groups: [string, LabelledEntry[]][] = [];
  for (const purpose of [
    'own-out',
    'own-in',
    'card-payment-out',
    'card-payment-in',
    'interest-in',
    'account-fee',
    'instalment',
    'interest-out',
  ] as const) {
    setting.accounts.forEach((_, account) => {
      groups.push([purpose, builder.entries.filter((entry) => entry.purpose === purpose && entry.account === account)]);
    });
  }
  for (const [purpose, made] of groups) {
    const [first] = made;
    const last = made.at(-1);
    if (first === undefined || last === undefined) continue;
    builder.label({
      kind: 'recurring',
      direction: first.outMinor > 0 ? 'out' : 'in',
      rhythm: 'monthly',
      amountKind: 'variable',
      account: first.account,
      counterparty: purpose,
      fromDate: dateOf(first.day),
      untilDate: dateOf(last.day),
      endedDate: null,
      keys: made.map(({ key }) => key),
      isDemanded: false,
    });
  }
}

const feePurposes = {
  fees: ['account-fee', 'overdraft-fee'],
  foreign: ['foreign-fee'],
  interest: ['interest-out'],
} as const;

function labelFees(builder: LedgerBuilder, { country }: Setting): void {
  for (const kind of ['fees', 'foreign', 'interest'] as const) {
    const made = builder.entries
      .filter(({ purpose }) => feePurposes[kind].some((each) => each === purpose))
      .sort((one, other) => one.day - other.day);
    const [first] = made;
    const last = made.at(-1);
    if (first === undefined || last === undefined) continue;
    builder.label({
      kind: 'fees',
      of: kind,
      account: first.account,
      counterparty: country.banks[0] ?? '',
      fromDate: dateOf(first.day),
      untilDate: dateOf(last.day),
      keys: made.map(({ key }) => key),
      isDemanded: made.some((each, place) => (made[place + 2]?.day ?? Number.POSITIVE_INFINITY) - each.day <= 85),
    });
  }
}

function connectionOf(builder: LedgerBuilder, setting: Setting, name: string, connection: number): HouseholdConnection {
  const { country, firstDay, lastDay, seed } = setting;
  const consentEndDays: number[] = [];
  const institutionId = `ins_${country.code.toLowerCase()}_${country.banks.indexOf(name)}`;
  if (!withConsent.has(country.code)) return { institutionId, name, consentEndDays };
  for (let day = firstDay + consentDays; day <= lastDay; day += consentDays - 2) {
    consentEndDays.push(day);
    builder.label({
      kind: 'consent-ends',
      connection,
      account: setting.accounts.findIndex((account) => account.connection === connection),
      counterparty: name,
      fromDate: dateOf(day),
      untilDate: dateOf(day),
      keys: [],
      isDemanded: topic(seed, 18).unit() >= 0,
    });
  }
  return { institutionId, name, consentEndDays };
}

function finished(
  builder: LedgerBuilder,
  setting: Setting,
  connections: readonly HouseholdConnection[],
  paths: readonly (readonly number[])[],
  openings: readonly number[],
): LabelledHousehold {
  const { seed, country, firstDay, lastDay } = setting;
  const prefixes = connections.map((_, connection) => idPrefix(seed, connection));
  const accounts = setting.accounts.map((account, index) => ({
    ...account,
    id: accountId(prefixes[account.connection] ?? '', account.connection, index),
    openingMinor: openings[index] ?? 0,
    currency: country.currency,
    exponent: country.exponent,
    balances: paths[index] ?? [],
  }));
  const idOf = new Map<number, string>();
  const transactions = [...builder.entries]
    .filter(({ toldDay, day }) => toldDay <= lastDay && day >= firstDay)
    .sort((one, other) => one.toldDay - other.toldDay || one.day - other.day || one.key - other.key)
    .map((entry): HouseholdTransaction => {
      const connection = setting.accounts[entry.account]?.connection ?? 0;
      const prefix = prefixes[connection] ?? '';
      const made = (isPending: boolean) => transactionId(prefix, connection, 1, entry.key, isPending);
      const id = made(false);
      idOf.set(entry.key, id);
      return { ...entry, id, pendingId: entry.pendingDay === null ? null : made(true), connection };
    });
  const labels = builder.labels.flatMap(({ keys, ...label }): Label[] => {
    const ids = keys.map((key) => idOf.get(key)).filter((id) => id !== undefined);
    // Half a pair is told behind the last day: nobody can know it.
    const isHalf = (label.kind === 'own-transfer' || label.kind === 'duplicate-charge') && ids.length < keys.length;
    return isHalf ? [] : [{ ...label, ids }];
  });
  return {
    seed,
    country: country.code,
    isEnriched: setting.isEnriched,
    firstDay,
    lastDay,
    connections,
    accounts,
    transactions,
    labels,
  };
}
