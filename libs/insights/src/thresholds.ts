/**
 * What amounts matter, per currency, in one place. Given in units of about one US dollar's worth of daily life, so that a rule needs
 * one figure; rough on purpose: a factor of two makes no insight wrong.
 */
import { currencyExponent } from '@quartersec/validation';

/** Main units that buy about as much as one dollar, rounded to 1, 2 or 5 times a power of ten. */
const unitsPerDollar: Readonly<Record<string, number>> = {
  USD: 1,
  EUR: 1,
  GBP: 1,
  CHF: 1,
  AUD: 1,
  CAD: 1,
  NZD: 2,
  SGD: 1,
  SEK: 10,
  NOK: 10,
  DKK: 5,
  PLN: 5,
  CZK: 20,
  HUF: 200,
  RON: 5,
  BGN: 2,
  TRY: 20,
  UAH: 20,
  RSD: 100,
  ISK: 100,
  ILS: 5,
  AED: 5,
  SAR: 5,
  QAR: 5,
  KWD: 0.5,
  BHD: 0.5,
  OMR: 0.5,
  JOD: 0.5,
  EGP: 20,
  MAD: 5,
  ZAR: 10,
  KES: 50,
  NGN: 500,
  GHS: 5,
  INR: 50,
  PKR: 100,
  BDT: 50,
  LKR: 100,
  CNY: 5,
  HKD: 10,
  TWD: 20,
  JPY: 100,
  KRW: 1_000,
  THB: 20,
  MYR: 2,
  IDR: 10_000,
  PHP: 20,
  VND: 10_000,
  MXN: 10,
  BRL: 5,
  ARS: 500,
  CLP: 500,
  COP: 2_000,
  PEN: 5,
  UYU: 50,
  XOF: 500,
  XAF: 500,
};

/** @returns minor units of the currency; one main unit is taken for a dollar where the currency is not in the table */
export function minorPerDollar(currency: string): number {
  const exponent = currencyExponent(currency) ?? 2;
  // A currency without decimals is counted in small units.
  const unknown = exponent === 0 ? 100 : 1;
  return Math.round((unitsPerDollar[currency] ?? unknown) * 10 ** exponent);
}

const dollars = {
  /** Below it a duplicate is not worth a word. */
  duplicate: 3,
  /** Below it two equal bills of a café, or of the shop at the corner, are two visits. */
  duplicateMeal: 25,
  /** How far above the usual an unusual amount has to be. */
  unusual: 60,
  /** How much a price has to rise. */
  priceRise: 0.3,
  /** Of a month's category above the usual. */
  paceExcess: 40,
  /** Of 90 days' fees. */
  fees: 1,
  /** Of cash that lies idle. */
  idle: 500,
  /** That a balance must differ by. */
  drift: 5,
  /** Of one payment of a wage or pension, before and after. */
  income: 50,
  /** Of three months' income, for a savings rate to mean something. */
  savingsIncome: 900,
  /** That a forecast must be short by. */
  short: 1,
};

export type Threshold = keyof typeof dollars;

export function thresholdMinor(threshold: Threshold, currency: string): number {
  return Math.max(1, Math.round(dollars[threshold] * minorPerDollar(currency)));
}
