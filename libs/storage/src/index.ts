export { createGrantRecords, type GrantRecords, grantSk, type StoredGrant } from './access-grant.ts';
export { type AsideRead, type OpenedAside, readAside, removeAside } from './aside.ts';
export { auditTable } from './audit.ts';
export type { AuditCode, AuditFinding, AuditReport } from './audit-finding.ts';
export { brokenOffAfterMs, eraseBrokenOffLink } from './broken-off-link.ts';
export { compareWithRead, type ProviderDifferences, standingAfter } from './compare-with-read.ts';
export {
  type ItemName,
  itemLinkKey,
  listShards,
  parseListKey,
  putItemLink,
  putOnList,
  readItemLink,
  readListed,
} from './connection-links.ts';
export { type DaxTable, type DaxTableOptions, openDaxTable } from './dax-table.ts';
export { dictionaryOf, newestDictionaryId } from './dictionaries.ts';
export { createDynamoDbClient, createSdkSend, type DynamoDbClientOptions } from './dynamodb-client.ts';
export type { DynamoDbAnswer, DynamoDbRequest } from './dynamodb-requests.ts';
export { createDynamoDbTable, type DynamoDbSend, type DynamoDbTableDeps } from './dynamodb-table.ts';
export { openEntry, sealEntry } from './entry-codec.ts';
export { entryHash } from './entry-hash.ts';
export { readEntries, walkEntries } from './entry-reader.ts';
export { parseErasureKey } from './erasure-mark.ts';
export {
  createExchangeRecords,
  type ExchangeName,
  type ExchangeRecords,
  type ExchangeState,
} from './exchange-record.ts';
export { createFaultyTable, type PutFault } from './faulty-table.ts';
export { closeUnlisted } from './fold-accounts.ts';
export type { JournalChange } from './fold-changes.ts';
export { foldHead, loopKindOf } from './fold-head.ts';
export { createFoldMemory, type FoldMemory } from './fold-memory.ts';
export {
  type ConnectionFold,
  type CurrentTransaction,
  createConnectionFold,
  type Doubt,
  foldTransactions,
  suspectRecords,
} from './fold-transactions.ts';
export { endErasures, forgetConnection } from './forget.ts';
export { decodeHead, encodeHead } from './head-codec.ts';
export {
  type FeedbackVerdict,
  feedbackKey,
  type InsightFeedback,
  putFeedback,
  readFeedback,
} from './insight-feedback.ts';
export {
  encodeInsightState,
  type InsightState,
  insightStateKey,
  readInsightState,
  saveInsightState,
} from './insight-state.ts';
export { itemBytes, itemWriteUnits } from './item-rules.ts';
export { joinGets } from './join-gets.ts';
export { type AppendResult, createJournal, type Journal, type JournalDeps, rollForward } from './journal.ts';
export { type LinkRequest, linkConnection } from './link-connection.ts';
export { createMemoryTable } from './memory-table.ts';
export type * from './model.ts';
export { connectionPk, entrySk, genesisHash, headSk, insightsSk } from './model.ts';
export { unpackText } from './packed-text.ts';
export { createPendingLinks, type PendingLinks, type PendingName, sealedFor } from './pending-link.ts';
export {
  putAllQuarantined,
  putQuarantined,
  type QuarantineOptions,
  readQuarantined,
  type StoredQuarantine,
} from './quarantine.ts';
export { type QuarantineRow, summariseQuarantines } from './quarantine-summary.ts';
export { splitRandomTexts } from './random-texts.ts';
export {
  type ChangePosition,
  type ChangesRead,
  firstPosition,
  type PlacedChange,
  positionAt,
  readChanges,
} from './read-changes.ts';
export {
  type PageOptions,
  type PagePosition,
  readFold,
  readTransactionPage,
  readTransactions,
  type TransactionPage,
  type TransactionsRead,
} from './read-transactions.ts';
export { readUser, type StoredUser } from './read-user.ts';
export { compareNewestFirst, type ReadingPlace, readingDate, readingPlace } from './reading-order.ts';
export { type Rebuilt, rebuildHead } from './rebuild.ts';
export { type RekeyOptions, type RekeyReport, rekeyTable } from './rekey.ts';
export { type ShownEntry, showEntry } from './show-entry.ts';
export { createSignedSend, type SignedSendOptions } from './signed-send.ts';
export { splitAccountList } from './split-account-list.ts';
export { partLimitBytes, splitPage } from './split-page.ts';
export { StorageError, type StorageErrorCode, type StorageErrorFacts } from './storage-error.ts';
export type * from './table.ts';
export { createTableIfMissing, tableDefinition, timeToLiveAttribute } from './table-definition.ts';
export { parseTokenKeys } from './token-keys.ts';
export { isSealedAnew, openToken, type SealOptions, sealToken } from './token-seal.ts';
export { readConnectionIds } from './user-link.ts';
