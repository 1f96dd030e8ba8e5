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

/**
 * Our id of a transaction whose provider promises less: an id that is optional, unique within its account at most, or used again. What
 * tells it apart is the connector's to say.
 * @param parts well-formed Unicode, the first one a name for the kind of identity
 * @returns 22 characters, base64url
 */
export function accountTransactionId(
  source: { readonly provider: string; readonly connectionId: string; readonly accountId: string },
  parts: readonly string[],
): string {
  return tupleHash(['t3', source.provider, source.connectionId, source.accountId, ...parts]);
}
