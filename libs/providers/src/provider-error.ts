/** The one error class of this library. Callers branch on `code` and `outcome` only. */

/** How the pipeline must react, one per code: PROVIDER outcome classes of docs/errors.md. */
export type Outcome =
  /** Try again at once, with backoff. */
  | 'soon'
  /** Try again after `retryAfterMs`, or a quota window. */
  | 'throttled'
  /** Bank down or in maintenance: hours. */
  | 'later'
  /** Start the pagination loop over from its first cursor. */
  | 'restart'
  /** Drop the cursor and read everything again. */
  | 'resync'
  /** The provider is still collecting: its webhook or a slow poll will tell. */
  | 'not-ready'
  /** The user must act; the connection stops. */
  | 'user-action'
  /** Closed for good: said by a code that can mean nothing else. */
  | 'terminal'
  /** The answer can mean several things: the connection stays as it is, and is asked again in a day. */
  | 'unclear'
  /** Our keys, environment or contract are wrong: alert us, leave the connection as it is, ask again in an hour. */
  | 'configuration'
  /** Our request is wrong: alert, no retry. */
  | 'defect';

export const providerErrorOutcomes = {
  TIMEOUT: 'soon',
  UNREACHABLE: 'soon',
  SERVER_ERROR: 'soon',
  BODY_UNREADABLE: 'soon',
  BODY_TOO_LARGE: 'soon',
  PAGE_INVALID: 'soon',
  THROTTLED: 'throttled',
  INSTITUTION_DOWN: 'later',
  STATE_UNCLEAR: 'unclear',
  MUTATED_DURING_PAGINATION: 'restart',
  CURSOR_UNKNOWN: 'resync',
  NOT_READY: 'not-ready',
  LOGIN_REQUIRED: 'user-action',
  CONSENT_REQUIRED: 'user-action',
  CONSENT_EXPIRED: 'user-action',
  RELINK_REQUIRED: 'user-action',
  ACCESS_REVOKED: 'terminal',
  NO_LONGER_SUPPORTED: 'terminal',
  TOKEN_REFUSED: 'configuration',
  WRONG_ENVIRONMENT: 'configuration',
  CONFIGURATION_REFUSED: 'configuration',
  REQUEST_REJECTED: 'defect',
  URL_REFUSED: 'defect',
} as const satisfies Record<string, Outcome>;

export type ProviderErrorCode = keyof typeof providerErrorOutcomes;

/** Facts that help and that may be logged: never a name, an amount, a token or a body. */
export interface ProviderErrorFacts {
  readonly provider: string;
  readonly status?: number;
  /** The provider's own code, e.g. `ITEM_LOGIN_REQUIRED`. */
  readonly providerCode?: string;
  /** The provider's code is in none of its published lists: it was taken by its type. */
  readonly unlisted?: true;
  readonly requestId?: string;
  /** What the provider asked us to wait, or the window in which it counts its quota. */
  readonly retryAfterMs?: number;
  /**
   * For `PAGE_INVALID`: path, expectation and JSON type received, without values. For connection faults: the system's
   * code, e.g. `ECONNREFUSED`. Otherwise a few fixed words on what was wrong with the answer.
   */
  readonly detail?: string;
}

/** A provider call that did not give a usable page. Each code has a row in docs/errors.md. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly code: ProviderErrorCode;
  readonly outcome: Outcome;
  readonly facts: ProviderErrorFacts;

  constructor(code: ProviderErrorCode, facts: ProviderErrorFacts, options?: ErrorOptions) {
    super(`${code} ${JSON.stringify(facts)}`, options);
    this.code = code;
    this.outcome = providerErrorOutcomes[code];
    this.facts = facts;
  }
}
