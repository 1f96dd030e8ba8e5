export type * from './model.ts';
export { connectionPk, entrySk, genesisHash, headSk } from './model.ts';
export { StorageError, type StorageErrorCode, type StorageErrorFacts } from './storage-error.ts';
export type * from './table.ts';
