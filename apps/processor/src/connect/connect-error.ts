/** A call that cannot be done as it stands, for a reason that its caller can act on. */
export type ConnectErrorCode =
  /** The user has no such connection. */
  | 'CONNECTION_UNKNOWN'
  /** The public token is spent, expired or was never one. */
  | 'PUBLIC_TOKEN_REFUSED'
  /** The exchange is under way, or its answer was lost: nobody may make it again. */
  | 'EXCHANGE_UNSETTLED'
  /** Update mode cannot mend this connection: link the bank anew. */
  | 'RELINK_REQUIRED';

export class ConnectError extends Error {
  override readonly name = 'ConnectError';
  readonly code: ConnectErrorCode;

  constructor(code: ConnectErrorCode, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
  }
}
