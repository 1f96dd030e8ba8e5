/** A household's two years, made up from a seed: what comes back, and what only looks like it. */
import type { Transaction } from '@quartersec/validation';
import { addMonths, calendarOf, dateOf } from '../day.ts';
import type { Cadence } from '../insight.ts';
import type { Day } from '../view.ts';
import { sampleTransaction } from './sample-transaction.ts';

export interface SampleLedger {
  readonly transactions: readonly Transaction[];
  /** What comes back: name, rhythm, whether it did so until the end. */
  readonly planted: readonly { readonly name: string; readonly cadence: Cadence; readonly direction: 'in' | 'out' }[];
  readonly lastDay: Day;
}

export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Amount = (index: number) => number;

/** @returns what takes one of several, at random */
export function pickWith(random: () => number): <T>(all: readonly T[]) => T {
  return <T>(all: readonly T[]) => all[Math.floor(random() * all.length)] as T;
}

/** @param days how long the history is; the last day is the same for each seed */
export function sampleLedger(seed: number, days = 730): SampleLedger {
  const random = randomFrom(seed);
  const between = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
  const chance = (share: number) => random() < share;
  const lastDay = 20_400;
  const firstDay = lastDay - days;
  const transactions: Transaction[] = [];
  const planted: { name: string; cadence: Cadence; direction: 'in' | 'out' }[] = [];

  const book = (name: string, day: Day, minor: number, text = name.toUpperCase()) => {
    if (day < firstDay || day > lastDay || minor === 0) return;
    transactions.push(
      sampleTransaction({
        transactionId: `s${seed}-${transactions.length}`,
        description: text,
        bookingDate: dateOf(day),
        minor,
      }),
    );
  };
  /** Weekends move what banks book. */
  const workday = (day: Day) => {
    const { weekday } = calendarOf(day);
    return weekday === 6 ? day + 2 : weekday === 0 ? day + 1 : day;
  };
  const plant = (
    name: string,
    cadence: Cadence,
    sign: 1 | -1,
    amount: Amount,
    options: { jitter?: number; from?: number; text?: () => string; skip?: number } = {},
  ) => {
    const start = firstDay + (options.from ?? 0);
    const first = start + between(0, cadence === 'weekly' ? 6 : cadence === 'fortnightly' ? 13 : 27);
    let count = 0;
    for (let index = 0; ; index++) {
      const months = {
        monthly: index,
        quarterly: 3 * index,
        yearly: 12 * index,
        weekly: 0,
        fortnightly: 0,
        semimonthly: 0,
      }[cadence];
      const day =
        cadence === 'weekly'
          ? first + 7 * index
          : cadence === 'fortnightly'
            ? first + 14 * index
            : cadence === 'semimonthly'
              ? addMonths(start - calendarOf(start).dayOfMonth + 1, Math.floor(index / 2)) + (index % 2 === 0 ? 0 : 14)
              : addMonths(first, months);
      if (day > lastDay) break;
      if (chance(options.skip ?? 0)) continue;
      book(name, workday(day + between(0, options.jitter ?? 0)), sign * amount(index), options.text?.());
      count += 1;
    }
    const least = { weekly: 8, fortnightly: 6, semimonthly: 6, monthly: 3, quarterly: 4, yearly: 2 }[cadence];
    if (count > least) planted.push({ name, cadence, direction: sign > 0 ? 'in' : 'out' });
  };
  const fixed =
    (size: number): Amount =>
    () =>
      size;
  const varying =
    (size: number, share: number): Amount =>
    () =>
      Math.round(size * (1 - share + 2 * share * random()));
  const risen =
    (size: number, at: number, factor: number): Amount =>
    (index) =>
      index < at ? size : Math.round(size * factor);

  // Contracts.
  plant('netflix', 'monthly', -1, risen(1_299, between(6, 20), 1.15), {
    text: () => ['NETFLIX.COM', 'Netflix.com 866-579-7172', 'NETFLIX COM AMSTERDAM'][between(0, 2)] ?? '',
  });
  plant('spotify', 'monthly', -1, fixed(1_099), {
    text: () => `SPOTIFY P${between(10, 99)}AB${between(100_000, 999_999)} STOCKHOLM`,
  });
  plant('gym', 'monthly', -1, fixed(2_999), { from: between(0, 500), text: () => 'MCFIT FITNESS' });
  plant('rent', 'monthly', -1, risen(95_000, 14, 1.03), { text: () => 'STANDING ORDER RENT HAUSVERWALTUNG MEIER' });
  plant('power', 'monthly', -1, varying(8_500, 0.4), {
    jitter: 3,
    text: () => `DIRECT DEBIT OCTOPUS ENERGY REF ${between(100_000, 999_999)}`,
  });
  plant('phone', 'monthly', -1, varying(2_400, 0.25), { jitter: 2, text: () => 'VODAFONE GMBH' });
  plant('water', 'quarterly', -1, varying(6_000, 0.2), { jitter: 3, text: () => 'THAMES WATER' });
  plant('car insurance', 'yearly', -1, risen(48_000, 1, 1.06), { text: () => 'HUK-COBURG VERSICHERUNG' });
  plant('domain', 'yearly', -1, fixed(1_499), { text: () => 'NAMECHEAP.COM' });
  const wage = between(0, 3);
  if (wage === 0) plant('acme', 'monthly', 1, varying(310_000, 0.06), { text: () => 'ACME GMBH LOHN / GEHALT' });
  if (wage === 1)
    plant('acme', 'fortnightly', 1, varying(140_000, 0.1), { text: () => 'ACME CORP PAYROLL PPD ID: 1234567' });
  if (wage === 2) plant('acme', 'semimonthly', 1, fixed(151_000), { text: () => 'DIRECT DEP ACME CORP' });
  if (wage === 3) plant('acme', 'weekly', 1, varying(64_000, 0.1), { text: () => 'ACME LTD WAGES' });
  plant('savings', 'monthly', -1, fixed(20_000), { text: () => 'DAUERAUFTRAG MAX MUSTERMANN' });
  plant('apple small', 'monthly', -1, fixed(299), { text: () => 'APPLE.COM/BILL 866-712-7753 CA' });
  plant('apple large', 'monthly', -1, fixed(1_099), { text: () => 'APPLE.COM/BILL 866-712-7753 CA' });
  plant('prime', 'monthly', -1, fixed(899), { text: () => 'AMAZON PRIME*2X4YZ' });
  plant('cleaner', 'fortnightly', -1, fixed(4_500), { text: () => 'ANNA KOWALSKA' });
  plant('unknown club', 'monthly', -1, fixed(1_750), { skip: 0.04, text: () => 'XQ VEREIN 1887' });

  // Habits.
  for (let day = firstDay; day <= lastDay; day++) {
    const { weekday } = calendarOf(day);
    if (weekday === 6 && chance(0.85))
      book('market', day, -between(2_500, 14_000), `REWE SAGT DANKE ${between(10_000, 99_999)}//BERLIN/DE`);
    if (chance(0.22)) book('lidl', day, -between(800, 6_000), 'LIDL SAGT DANKE       KOELN       DE');
    if (weekday === 5 && chance(0.8)) book('cafe', day, -between(380, 620), 'SumUp  *Cafe Mitte');
    if (weekday === 1 && chance(0.9)) book('latte', day, -450, 'STARBUCKS 12345');
    if (chance(0.035)) book('atm', day, -5_000 * between(1, 3), 'ATM WITHDRAWAL 00123 MAIN ST');
    if (chance(0.06)) book('fuel', day, -between(4_000, 8_000), `SHELL ${between(1_000, 9_999)}`);
    if (chance(0.12))
      book(
        'amazon',
        day,
        -([999, 1_499, 1_999, between(500, 9_000)][between(0, 3)] ?? 999),
        `AMZN MKTP DE*${between(100, 999)}AB${between(10, 99)}`,
      );
    if (chance(0.02)) book('friend', day, -1_000 * between(1, 5), 'Zelle payment to John Miller');
    if (chance(0.015)) book('friend in', day, 1_000 * between(1, 5), 'Zelle payment from Jane Roe');
    if (chance(0.1)) book('bus', day, -290, 'BVG BERLIN TICKET');
    if (chance(0.25)) {
      // The long tail: most of them are met once or twice.
      const shop = Math.floor(160 * random() ** 2.2);
      book(
        `shop ${shop}`,
        day,
        -between(500, 9_000),
        `${tail[shop % tail.length]} ${tail[(shop * 7 + 3) % tail.length]} ${between(1_000, 9_999)}`,
      );
    }
  }
  return { transactions, planted, lastDay };
}

const tail =
  'HARBOUR BOOKS LINDEN BAKERY NOODLE HOUSE GREEN GARDEN OLD MILL RIVER CYCLES BLUE DOOR SUMMIT SPORTS ORANGE TREE IRON WORKS MAPLE STUDIO PAPER CRANE SILVER SPOON NORTH STAR'.split(
    ' ',
  );
