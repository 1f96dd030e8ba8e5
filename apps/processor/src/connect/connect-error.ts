/** A call that cannot be done as it stands, for a reason that its caller can act on. */
export type ConnectErrorCode =
  /** The user has no such connection. */
  | 'CONNECTION_UNKNOWN'
  /** The public token is spent, expired or was never one. */
  | 'PUBLIC_TOKEN_REFUSED'
  /** The user has no such link under way: it was completed, is too old, or is another's. */
  | 'LINK_UNKNOWN'
  /** The bank gives no access: the user has refused, or its answer cannot be believed. */
  | 'ACCESS_NOT_GIVEN'
  /** The bank does not say yet that the user has agreed: the same call again asks it once more. */
  | 'ACCESS_PENDING'
  /** The provider has no such bank here, or none can be named with it. */
  | 'INSTITUTION_UNKNOWN'
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
