/** The processor's own error class. Callers branch on `code` only; each code has a row in docs/errors.md. */
export type ProcessorErrorCode =
  /** The input is not a `SyncRequested`. */
  | 'EVENT_MALFORMED'
  /** The connection's provider has no connector here. */
  | 'PROVIDER_UNSUPPORTED'
  /** The provider kept changing the data while we paged through it. */
  | 'PAGINATION_UNSTABLE'
  /** The provider promises more and leads to a cursor that this loop has been at: it would go round for ever. */
  | 'PAGINATION_STUCK'
  /** Other runs of the same connection kept winning. */
  | 'CONFLICTS_UNRESOLVED'
  /** A run did not end by itself within its deadline. */
  | 'EVENT_HUNG'
  /** An environment variable is missing or wrong. */
  | 'CONFIGURATION_INVALID'
  /** The queue did not take a message. */
  | 'QUEUE_UNAVAILABLE'
  /** Anything we did not foresee: a defect. */
  | 'UNEXPECTED';

export class ProcessorError extends Error {
  override readonly name = 'ProcessorError';
  readonly code: ProcessorErrorCode;
  /** Ids, names of variables, counts: never data of a user. */
  readonly facts: Readonly<Record<string, string | number>>;

  constructor(code: ProcessorErrorCode, facts: ProcessorError['facts'], options?: ErrorOptions) {
    super(`${code} ${JSON.stringify(facts)}`, options);
    this.code = code;
    this.facts = facts;
  }
}
