/** Currencies of the story. Amounts are whole minor units; only text ever leaves. */

export interface Currency {
  readonly code: string;
  /** Decimals: ISO 4217. */
  readonly exponent: number;
  /** What one unit of a payee's price range is worth here, in minor units. */
  readonly minorPerUnit: number;
  /** Chance out of 100 that a connection has it. */
  readonly share: number;
  /** Not an ISO code: a cryptocurrency. */
  readonly unofficial?: boolean;
}

export const currencies: readonly Currency[] = [
  { code: 'USD', exponent: 2, minorPerUnit: 100, share: 78 },
  { code: 'GBP', exponent: 2, minorPerUnit: 80, share: 8 },
  { code: 'EUR', exponent: 2, minorPerUnit: 90, share: 8 },
  { code: 'JPY', exponent: 0, minorPerUnit: 150, share: 4 },
  { code: 'KWD', exponent: 3, minorPerUnit: 300, share: 2 }, // three decimals: a client that assumes two shows itself
];

/** Currencies that no story draws; a script may open accounts in them. */
const scripted: readonly Currency[] = [{ code: 'BTC', exponent: 8, minorPerUnit: 2_000, share: 0, unofficial: true }];

export const currencyOf = (code: string): Currency | undefined =>
  [...currencies, ...scripted].find((currency) => currency.code === code);

/**
 * Minor units of a plain decimal: `-12.5`, exponent 2, is -1250.
 * @returns `null` when the text is no such number, has more decimals than the currency, or is beyond exact arithmetic
 */
export function minorOf(text: string, exponent: number): number | null {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d{1,15})(?:\.(\d{1,8}))?$/.exec(text) ?? [];
  if (whole === '' || fraction.length > exponent) return null;
  const minor = Number(whole + fraction.padEnd(exponent, '0'));
  if (!Number.isSafeInteger(minor)) return null;
  return sign === '-' && minor !== 0 ? -minor : minor;
}

/** The number as JSON text, exact and without trailing zeros: -1250, exponent 2, is `-12.5`. Zero is `0`, never `-0`. */
export function amountText(minor: number, exponent: number): string {
  if (exponent === 0 || minor === 0) return String(minor === 0 ? 0 : minor);
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0');
  const whole = digits.slice(0, -exponent);
  let fraction = digits.slice(-exponent);
  while (fraction.endsWith('0')) fraction = fraction.slice(0, -1);
  return `${minor < 0 ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}
