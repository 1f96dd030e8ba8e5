export { accountId } from './account-id.ts';
export type * from './canonical.ts';
export { type CanonicalValue, canonicalJson } from './canonical-json.ts';
export { connectionIdOf } from './connection-id.ts';
export { contentHash, hasOwnContentHash, type TransactionContent, withContentHash } from './content-hash.ts';
export { currencyExponent } from './currency.ts';
export { type DocumentShape, parseDocument } from './damaged-json.ts';
export { damaged, ExactNumber, MAX_JSON_DEPTH, parseExact } from './exact-json.ts';
export { stringifyExact } from './exact-text.ts';
export { addDays, isDateTime, isLocalDate, isMidnight } from './local-date.ts';
export {
  addMoney,
  type CurrencyClaim,
  compareMoney,
  type MoneyReading,
  type MoneyRefusal,
  moneySign,
  negateMoney,
  readCurrency,
  readNumberMoney,
  readTextMoney,
} from './money.ts';
export type { RecordKind } from './record-kind.ts';
export { type RedactionPolicy, type RedactionRule, redactRecord } from './redact-record.ts';
export type { Salvage } from './salvage.ts';
export type { SchemaDrift } from './schema-drift.ts';
export { accountTransactionId, transactionId } from './transaction-id.ts';
export { tupleHash } from './tuple-hash.ts';
export { ValidationError, type ValidationErrorCode, type ValidationErrorFacts } from './validation-error.ts';
export { type Checked, issueUnder, type JsonType, jsonTypeOf, type ValidationIssue } from './validation-issue.ts';
