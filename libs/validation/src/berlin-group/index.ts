/** The wire format of the Berlin Group's NextGenPSD2. Apart from the root entry, since its validators exist only after their transform. */
export {
  checkAccounts,
  checkBalances,
  checkConsentCreated,
  checkConsentInformation,
  checkConsentStatus,
  checkScaStarted,
  checkTransactions,
} from './check.ts';
export { errorCodesOf } from './error-codes.ts';
export {
  countAccountNews,
  countAccountsNews,
  countBalanceNews,
  countBalancesNews,
  countTransactionNews,
  countTransactionsNews,
} from './news.ts';
export { accountRecord, balanceRecord, transactionRecord } from './records.ts';
export { berlinRedactionPolicy } from './redaction-policy.ts';
export type * from './wire-types.ts';
