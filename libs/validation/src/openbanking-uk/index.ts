/** The wire format of the UK's Open Banking. Apart from the root entry, since its validators exist only after their transform. */
export { checkAccount, checkBalance, checkEnvelope, checkError, checkTransaction } from './check.ts';
export {
  countAccountNews,
  countBalanceNews,
  countEnvelopeNews,
  countTransactionNews,
  type ObukNews,
} from './news.ts';
export { obukRedactionPolicy } from './redaction-policy.ts';
export { salvageAccount, salvageBalance, salvageTransaction } from './salvage.ts';
export type * from './wire-types.ts';
