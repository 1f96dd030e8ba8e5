/** Currencies of the story. Amounts are whole minor units; only text ever leaves. */

export interface Currency {
  readonly code: string;
  /** Decimals: ISO 4217. */
  readonly exponent: number;
  /** What one unit of a payee's price range is worth here, in minor units. */
  readonly minorPerUnit: number;
  /** Chance out of 100 that a connection has it. */
  readonly share: number;
}

export const currencies: readonly Currency[] = [
  { code: 'USD', exponent: 2, minorPerUnit: 100, share: 78 },
  { code: 'GBP', exponent: 2, minorPerUnit: 80, share: 8 },
  { code: 'EUR', exponent: 2, minorPerUnit: 90, share: 8 },
  { code: 'JPY', exponent: 0, minorPerUnit: 150, share: 4 },
  { code: 'KWD', exponent: 3, minorPerUnit: 300, share: 2 }, // three decimals: a client that assumes two shows itself
];

/** The number as JSON text, exact and without trailing zeros: -1250, exponent 2, is `-12.5`. Zero is `0`, never `-0`. */
export function amountText(minor: number, exponent: number): string {
  if (exponent === 0 || minor === 0) return String(minor === 0 ? 0 : minor);
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0');
  const whole = digits.slice(0, -exponent);
  let fraction = digits.slice(-exponent);
  while (fraction.endsWith('0')) fraction = fraction.slice(0, -1);
  return `${minor < 0 ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}
