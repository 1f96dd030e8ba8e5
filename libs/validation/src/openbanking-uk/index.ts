/** The wire format of the UK's Open Banking. Apart from the root entry, since its validators exist only after their transform. */
export { checkConsent, checkEnvelope, checkError } from './check.ts';
export {
  countAccountNews,
  countBalanceNews,
  countEnvelopeNews,
  countTransactionNews,
} from './news.ts';
export { accountRecord, balanceRecord, transactionRecord } from './records.ts';
export { obukRedactionPolicy } from './redaction-policy.ts';
export type * from './wire-types.ts';
