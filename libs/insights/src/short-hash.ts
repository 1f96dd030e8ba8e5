/** Fast hashes for what must be told apart within one user's data, and is no secret: SHA-256 would cost more than all else here. */

const TWO_POW_32 = 0x1_0000_0000;
const KEY_HIGH_BITS = 8;

/** @returns 32 bits, each depending on every character */
export function hash32(text: string, seed = 0): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Characters of a key's text: 40 bits to the base of 36. */
export const keyChars = 8;

/** @returns 40 bits: among a user's 1,000 counterparties two share one with a chance below one in a million */
export function keyNumber(text: string): number {
  const high = hash32(text, 0x5bd1e995) >>> (32 - KEY_HIGH_BITS);
  return high * TWO_POW_32 + hash32(text);
}

export function keyText(number: number): string {
  return number.toString(36).padStart(keyChars, '0');
}
