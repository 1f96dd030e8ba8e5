/** The one error class of this library. Callers branch on `code` only. */

export type ValidationErrorCode =
  /** Not JSON. */
  | 'JSON_MALFORMED'
  /** JSON nested deeper than any provider's format: refused before anything recurses over it. */
  | 'JSON_TOO_DEEP'
  /** A value that has no canonical JSON: a float, `undefined`, a class instance, a cycle. */
  | 'NOT_CANONICAL'
  /** Amounts of two currencies were added or compared. */
  | 'CURRENCY_MISMATCH';

/** Facts that may be logged: lengths, positions and types, never a value. */
export type ValidationErrorFacts = Readonly<Record<string, string | number>>;

/** A value this library cannot work on. `cause` is never set: V8's own message for bad JSON quotes the text. */
export class ValidationError extends Error {
  override readonly name = 'ValidationError';
  readonly code: ValidationErrorCode;
  readonly facts: ValidationErrorFacts;

  constructor(code: ValidationErrorCode, facts: ValidationErrorFacts) {
    super(`${code} ${JSON.stringify(facts)}`);
    this.code = code;
    this.facts = facts;
  }
}
