/** Short, stable names for things that a tuple of texts identifies. */
import { hash } from 'node:crypto';

/**
 * 22 base64url characters hold 132 of SHA-256's bits: a collision among a billion records of one connection has a
 * chance below 10^-21, and every record, removal and link stores one of these.
 */
export const HASH_CHARS = 22;

/**
 * @param parts each with its length in front, so that ("ab", "c") and ("a", "bc") differ; well-formed Unicode, since
 *   lone surrogates would all hash as the replacement character
 * @returns `HASH_CHARS` of SHA-256, base64url
 */
export function tupleHash(parts: readonly string[]): string {
  let text = '';
  for (const part of parts) text += `${part.length}:${part}`;
  return textHash(text);
}

/** @returns `HASH_CHARS` of SHA-256 over the text's UTF-8, base64url */
export function textHash(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, HASH_CHARS);
}
