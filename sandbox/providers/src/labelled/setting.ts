/** Who a household is: where it lives, what it earns, which accounts it has at which banks. Drawn once from the seed. */
import { hash32, Random } from '../random.ts';
import { calendarDay, dayOf } from '../story/calendar.ts';
import { countries } from './countries.ts';
import type { Country } from './country.ts';
import type { Party } from './ledger-builder.ts';

export interface LabelledAccount {
  readonly kind: 'checking' | 'savings' | 'card';
  /** Of the household, from 0. */
  readonly connection: number;
  readonly name: string;
}

export interface Setting {
  readonly seed: number;
  readonly country: Country;
  /** Merchants, ids and categories beside the bank's words. */
  readonly isEnriched: boolean;
  readonly firstDay: number;
  readonly lastDay: number;
  readonly accounts: readonly LabelledAccount[];
  /** One a bank: its name. */
  readonly connections: readonly string[];
  readonly checking: number;
  readonly savings: number | null;
  readonly card: number | null;
  /** A second account for daily money, at another bank. */
  readonly second: number | null;
  /** Account of most purchases. */
  readonly spending: number;
  /** The account holder's own name, as the bank writes it. */
  readonly holder: Party;
  readonly monthlyWageMinor: number;
}

/** A stream of draws for one topic: what one topic draws changes no other. */
export const topic = (seed: number, number: number): Random => new Random(hash32(seed, number, 0x1abe1));

export function weighted<T>(random: Random, list: readonly (readonly [T, number])[]): T {
  const total = list.reduce((sum, [, weight]) => sum + weight, 0);
  let at = random.unit() * total;
  for (const [item, weight] of list) {
    at -= weight;
    if (at < 0) return item;
  }
  return random.pick(list)[0];
}

/** In minor units, with the ending that prices have in the country. */
export function price({ minorPerUnit, priceEnding }: Country, units: number): number {
  const minor = units * minorPerUnit;
  if (priceEnding === 100) return Math.max(100, Math.round(minor / 10) * 10);
  if (priceEnding === 0) return Math.max(100, Math.round(minor / 100) * 100);
  return Math.max(priceEnding, Math.round(minor / 100) * 100 - (100 - priceEnding));
}

export const digitsOf = (random: Random, count: number): string =>
  Array.from({ length: count }, () => String(random.between(0, 9))).join('');

const holders = ['ALEX MORGAN', 'SAM WINTER', 'KIM BERGER', 'NOA LINDEN', 'ROBIN COSTA'];

export function drawSetting(seed: number): Setting {
  const random = topic(seed, 1);
  const country = weighted(random, countries);
  const isEnriched = random.unit() < 2 / 3;
  const days = random.unit() < 0.4 ? random.between(1170, 1280) : random.between(740, 860);
  const firstDay = dayOf('2021-11-01') + random.between(0, 400);
  const accounts: LabelledAccount[] = [];
  const connections: string[] = [];
  const at = (bank: number): number => {
    const name = country.banks[bank] ?? country.banks[0] ?? '';
    if (!connections.includes(name)) connections.push(name);
    return connections.indexOf(name);
  };
  const open = (kind: LabelledAccount['kind'], bank: number, name: string): number =>
    accounts.push({ kind, connection: at(bank), name }) - 1;
  const checking = open('checking', 0, 'Current Account');
  const savings = random.unit() < 0.75 ? open('savings', random.unit() < 0.4 ? 0 : 1, 'Savings') : null;
  const card = random.unit() < (country.code === 'US' ? 0.85 : 0.5) ? open('card', random.between(0, 2), 'Card') : null;
  const second = random.unit() < 0.3 ? open('checking', random.between(1, 2), 'Daily Account') : null;
  const [from, to] = country.monthlyWageUnits;
  return {
    seed,
    country,
    isEnriched,
    firstDay,
    lastDay: firstDay + days,
    accounts,
    connections,
    checking,
    savings,
    card,
    second,
    spending: card ?? checking,
    holder: {
      name: random.pick(holders),
      statement: random.pick(holders),
      ref: digitsOf(random, 6),
      isMerchant: false,
    },
    monthlyWageMinor: Math.round((from + random.unit() * (to - from)) * country.minorPerUnit),
  };
}

export const dateOf = (day: number): string => calendarDay(day).text;
