/** Amounts as people read them, from integers of minor units: no float ever holds one. Pure. */

/** Its symbols are short and never ambiguous: $ and CA$, £, €, ¥. */
const locale = 'en-US';
const plainSign = '−'; // U+2212, as wide as a plus

interface MoneyStyle {
  /** A plus before what comes in. */
  readonly signed?: true;
  /** Whole units of the currency where it has smaller ones: for sums that nobody needs to the penny. */
  readonly whole?: true;
}

/** @returns the decimal text of an amount: 1234 with 2 decimals is "12.34" */
export function decimalText(minor: number | string | bigint, exponent: number): `${number}` {
  const value = BigInt(minor);
  const digits = (value < 0n ? -value : value).toString().padStart(exponent + 1, '0');
  const cut = digits.length - exponent;
  const text = exponent === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`;
  return `${value < 0n ? '-' : ''}${text}` as `${number}`;
}

function formatterOf(currency: string, exponent: number): (text: `${number}`) => string {
  const decimals = { minimumFractionDigits: exponent, maximumFractionDigits: exponent, useGrouping: true } as const;
  try {
    const format = new Intl.NumberFormat(locale, { style: 'currency', currency, ...decimals });
    return (text) => format.format(text);
  } catch {
    // Not of ISO 4217: points, tokens and whatever a bank calls money
    const format = new Intl.NumberFormat(locale, decimals);
    return (text) => `${format.format(text)} ${currency}`;
  }
}

const formatters = new Map<string, (text: `${number}`) => string>();

/**
 * @param exponent decimals of `minor`; `null` is taken as none
 * @example money(-123456, 'GBP', 2) // "−£1,234.56"
 */
export function money(
  minor: number | string | bigint,
  currency: string | null,
  exponent: number | null,
  { signed, whole }: MoneyStyle = {},
): string {
  const decimals = exponent ?? 0;
  const value = whole ? roundedToUnits(BigInt(minor), decimals) : BigInt(minor);
  const shown = whole ? 0 : decimals;
  const key = `${currency} ${shown}`;
  const format = formatters.get(key) ?? formatterOf(currency ?? '', shown);
  formatters.set(key, format);
  const size = format(decimalText(value < 0n ? -value : value, shown)).trim();
  if (value < 0n) return `${plainSign}${size}`;
  return signed && value > 0n ? `+${size}` : size;
}

function roundedToUnits(minor: bigint, exponent: number): bigint {
  const unit = 10n ** BigInt(exponent);
  const half = unit / 2n;
  return minor < 0n ? -((-minor + half) / unit) : (minor + half) / unit;
}

/** For the ticks of an axis alone: "£6.6k". */
export function shortMoney(minor: number, currency: string, exponent: number | null): string {
  const units = minor / 10 ** (exponent ?? 0);
  const short = { notation: 'compact', maximumSignificantDigits: 3 } as const;
  try {
    const text = new Intl.NumberFormat(locale, { style: 'currency', currency, ...short }).format(Math.abs(units));
    return `${units < 0 ? plainSign : ''}${text.toLowerCase()}`;
  } catch {
    return new Intl.NumberFormat(locale, short).format(units);
  }
}
