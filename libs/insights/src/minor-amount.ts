/** Canonical money as a safe integer at its currency's own exponent: what all sums of the insights are made of. */
import { currencyExponent, type Money } from '@quartersec/validation';

/** As many digits as are always safe; more are rare and take the exact way. */
const SAFE_DIGITS = 15;

/** @returns over-precise amounts rounded half away from zero; `undefined` outside ISO 4217 and beyond safe integers */
export function minorOf({ minor, exponent, currency }: Money): number | undefined {
  if (currency === null) return undefined;
  const own = currencyExponent(currency);
  if (own === undefined) return undefined;
  if (own === exponent && minor.length <= SAFE_DIGITS) return Number(minor);
  const value = BigInt(minor);
  const rounded =
    exponent > own ? dividedAwayFromZero(value, 10n ** BigInt(exponent - own)) : value * 10n ** BigInt(own - exponent);
  const number = Number(rounded);
  return Number.isSafeInteger(number) ? number : undefined;
}

function dividedAwayFromZero(value: bigint, divisor: bigint): bigint {
  const half = divisor / 2n;
  return value < 0n ? -((-value + half) / divisor) : (value + half) / divisor;
}
