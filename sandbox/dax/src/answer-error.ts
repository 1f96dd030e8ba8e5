/**
 * An error as a DAX client receives it: a vector of ints that its exception classes are chosen by, a text, and the
 * details from which it takes codes that it has no class for.
 */
import type { AttributeValue } from './attribute-value.ts';
import { CborWriter } from './cbor-writer.ts';

/** Why one item of a transaction was refused. `item` is the old item, when the request asked for it. */
export interface CancellationReason {
  readonly code: string;
  readonly message?: string | undefined;
  readonly item?: Record<string, AttributeValue> | undefined;
}

const VECTORS: ReadonlyMap<string, readonly number[]> = new Map([
  ['ProvisionedThroughputExceededException', [4, 37, 38, 39, 40]],
  ['ResourceNotFoundException', [4, 37, 38, 39, 41]],
  ['ConditionalCheckFailedException', [4, 37, 38, 39, 43]],
  ['ResourceInUseException', [4, 37, 38, 39, 45]],
  ['ValidationException', [4, 37, 38, 39, 46]],
  ['InternalServerError', [4, 37, 38, 39, 47]],
  ['ItemCollectionSizeLimitExceededException', [4, 37, 38, 39, 48]],
  ['LimitExceededException', [4, 37, 38, 39, 49]],
  ['ThrottlingException', [4, 37, 38, 39, 50]],
  ['TransactionConflictException', [4, 37, 38, 39, 57]],
  ['TransactionCanceledException', [4, 37, 38, 39, 58]],
  ['TransactionInProgressException', [4, 37, 38, 39, 59]],
  ['IdempotentParameterMismatchException', [4, 37, 38, 39, 60]],
  ['RequestLimitExceeded', [4, 37, 38, 39, 61]],
  ['AccessDeniedException', [4, 37, 38, 42]],
]);
/** Any other code: the client reads it from the details. */
const OTHER = [4, 37, 38, 39, 0];
/** Nothing reached the backend: every client may send the request again, writes too. */
const NOT_SENT = [1, 37, 38, 39, 0];

export interface AnswerErrorOptions extends ErrorOptions {
  readonly httpStatus?: number | undefined;
  readonly requestId?: string | undefined;
  readonly reasons?: readonly CancellationReason[] | undefined;
  /** The request surely had no effect, so the client may repeat it. */
  readonly notSent?: boolean | undefined;
  /** A write went out and its answer was lost: the item may be either version. */
  readonly outcomeUnknown?: boolean | undefined;
}

/** One request failed; the connection goes on. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
  /** DynamoDB's name of the error. */
  readonly code: string;
  readonly httpStatus: number;
  readonly requestId: string | undefined;
  readonly reasons: readonly CancellationReason[] | undefined;
  readonly notSent: boolean;
  readonly outcomeUnknown: boolean;

  constructor(code: string, message: string, options: AnswerErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.httpStatus = options.httpStatus ?? (code === 'InternalServerError' ? 500 : 400);
    this.requestId = options.requestId;
    this.reasons = options.reasons;
    this.notSent = options.notSent ?? false;
    this.outcomeUnknown = options.outcomeUnknown ?? false;
  }

  get vector(): readonly number[] {
    return this.notSent ? NOT_SENT : (VECTORS.get(this.code) ?? OTHER);
  }
}

/**
 * Bytes of an error answer.
 * @param encodeItem turns the item of a cancellation reason into a stream item; index is the place in the request
 */
export function encodeError(
  error: AnswerError,
  encodeItem: (item: Record<string, AttributeValue>, index: number) => Buffer | undefined = () => undefined,
): Buffer {
  const writer = new CborWriter(256);
  const { vector, reasons } = error;
  writer.arrayHeader(vector.length);
  for (const code of vector) writer.integer(code);
  writer.text(error.message);
  writer.arrayHeader(reasons === undefined ? 3 : 4);
  if (error.requestId === undefined) writer.null();
  else writer.text(error.requestId);
  writer.text(error.code).integer(error.httpStatus);
  if (reasons === undefined) return writer.finish();
  writer.arrayHeader(reasons.length * 3);
  for (const [index, reason] of reasons.entries()) {
    writer.text(reason.code);
    if (reason.message === undefined) writer.null();
    else writer.text(reason.message);
    const item = reason.item === undefined ? undefined : encodeItem(reason.item, index);
    if (item === undefined) writer.null();
    else writer.bytes(item);
  }
  return writer.finish();
}
