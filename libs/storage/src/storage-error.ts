/** The one error class of this library. Callers branch on `code` only; each code has a row in docs/errors.md. */
export type StorageErrorCode =
  /** The table asked us to slow down until the deadline was over. */
  | 'TABLE_THROTTLED'
  /** No answer from the table. */
  | 'TABLE_UNREACHABLE'
  /** The table refused the request as such: configuration or a defect. */
  | 'TABLE_REJECTED'
  | 'DEADLINE_EXCEEDED'
  /** One record alone is over the table's item limit. */
  | 'ITEM_TOO_LARGE'
  /** A stored entry does not match its hash or its place in the chain. */
  | 'ENTRY_CORRUPT'
  /** No such connection. */
  | 'CONNECTION_UNKNOWN'
  /** A page of a reading of another history: the connection was erased and linked anew. */
  | 'VERSION_UNKNOWN'
  /** The connection is linked to another user. */
  | 'CONNECTION_TAKEN'
  /** The sealed token cannot be opened with this key. */
  | 'TOKEN_UNREADABLE';

/** Keys, versions and sizes only: never content. */
export type StorageErrorFacts = Readonly<Record<string, string | number>>;

export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: StorageErrorCode;
  readonly facts: StorageErrorFacts;

  constructor(code: StorageErrorCode, facts: StorageErrorFacts, options?: ErrorOptions) {
    super(`${code} ${JSON.stringify(facts)}`, options);
    this.code = code;
    this.facts = facts;
  }
}
