/** Access tokens at rest: AES-256-GCM, bound to their connection, so that a sealed token copied to another one stays shut. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { StorageError } from './storage-error.ts';

/** Says how the rest is sealed, so that a later way can live beside this one. */
const prefix = 'v1.';
const algorithm = 'aes-256-gcm';
const keyBytes = 32;
/** NIST SP 800-38D: 96-bit random nonces are good for 2^32 seals under one key. */
const nonceBytes = 12;
const tagBytes = 16;

export interface SealOptions {
  /** 32 bytes, base64. */
  readonly keyBase64: string;
  readonly connectionId: string;
}

/**
 * @param nonce fresh random bytes for every seal; given only by tests and simulations
 * @returns text for `LinkedEntry.sealedToken`
 * @throws {StorageError} `TOKEN_UNREADABLE` when the key is not 32 bytes: nothing could open it again
 */
export function sealToken(
  token: string,
  { keyBase64, connectionId }: SealOptions,
  nonce: Uint8Array = randomBytes(nonceBytes),
): string {
  const cipher = createCipheriv(algorithm, readKey(keyBase64, connectionId), nonce);
  cipher.setAAD(boundTo(connectionId));
  const sealed = Buffer.concat([nonce, cipher.update(token, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${prefix}${sealed.toString('base64url')}`;
}

/**
 * @throws {StorageError} `TOKEN_UNREADABLE` for another key, another connection, a changed or foreign text
 */
export function openToken(sealedToken: string, { keyBase64, connectionId }: SealOptions): string {
  const key = readKey(keyBase64, connectionId);
  const sealed = Buffer.from(sealedToken.slice(prefix.length), 'base64url');
  // Base64 has spare bits and Node skips foreign characters: only the one spelling we write is ours.
  const isOurs = sealedToken === `${prefix}${sealed.toString('base64url')}`;
  if (!isOurs || sealed.length < nonceBytes + tagBytes) throw unreadable(connectionId);
  try {
    const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes });
    decipher.setAAD(boundTo(connectionId));
    decipher.setAuthTag(sealed.subarray(-tagBytes));
    const opened = [decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()];
    return Buffer.concat(opened).toString('utf8');
  } catch {
    throw unreadable(connectionId); // the cause would add nothing but the cipher's wording
  }
}

function readKey(keyBase64: string, connectionId: string): Buffer {
  const key = Buffer.from(keyBase64, 'base64');
  if (key.length !== keyBytes) throw unreadable(connectionId);
  return key;
}

function boundTo(connectionId: string): Buffer {
  return Buffer.from(`${prefix}${connectionId}`, 'utf8');
}

function unreadable(connectionId: string): StorageError {
  return new StorageError('TOKEN_UNREADABLE', { connectionId });
}
