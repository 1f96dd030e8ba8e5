/**
 * What follows from each provider error: who has to act, what is stored of it, and when the provider is asked again. One row a
 * code, for all providers. Pure data: the pipeline, the pages and the app's view of a connection read it.
 */
import { type Outcome, type ProviderErrorCode, providerErrorOutcomes } from './provider-error.ts';

/** Whose problem it is. */
export type Actor = 'nobody' | 'bank' | 'user' | 'us';

/** What a user can do about it: through the provider's update flow, by giving consent again there, or with a new link. */
export type UserAction = 'none' | 'update-mode' | 're-consent' | 'relink';

/** The status that a connection is given; `null` leaves the one that it has. */
export type StoppedStatus = 'login-required' | 'consent-required' | 'consent-expired' | 'relink-required' | 'revoked';

/** When the provider is asked again. Lengths: `retry-policy.ts`, and `probe` once a day. */
export type AskAgain =
  /** Up to 3 times within the event, then by the queue's redelivery. */
  | 'at once'
  /** As long as the provider asks, else its quota window, doubled each time up to an hour. */
  | 'quota window'
  | 'ten minutes'
  /** Five minutes or as long as the bank asks, doubled each time up to an hour. */
  | 'five minutes, doubled'
  | 'hour'
  | 'day'
  /** Once a day, and at once when the user or a webhook of the provider says so. */
  | 'probe'
  /** Only when the user says so. */
  | 'never'
  /** By the queue's redelivery alone. */
  | 'redelivery';

export interface ProviderErrorRule {
  readonly outcome: Outcome;
  readonly status: StoppedStatus | null;
  readonly actor: Actor;
  readonly userAction: UserAction;
  readonly askAgain: AskAgain;
}

const transient = { status: null, actor: 'nobody', userAction: 'none', askAgain: 'at once' } as const;
const defect = { status: null, actor: 'us', userAction: 'none', askAgain: 'redelivery' } as const;
const configuration = { status: null, actor: 'us', userAction: 'none', askAgain: 'hour' } as const;
const stopped = { actor: 'user', askAgain: 'probe' } as const;
const ended = { status: 'revoked', actor: 'user', userAction: 'relink', askAgain: 'never' } as const;

const rules = {
  TIMEOUT: transient,
  UNREACHABLE: transient,
  SERVER_ERROR: transient,
  BODY_UNREADABLE: transient,
  BODY_TOO_LARGE: transient,
  PAGE_INVALID: transient,
  THROTTLED: { status: null, actor: 'nobody', userAction: 'none', askAgain: 'quota window' },
  INSTITUTION_DOWN: { status: null, actor: 'bank', userAction: 'none', askAgain: 'five minutes, doubled' },
  STATE_UNCLEAR: { status: null, actor: 'bank', userAction: 'none', askAgain: 'day' },
  NOT_READY: { status: null, actor: 'nobody', userAction: 'none', askAgain: 'ten minutes' },
  MUTATED_DURING_PAGINATION: transient,
  CURSOR_UNKNOWN: transient,
  LOGIN_REQUIRED: { ...stopped, status: 'login-required', userAction: 'update-mode' },
  CONSENT_REQUIRED: { ...stopped, status: 'consent-required', userAction: 're-consent' },
  CONSENT_EXPIRED: { ...stopped, status: 'consent-expired', userAction: 're-consent' },
  RELINK_REQUIRED: { ...stopped, status: 'relink-required', userAction: 'relink' },
  ACCESS_REVOKED: ended,
  NO_LONGER_SUPPORTED: ended,
  TOKEN_REFUSED: configuration,
  WRONG_ENVIRONMENT: configuration,
  CONFIGURATION_REFUSED: configuration,
  REQUEST_REJECTED: defect,
  URL_REFUSED: defect,
} as const satisfies Record<ProviderErrorCode, Omit<ProviderErrorRule, 'outcome'>>;

export function ruleOf(code: ProviderErrorCode): ProviderErrorRule {
  return { ...rules[code], outcome: providerErrorOutcomes[code] };
}

/**
 * What the user of a connection can do, to be shown by an app. Derived when it is read, never stored.
 * @param reason the stored reason of the connection's status; `null` while there is none
 */
export function userActionOf(reason: string | null): UserAction {
  return isProviderErrorCode(reason) ? rules[reason].userAction : 'none';
}

/** A stored reason may be a code that a later version has dropped, or another library's. */
export function isProviderErrorCode(reason: string | null): reason is ProviderErrorCode {
  return reason !== null && Object.hasOwn(rules, reason);
}
