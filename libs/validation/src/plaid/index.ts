/** Plaid's wire format. Apart from the root entry, since its validators exist only after their transform. */

export type { Salvage } from '../salvage.ts';
export {
  checkAccountsEnvelope,
  checkError,
  checkRemoved,
  checkSyncEnvelope,
  checkVerificationKey,
} from './check.ts';
export { checkExchange, checkItem, checkLinkToken } from './check-link.ts';
export { checkWebhook, checkWebhookBase, type PlaidBareWebhookKind, type PlaidWebhook } from './check-webhook.ts';
export {
  countAccountNews,
  countEnvelopeNews,
  countRemovedNews,
  countTransactionNews,
  type News,
} from './news.ts';
export { accountRecord, transactionRecord } from './records.ts';
export { plaidRedactionPolicy } from './redaction-policy.ts';
export type * from './wire-types.ts';
