/** Who is behind a connection: accounts, currency, and what comes back every month. Drawn once from (seed, index). */
import { hash32, Random } from '../random.ts';
import { type Currency, currencies } from './currency.ts';
import {
  cardPaymentIn,
  cardPaymentOut,
  electricity,
  employers,
  insurance,
  landlord,
  meanVisitUnits,
  type Payee,
  savingsIn,
  savingsOut,
  subscriptions,
} from './payees.ts';

/** Positions in `Household.accounts`. */
export const CHECKING = 0;
export const CARD = 1;
export const SAVINGS = 2;

/** Visits to shops a day, on average: 2 to 4, see `day-plan.ts`. */
const VISITS_A_DAY = 3;
const CARD_SHARE_PERCENT = 60;
/** What refunds and dropped entries leave of the shopping; measured over 2,000 steps of 500 households. */
const KEPT_PERCENT = 88;

export interface Standing {
  readonly payee: Payee;
  readonly account: number;
  /** Positive: money out of the account, or more owed on the card. */
  readonly outMinor: number;
  /** Up to this many percent more or less each time. */
  readonly variesPercent: number;
  readonly dayOfMonth: number;
  /** Every second half of a month too (`dayOfMonth` and 14 days later). */
  readonly twice: boolean;
  /** Only in this month, 1 to 12; 0 for every month. */
  readonly month: number;
}

export interface Household {
  readonly index: number;
  readonly currency: Currency;
  /** Checking, card and, for some, savings. */
  readonly accountCount: 2 | 3;
  /** Checking and savings: money there. Card: owed. At step 0, in minor units. */
  readonly openingMinor: readonly number[];
  readonly cardLimitMinor: number;
  /** Scales what the household spends in shops, in percent. */
  readonly lifestylePercent: number;
  readonly cardSharePercent: number;
  readonly standing: readonly Standing[];
  /** This bank tells the time of day of a booking. */
  readonly givesTimes: boolean;
  /** This bank codes its transactions and tells no available balance for cards. */
  readonly codesTransactions: boolean;
  /** 0 to 9. */
  readonly institution: number;
}

/** Minor units for a price range; `unit` is a draw, low prices are the most likely. */
export function priceMinor(payee: Payee, unit: number, currency: Currency, percent: number): number {
  const units = payee.fromUnits + (payee.toUnits - payee.fromUnits) * unit * unit;
  return Math.max(1, Math.round((units * currency.minorPerUnit * percent) / 100));
}

function drawCurrency(roll: number): Currency {
  let passed = 0;
  for (const currency of currencies) {
    passed += currency.share;
    if (roll < passed) return currency;
  }
  throw new RangeError('the shares of the currencies must add up to 100');
}

export function createHousehold(seed: number, index: number): Household {
  const random = new Random(hash32(seed, index, 0x485));
  const currency = drawCurrency(random.unit() * 100);
  const accountCount = random.unit() < 0.6 ? 3 : 2;
  const lifestylePercent = random.between(60, 160);
  const price = (payee: Payee) => priceMinor(payee, random.unit(), currency, lifestylePercent);
  const monthly = (
    payee: Payee,
    account: number,
    outMinor: number,
    dayOfMonth: number,
    variesPercent = 0,
  ): Standing => ({
    payee,
    account,
    outMinor,
    variesPercent,
    dayOfMonth,
    twice: false,
    month: 0,
  });

  const standing: Standing[] = [monthly(landlord, CHECKING, price(landlord), random.between(1, 4))];
  standing.push(monthly(electricity, CHECKING, price(electricity), random.between(5, 26), 15));
  for (const payee of subscriptions) {
    if (random.unit() < 0.55) standing.push(monthly(payee, CARD, price(payee), random.between(1, 28)));
  }
  if (random.unit() < 0.3) {
    standing.push({
      ...monthly(insurance, CHECKING, price(insurance) * 6, random.between(1, 28)),
      month: random.between(1, 12),
    });
  }
  // What leaves in a month, so that income covers it and balances stay believable however long the story runs.
  const shoppingMinor = Math.round(
    (30 * VISITS_A_DAY * meanVisitUnits * currency.minorPerUnit * lifestylePercent * KEPT_PERCENT) / 10_000,
  );
  const onCardMinor =
    Math.round((shoppingMinor * CARD_SHARE_PERCENT) / 100) +
    standing.filter(({ account }) => account === CARD).reduce((sum, { outMinor }) => sum + outMinor, 0);
  const cardDay = random.between(10, 27);
  standing.push(monthly(cardPaymentOut, CHECKING, onCardMinor, cardDay));
  standing.push(monthly(cardPaymentIn, CARD, -onCardMinor, cardDay));
  const savedMinor = accountCount === 3 ? Math.round((shoppingMinor * random.between(5, 20)) / 100) : 0;
  if (savedMinor > 0) {
    const savingDay = random.between(2, 28);
    standing.push(monthly(savingsOut, CHECKING, savedMinor, savingDay));
    standing.push(monthly(savingsIn, SAVINGS, -savedMinor, savingDay));
  }
  const leavesMinor =
    standing
      .filter(({ account, month }) => account === CHECKING && month === 0)
      .reduce((sum, { outMinor }) => sum + outMinor, 0) +
    Math.round((shoppingMinor * (100 - CARD_SHARE_PERCENT)) / 100);
  const employer = random.pick(employers);
  const twice = random.unit() < 0.4;
  const wagesMinor = Math.round((leavesMinor * random.between(99, 106)) / 100 / (twice ? 2 : 1));
  standing.unshift({
    ...monthly(employer, CHECKING, -wagesMinor, twice ? random.between(1, 14) : random.between(24, 28)),
    twice,
  });
  return {
    index,
    currency,
    accountCount,
    openingMinor: [
      Math.round((leavesMinor * random.between(80, 400)) / 100),
      Math.round((onCardMinor * random.between(10, 100)) / 100),
      savedMinor * random.between(3, 40),
    ].slice(0, accountCount),
    cardLimitMinor: onCardMinor * 5,
    lifestylePercent,
    cardSharePercent: CARD_SHARE_PERCENT,
    standing,
    givesTimes: random.unit() < 0.2,
    codesTransactions: currency.code === 'GBP' || currency.code === 'EUR',
    institution: random.between(0, 9),
  };
}
