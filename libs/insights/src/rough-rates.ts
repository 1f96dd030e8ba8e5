/**
 * What one euro was roughly worth, to two digits (2025): to tell a plausible exchange from an implausible one, never to convert money.
 * Currencies that moved by more than a third within three years are left out (TRY, ARS, NGN, EGP): no rate of theirs is plausible for long.
 */
import { currencyExponent } from '@quartersec/validation';

const PER_EURO: Readonly<Record<string, number>> = {
  AED: 4.2,
  AUD: 1.75,
  BGN: 1.96,
  BRL: 6.3,
  CAD: 1.6,
  CHF: 0.94,
  CNY: 8.2,
  COP: 4600,
  CZK: 24.6,
  DKK: 7.46,
  EUR: 1,
  GBP: 0.86,
  HKD: 9,
  HUF: 395,
  IDR: 19000,
  ILS: 3.9,
  INR: 99,
  JPY: 173,
  KRW: 1620,
  MAD: 10.6,
  MXN: 21.5,
  MYR: 4.9,
  NOK: 11.7,
  NZD: 1.97,
  PHP: 66,
  PLN: 4.26,
  RON: 5.06,
  SEK: 11,
  SGD: 1.5,
  THB: 37.5,
  USD: 1.16,
  ZAR: 20.5,
};

/** @returns major units, in euros; `undefined` where no rate is known */
export function roughEuros(currency: string, minor: number): number | undefined {
  const rate = PER_EURO[currency];
  const exponent = currencyExponent(currency);
  return rate === undefined || exponent === undefined ? undefined : minor / 10 ** exponent / rate;
}
