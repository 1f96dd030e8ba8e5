import { tupleHash } from './tuple-hash.ts';

/**
 * Our id of a transaction that its provider names. It is made of what a provider's removal notice carries as well
 * (account and transaction id), so a removal finds its record without a look-up; and of the connection, so that one
 * user's ids say nothing about another's. Ids are case sensitive and are taken verbatim.
 * @returns 22 characters, base64url
 */
export function transactionId(source: {
  readonly provider: string;
  readonly connectionId: string;
  readonly providerAccountId: string;
  readonly providerTransactionId: string;
}): string {
  return tupleHash([
    't1',
    source.provider,
    source.connectionId,
    source.providerAccountId,
    source.providerTransactionId,
  ]);
}
