/**
 * Access tokens at rest: AES-256-GCM, bound to their connection and to the name of their key, so that a sealed token copied to another
 * connection stays shut.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { StorageError } from './storage-error.ts';
import { parseTokenKeys, type TokenKey, type TokenKeys } from './token-keys.ts';

/** Say how the rest is sealed, so that a later way can live beside these. `v1` is of the key without a name. */
const unnamedPrefix = 'v1.';
const namedPrefix = 'v2.';
const algorithm = 'aes-256-gcm';
/** NIST SP 800-38D: 96-bit random nonces are good for 2^32 seals under one key. */
const nonceBytes = 12;
const tagBytes = 16;

export interface SealOptions {
  /** As in `TOKEN_KEY`: `token-keys.ts`. */
  readonly tokenKeys: string;
  readonly connectionId: string;
}

/**
 * @param nonce fresh random bytes for every seal; given only by tests and simulations
 * @returns text for `LinkedEntry.sealedToken`
 * @throws {StorageError} `TOKEN_UNREADABLE` when a key is not 32 bytes: nothing could open it again
 */
export function sealToken(
  token: string,
  { tokenKeys, connectionId }: SealOptions,
  nonce: Uint8Array = randomBytes(nonceBytes),
): string {
  const { sealing } = readKeys(tokenKeys, connectionId);
  const prefix = prefixOf(sealing);
  const cipher = createCipheriv(algorithm, sealing.key, nonce);
  cipher.setAAD(boundTo(prefix, connectionId));
  const sealed = Buffer.concat([nonce, cipher.update(token, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${prefix}${sealed.toString('base64url')}`;
}

/**
 * @throws {StorageError} `TOKEN_UNREADABLE` for a key that is not here, another connection, a changed or foreign text
 */
export function openToken(sealedToken: string, { tokenKeys, connectionId }: SealOptions): string {
  const key = findKey(sealedToken, readKeys(tokenKeys, connectionId));
  if (key === undefined) throw unreadable(connectionId);
  const prefix = sealedToken.slice(0, sealedToken.lastIndexOf('.') + 1);
  const sealed = Buffer.from(sealedToken.slice(prefix.length), 'base64url');
  // Base64 has spare bits and Node skips foreign characters: only the one spelling we write is ours.
  const isOurs = sealedToken === `${prefix}${sealed.toString('base64url')}`;
  if (!isOurs || sealed.length < nonceBytes + tagBytes) throw unreadable(connectionId);
  try {
    const decipher = createDecipheriv(algorithm, key.key, sealed.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(boundTo(prefix, connectionId));
    decipher.setAuthTag(sealed.subarray(-tagBytes));
    const opened = [decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()];
    return Buffer.concat(opened).toString('utf8');
  } catch {
    throw unreadable(connectionId); // the cause would add nothing but the cipher's wording
  }
}

/** Whether it is sealed under the key that seals now. @throws {StorageError} `TOKEN_UNREADABLE` when a key is not 32 bytes */
export function isSealedAnew(sealedToken: string, { tokenKeys, connectionId }: SealOptions): boolean {
  const prefix = prefixOf(readKeys(tokenKeys, connectionId).sealing);
  return sealedToken.startsWith(prefix) && !sealedToken.slice(prefix.length).includes('.');
}

/** The key that the text names: `v1.<sealed>` or `v2.<name>.<sealed>`. */
function findKey(sealedToken: string, keys: TokenKeys): TokenKey | undefined {
  const parts = sealedToken.split('.');
  if (sealedToken.startsWith(unnamedPrefix) && parts.length === 2) return keys.find(undefined);
  return sealedToken.startsWith(namedPrefix) && parts.length === 3 ? keys.find(parts[1] ?? '') : undefined;
}

function prefixOf({ name }: TokenKey): string {
  return name === undefined ? unnamedPrefix : `${namedPrefix}${name}.`;
}

function readKeys(tokenKeys: string, connectionId: string): TokenKeys {
  const keys = parseTokenKeys(tokenKeys);
  if (keys === undefined) throw unreadable(connectionId);
  return keys;
}

function boundTo(prefix: string, connectionId: string): Buffer {
  return Buffer.from(`${prefix}${connectionId}`, 'utf8');
}

function unreadable(connectionId: string): StorageError {
  return new StorageError('TOKEN_UNREADABLE', { connectionId });
}
