/** Two years of one connection as its provider tells them: 200 counterparties, a few met each week, most of them once or twice. */
import type { Transaction } from '@quartersec/validation';
import { dateOf } from '../src/day.ts';
import { randomFrom } from '../src/testing/sample-ledger.ts';
import { sampleTransaction } from '../src/testing/sample-transaction.ts';

export const benchDays = 730;
export const benchTransactions = 1_440;
export const benchCounterparties = 200;
const lastDay = 20_400;
const contracts = 14;

const words =
  'Harbour Linden Noodle Green Old River Blue Summit Orange Iron Maple Paper Silver North Corner Golden Royal Fresh Urban Vital Bella Casa Nova Prime Terra Luna Solar Metro Central Park Lake Hill Stone Bridge Market Books Bakery House Garden Mill Cycles Door Sports Tree Works Studio Crane Spoon Star Kitchen Coffee Pharmacy Energy Mobile Insurance Fitness Cinema Hotel Airways Fuel Pizza Burger Sushi Flowers Toys Shoes'.split(
    ' ',
  );

/** @param isEnriched with names and ids of merchants, and categories; otherwise statement text alone */
export function powerLawLedger(seed: number, isEnriched: boolean): readonly Transaction[] {
  const random = randomFrom(seed);
  const below = (count: number) => Math.floor(random() * count);
  const word = () => words[below(words.length)] ?? '';
  const names = Array.from(
    { length: benchCounterparties },
    () => `${word()} ${word()}${random() < 0.3 ? ` ${word()}` : ''}`,
  );
  const sizes = names.map(() => Math.round(300 * Math.exp(random() * 3.5)));
  const categories = names.map(() => kinds[below(kinds.length)] ?? kinds[0]);
  const transactions: Transaction[] = [];
  const book = (who: number, day: number, minor: number) => {
    const name = names[who] ?? '';
    const [primary = '', detailed = ''] = categories[who] ?? [];
    transactions.push(
      sampleTransaction({
        transactionId: `${seed}-${transactions.length}`,
        bookingDate: dateOf(day),
        minor,
        description: `${name.toUpperCase()} ${1_000 + below(9_000)} SEATTLE WA`,
        ...(isEnriched && { merchantName: name, merchantEntityId: `m${seed}-${who}`, category: { primary, detailed } }),
      }),
    );
  };
  for (let who = 0; who < contracts; who++) {
    const first = lastDay - benchDays + below(30);
    for (let month = 0; month < 24; month++)
      book(who, first + Math.round(month * 30.44) + below(3), -(sizes[who] ?? 0) - (who % 3 === 0 ? below(2_000) : 0));
  }
  // Everyone else by Zipf's law, each at least once.
  const others = benchCounterparties - contracts;
  const shares = Array.from({ length: others }, (_, index) => 1 / (index + 1));
  const sum = shares.reduce((total, share) => total + share, 0);
  const drawn = () => {
    let rest = random() * sum;
    return Math.max(
      0,
      shares.findIndex((share) => {
        rest -= share;
        return rest < 0;
      }),
    );
  };
  for (let index = 0; transactions.length < benchTransactions; index++) {
    const who = contracts + (index < others ? index : drawn());
    const size = sizes[who] ?? 0;
    book(who, lastDay - below(benchDays), index % 40 === 0 ? size : -Math.round(size * (0.5 + 1.5 * random())));
  }
  return transactions;
}

const kinds = [
  ['GENERAL_MERCHANDISE', 'GENERAL_MERCHANDISE_OTHER'],
  ['FOOD_AND_DRINK', 'FOOD_AND_DRINK_GROCERIES'],
  ['FOOD_AND_DRINK', 'FOOD_AND_DRINK_RESTAURANT'],
  ['TRANSPORTATION', 'TRANSPORTATION_GAS'],
  ['ENTERTAINMENT', 'ENTERTAINMENT_TV_AND_MOVIES'],
  ['RENT_AND_UTILITIES', 'RENT_AND_UTILITIES_GAS_AND_ELECTRICITY'],
] as const;
