/** Exact amounts: integers of minor units, read from the digits that the provider printed. No float anywhere. */
import type { Money, QuarantineReason } from './canonical.ts';
import { currencyExponent } from './currency.ts';
import { ValidationError } from './validation-error.ts';

/** What a provider says an amount is in: exactly one of the two is set. */
export interface CurrencyClaim {
  readonly currency: string | null;
  /** A code outside ISO 4217, e.g. of a crypto currency. */
  readonly unofficialCurrency: string | null;
}

export type MoneyRefusal = Extract<
  QuarantineReason,
  'AMOUNT_INEXACT' | 'CURRENCY_UNKNOWN' | 'CURRENCY_AMBIGUOUS' | 'SUSPECT_SCALE'
>;

export type MoneyReading =
  /** `overPrecise`: more decimals than the currency has, so its exponent was raised. */
  | { readonly ok: true; readonly money: Money; readonly overPrecise: boolean }
  | { readonly ok: false; readonly reason: MoneyRefusal };

/** JSON's number grammar. */
const NUMBER_LITERAL = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,4}))?$/;
/** Amounts sent as strings: no plus sign, exponent, grouping or space. */
const TEXT_LITERAL = /^(-?)([0-9]+)(?:\.([0-9]+))?$/;
/** Longer than any bank's amount, and short enough that no input makes us build a long one. */
const LITERAL_MAX_CHARS = 64;
/** As many as a decimal128 holds. */
const MINOR_MAX_DIGITS = 34;
const EXPONENT_MAX = 18;
/** Of any currency that a sender may have mixed up with one without decimals. */
const SCALING_MAX_DECIMALS = 4;
const UNOFFICIAL_CODE_MAX_CHARS = 32;

/** Reads an amount that came as a JSON number, from its literal (`ExactNumber`): `72.1`, `-0`, `1e21`. */
export function readNumberMoney(literal: string, claim: CurrencyClaim): MoneyReading {
  return read(NUMBER_LITERAL, literal, claim);
}

/** Reads an amount that came as a string: `"-0012.50"`, not `"+1"`, `"1e3"`, `"1,000"` or `" 1"`. */
export function readTextMoney(text: string, claim: CurrencyClaim): MoneyReading {
  return read(TEXT_LITERAL, text, claim);
}

function read(syntax: RegExp, literal: string, claim: CurrencyClaim): MoneyReading {
  const unit = readCurrency(claim);
  if (!unit.ok) return unit;
  const decimal = readDecimal(syntax, literal);
  if (decimal === null) return refused('AMOUNT_INEXACT');
  // Unofficial currencies have no table: the scale observed is their exponent.
  const ownExponent = unit.exponent ?? 0;
  const overPrecise = unit.exponent !== null && decimal.scale > unit.exponent;
  // A sender that prints decimals of a currency without any may already be scaling by 100. Longer tails are not that:
  // they are what sums of floats leave (1500.0000000000002), and are kept as they came.
  if (overPrecise && unit.exponent === 0 && decimal.scale <= SCALING_MAX_DECIMALS) return refused('SUSPECT_SCALE');
  const exponent = Math.max(ownExponent, decimal.scale);
  const addedZeros = decimal.digits === '' ? 0 : exponent - decimal.scale;
  // Counted before anyone writes as many zeros as a power of ten asks for.
  if (exponent > EXPONENT_MAX || decimal.digits.length + addedZeros > MINOR_MAX_DIGITS)
    return refused('AMOUNT_INEXACT');
  const minor =
    decimal.digits === '' ? '0' : `${decimal.negative ? '-' : ''}${decimal.digits}${'0'.repeat(addedZeros)}`;
  const { currency, unofficialCurrency } = claim;
  return { ok: true, money: { minor, exponent, currency, unofficialCurrency }, overPrecise };
}

type CurrencyReading =
  /** `exponent` is `null` for an unofficial currency. */
  { readonly ok: true; readonly exponent: number | null } | { readonly ok: false; readonly reason: MoneyRefusal };

/** Whether the claim names one currency that money can be in; says why where it does not. */
export function readCurrency({ currency, unofficialCurrency }: CurrencyClaim): CurrencyReading {
  if (currency !== null && unofficialCurrency !== null) return refused('CURRENCY_AMBIGUOUS');
  if (currency !== null) {
    const exponent = currencyExponent(currency);
    return exponent === undefined ? refused('CURRENCY_UNKNOWN') : { ok: true, exponent };
  }
  const usable =
    unofficialCurrency !== null &&
    unofficialCurrency.trim() !== '' &&
    unofficialCurrency.length <= UNOFFICIAL_CODE_MAX_CHARS &&
    unofficialCurrency.isWellFormed();
  return usable ? { ok: true, exponent: null } : refused('CURRENCY_UNKNOWN');
}

function refused(reason: MoneyRefusal): { readonly ok: false; readonly reason: MoneyRefusal } {
  return { ok: false, reason };
}

/**
 * value = digits x 10^-scale, with as few digits as the value needs: `72.10` and `72.1` read alike, so that a provider's
 * change of printing is not a change of amount. `digits` is empty for zero.
 */
function readDecimal(
  syntax: RegExp,
  literal: string,
): { readonly negative: boolean; readonly digits: string; readonly scale: number } | null {
  if (literal.length > LITERAL_MAX_CHARS) return null;
  const parts = syntax.exec(literal);
  if (parts === null) return null;
  const [, sign, whole = '', fraction = '', power = '0'] = parts;
  const written = whole + fraction;
  const trimmed = written.replace(/0+$/, '');
  const digits = trimmed.replace(/^0+/, '');
  if (digits === '') return { negative: false, digits, scale: 0 };
  const scale = fraction.length - Number.parseInt(power, 10) - (written.length - trimmed.length);
  return { negative: sign === '-', digits, scale };
}

/** The same amount in the other direction; zero stays "0". */
export function negateMoney(money: Money): Money {
  if (money.minor === '0') return money;
  return { ...money, minor: money.minor.startsWith('-') ? money.minor.slice(1) : `-${money.minor}` };
}

/** -1, 0 or 1. */
export function moneySign(money: Money): -1 | 0 | 1 {
  if (money.minor === '0') return 0;
  return money.minor.startsWith('-') ? -1 : 1;
}

/** @throws {ValidationError} `CURRENCY_MISMATCH` */
export function compareMoney(a: Money, b: Money): -1 | 0 | 1 {
  const [left, right] = aligned(a, b);
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/**
 * @returns the exact sum, at the larger of the two exponents
 * @throws {ValidationError} `CURRENCY_MISMATCH`
 */
export function addMoney(a: Money, b: Money): Money {
  const [left, right, exponent] = aligned(a, b);
  return { ...a, minor: (left + right).toString(), exponent };
}

function aligned(a: Money, b: Money): readonly [bigint, bigint, number] {
  if (a.currency !== b.currency || a.unofficialCurrency !== b.unofficialCurrency) {
    throw new ValidationError('CURRENCY_MISMATCH', { left: unitOf(a), right: unitOf(b) });
  }
  const exponent = Math.max(a.exponent, b.exponent);
  const minorAt = (money: Money) => BigInt(money.minor) * 10n ** BigInt(exponent - money.exponent);
  return [minorAt(a), minorAt(b), exponent];
}

function unitOf(money: Money): string {
  return money.currency ?? money.unofficialCurrency ?? 'none';
}
