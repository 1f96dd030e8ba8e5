import { tupleHash } from './tuple-hash.ts';

/**
 * Our id of a transaction whose provider promises its id unique within the connection. The account is not part of it: a
 * transaction may move to another account, a removal notice may name no account or an old one, and the posted record of
 * a pending one may be in another account. The connection is, so that one user's ids say nothing about another's. Ids
 * are case sensitive and are taken verbatim.
 * @returns 22 characters, base64url
 */
export function transactionId(source: {
  readonly provider: string;
  readonly connectionId: string;
  readonly providerTransactionId: string;
}): string {
  // 't1' held the account as well.
  return tupleHash(['t2', source.provider, source.connectionId, source.providerTransactionId]);
}
