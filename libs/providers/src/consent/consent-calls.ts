/**
 * What a standard offers whose user agrees at the bank itself: a consent, the way there and back (OAuth 2), tokens that are renewed, and
 * the end of it. One set of calls for each bank.
 */
import type { Deadline } from '@quartersec/sla';
import type { CallLimits } from '../connector.ts';
import type { ProviderError } from '../provider-error.ts';
import type { TokenSet } from './token-set.ts';

export interface ConsentWish {
  /** When the consent is to end; absent: the bank says, or never. */
  readonly expiresEpochMs?: number;
  /** How far back transactions are asked for; absent: all that the bank has. */
  readonly transactionsFromEpochMs?: number;
  /** Of the user, who is there. */
  readonly userIpAddress?: string;
}

/** What has to be kept until the user is back. `state` says whose it is, the rest is secret. */
export interface BegunConsent {
  readonly consentId: string;
  readonly state: string;
  /** Of OpenID Connect, where the standard has it. */
  readonly nonce?: string;
  /** PKCE, RFC 7636; absent where nothing but the consent's own state says whether the user has agreed. */
  readonly verifier?: string;
  /** Of the authorization server, where the consent has named it. */
  readonly metadataUrl?: string;
}

export interface BegunAuthorisation extends BegunConsent {
  /** Where the user is sent. */
  readonly authorizationUrl: string;
  /** The bank takes the address until then. */
  readonly urlExpiresEpochMs: number;
}

/** What came back with the user, as the redirect's parameters have it. */
export interface RedirectBack {
  readonly state: string;
  /** Absent where a bank sends the user back without one. */
  readonly code?: string;
  /** RFC 9207. */
  readonly iss?: string;
}

export type ConsentExchange =
  /** Without tokens where the consent alone, by its id, is the access. Whether it is authorised, `readConsent` alone says. */
  | { readonly outcome: 'granted'; readonly tokens?: TokenSet }
  /** The bank gives no access for it, or its answer cannot be believed. */
  | { readonly outcome: 'refused'; readonly error: ProviderError }
  /** Tokens may have been made that nobody has. */
  | { readonly outcome: 'unknown'; readonly error: ProviderError };

export interface ConsentState {
  /** `awaiting`: the user, or one of several, has not agreed yet. */
  readonly status: 'awaiting' | 'authorised' | 'ended';
  /** Absent where it has no end. */
  readonly expiresEpochMs?: number;
}

/** All of it throws {ProviderError}. */
export interface ConsentCalls {
  begin(wish: ConsentWish, deadline: Deadline): Promise<BegunAuthorisation>;
  /** Made once: a code is good once. Never throws a `ProviderError`. */
  exchange(back: RedirectBack, begun: BegunConsent): Promise<ConsentExchange>;
  /**
   * ONE attempt. The refresh token may be good once: what comes back has to be kept before it is used.
   * @throws {ProviderError} `CONSENT_EXPIRED` when the bank takes it no more
   */
  refresh(tokens: TokenSet, limits: CallLimits): Promise<TokenSet>;
  readConsent(consentId: string, deadline: Deadline): Promise<ConsentState>;
  /** @returns `gone` for one that the bank does not have (any more) */
  deleteConsent(consentId: string, deadline: Deadline): Promise<'deleted' | 'gone'>;
}
