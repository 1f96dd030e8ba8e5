/** Ids in Plaid's look: long, case sensitive, meaningless. Distinct by construction: everything in them is mixed one to one. */
import { hash32, hashText, mix32 } from '../random.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const TOKEN = /^access-sandbox-(0|[1-9]\d{0,7})$/;

/** 32 bits as 6 characters. */
function characters(value: number): string {
  let rest = value;
  let text = '';
  for (let i = 0; i < 6; i += 1) {
    text += ALPHABET[rest % 62];
    rest = Math.floor(rest / 62);
  }
  return text;
}

export const accessToken = (index: number): string => `access-sandbox-${index}`;

export const itemId = (index: number): string => `item-sandbox-${index}`;

/** @returns the index the token names, whether or not that connection exists; `null` when it is no token of ours */
export function indexOfToken(token: string): number | null {
  const digits = TOKEN.exec(token)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** The part shared by all ids of a connection, 25 characters. */
export function idPrefix(seed: number, index: number): string {
  const own = characters(mix32(index ^ hash32(seed, 0x1d)));
  const filler = [1, 2, 3].map((place) => characters(hash32(seed, index, place))).join('');
  return `${own}${filler}${ALPHABET[hash32(seed, index, 4) % 52]}`;
}

/** 37 characters. @param ordinal unique within the connection and step, up to 2^30 */
export function transactionId(prefix: string, index: number, step: number, ordinal: number, pending: boolean): string {
  const low = mix32((ordinal * 2 + (pending ? 1 : 0)) ^ Math.imul(index + 1, 0x9e3779b1));
  return prefix + characters(low) + characters(mix32(step ^ low)); // a Feistel step: (step, ordinal, pending) can be read back
}

/** 37 characters; never equal to a transaction's: its step is none. */
export const accountId = (prefix: string, index: number, account: number): string =>
  transactionId(prefix, index, 0x7fffffff, account, false);

/** The id of an answer, 15 characters: the same question gets the same one. */
export function requestId(seed: number, question: string): string {
  const first = hashText(seed, question);
  return (characters(first) + characters(mix32(first ^ seed)) + characters(hash32(seed, first))).slice(0, 15);
}
