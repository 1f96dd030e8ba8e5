import type { Account } from './canonical.ts';
import { tupleHash } from './tuple-hash.ts';

/**
 * Our id of an account, over the strongest identifier its provider gives, so that it survives a relink where that does.
 * @param source `currency` only where one identifier names accounts in several (an IBAN); else `null`
 * @returns 22 characters, base64url
 */
export function accountId(source: {
  readonly provider: string;
  readonly institutionId: string;
  readonly identityBasis: Account['identityBasis'];
  readonly identifier: string;
  readonly currency: string | null;
}): string {
  return tupleHash([
    'a1',
    source.provider,
    source.institutionId,
    source.identityBasis,
    source.identifier,
    source.currency ?? '',
  ]);
}
