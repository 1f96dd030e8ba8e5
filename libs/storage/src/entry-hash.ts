/** The hash that chains a connection's entries and binds each to its place. Any language can recompute it. */
import { hash } from 'node:crypto';

/**
 * SHA-256 over the parts, each written as `<length in UTF-8 bytes>:<part>`: without the lengths, moving a character from
 * one part to the next would not show.
 * @returns 64 lower-case hex digits
 */
export function hashParts(parts: readonly string[]): string {
  return hash('sha256', parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join(''), 'hex');
}

/**
 * @param previousHash hash of the entry before, `genesisHash` for the first
 * @param body the content's JSON text, exactly as stored
 */
export function entryHash(previousHash: string, pk: string, sk: string, body: string): string {
  return hashParts([previousHash, pk, sk, body]);
}
