/** ETags from versions, and 304 to a client that already has that version, before any transaction is read. Pure. */
import { hash } from 'node:crypto';
import type { Head } from '@quartersec/storage';
import type { ApiReply } from '../api/api-handler.ts';

const etagCharacters = 22;

/**
 * @param revision of the code that makes the answer
 * @param asked what was asked for, and by whom
 * @param heads the answer follows from them: the hash tells one history from another under the same id
 * @returns weak: it stands for what an answer says, not for its bytes
 */
export function etagOf(
  revision: string,
  asked: readonly unknown[],
  heads: readonly Pick<Head, 'connectionId' | 'version' | 'hash'>[],
): string {
  const from = heads.map(({ connectionId, version, hash: entryHash }) => [connectionId, version, entryHash]);
  return `W/"${hash('sha256', JSON.stringify([revision, asked, from]), 'base64url').slice(0, etagCharacters)}"`;
}

/** @see RFC 9110 section 13.1.2 */
export function hasAlready(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const opaque = (tag: string) => tag.trim().replace(/^W\//, '');
  return ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((tag) => opaque(tag) === opaque(etag));
}

/** For the user's own client alone, which asks each time whether it still holds. */
export function conditionalHeaders(etag: string): Readonly<Record<string, string>> {
  return { etag, 'cache-control': 'private, no-cache' };
}

export function notModified(etag: string): ApiReply<never> {
  return { status: 304, headers: conditionalHeaders(etag) };
}
