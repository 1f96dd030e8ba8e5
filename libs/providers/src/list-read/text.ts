/** Texts as a fingerprint takes them. Pure, and of the bank's bytes alone. */

/** A change of printing is no change of what is said. */
export function sameText(value: string | null | undefined): string {
  return (value ?? '').normalize('NFC').replace(/\s+/g, ' ').trim();
}

/** `10.00` and `10` are one amount. */
export function sameAmount(amount: string): string {
  return amount.includes('.') ? amount.replace(/\.?0+$/, '') : amount;
}
