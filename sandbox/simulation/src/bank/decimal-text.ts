/** Amounts as decimal texts, so that stored and published ones compare to the last digit. */

export function byId(one: readonly unknown[], other: readonly unknown[]): number {
  return String(one[0]) < String(other[0]) ? -1 : 1;
}

export function decimal(minor: string, exponent: number): string {
  const digits = minor.replace('-', '').padStart(exponent + 1, '0');
  const text = exponent === 0 ? digits : `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
  return normalised(`${minor.startsWith('-') ? '-' : ''}${text}`);
}

/** Plaid counts money out as positive, the canonical model as negative. */
export function negated(amount: string): string {
  return amount.startsWith('-') ? amount.slice(1) : `-${amount}`;
}

export function normalised(amount: string): string {
  const text = amount.includes('.') ? amount.replace(/0+$/, '').replace(/\.$/, '') : amount;
  return text === '-0' ? '0' : text;
}
