/** Every reason for which the node itself gives up; each has a row in the README. */
export type DaxNodeErrorCode =
  | 'OPTIONS_INVALID'
  | 'PORT_IN_USE'
  | 'LISTEN_FAILED'
  | 'ENDPOINT_UNREACHABLE'
  | 'STATE_UNUSABLE'
  | 'VERSION_UNKNOWN'
  | 'SCOPES_EXHAUSTED'
  | 'STREAM_MALFORMED'
  | 'STREAM_TOO_LARGE';

/**
 * The node cannot start, or a peer does not speak the protocol. What a DAX client is told about one request is an
 * `AnswerError` instead. The message is written for people and names the remedy.
 */
export class DaxNodeError extends Error {
  override readonly name = 'DaxNodeError';
  readonly code: DaxNodeErrorCode;

  constructor(code: DaxNodeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A byte stream that is not the protocol: its connection is closed, nothing else is touched. */
export function malformed(what: string): DaxNodeError {
  return new DaxNodeError('STREAM_MALFORMED', what);
}
