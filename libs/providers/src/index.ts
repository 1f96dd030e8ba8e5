export { type BerlinOptions, createBerlinConnector } from './berlin-group/connector.ts';
export { type BerlinConsentOptions, createBerlinConsentCalls } from './berlin-group/consent/calls.ts';
export { signRequests } from './berlin-group/sign-requests.ts';
export type { BerlinPage } from './berlin-group/standard.ts';
export { callWithRetries } from './call-with-retries.ts';
export type * from './connector.ts';
export type * from './consent/consent-calls.ts';
export { readTokenSet, secretOf, type TokenSet, writeTokenSet } from './consent/token-set.ts';
export {
  type AttemptReport,
  type FailedFetch,
  type FetchedPage,
  type FetchResult,
  type FetchTimes,
  fetchWithRetries,
  type RetryDeps,
} from './fetch-with-retries.ts';
export {
  createHttpClient,
  type HttpAnswer,
  type HttpCall,
  type HttpClient,
  type HttpClientOptions,
} from './http-client.ts';
export type { CallToOpen, ClientCertificate, OpenCall, Transport } from './open-call.ts';
export { createObukConnector, type ObukOptions } from './openbanking-uk/connector.ts';
export { createObukConsentCalls, type ObukConsentOptions } from './openbanking-uk/consent/calls.ts';
export { type ClientKey, readClientKey } from './openbanking-uk/consent/client-key.ts';
export { eventIdOf, reactToEvent } from './openbanking-uk/events/event-token.ts';
export { findIssuerKey } from './openbanking-uk/events/issuer-keys.ts';
export { createEventPoll, type PollEvents } from './openbanking-uk/events/poll-events.ts';
export { type EventIssuer, type VerifiedEvent, verifyEvent } from './openbanking-uk/events/verify-event.ts';
export type { ObukPage } from './openbanking-uk/standard.ts';
export { createPlaidConnector, type PlaidConnector, type PlaidOptions } from './plaid/connector.ts';
export {
  createPlaidLinkCalls,
  type Exchange,
  type LinkedItem,
  type LinkToken,
  type LinkTokenRequest,
  type PlaidLinkCalls,
  type PlaidLinkOptions,
} from './plaid/link-calls.ts';
export { normalisePlaidPage } from './plaid/normalise-page.ts';
export { type PlaidSyncPage, validatePlaidPage } from './plaid/validate-page.ts';
export { earliestMs, oldestMs, replayKeyOf, type WebhookRefusal } from './plaid/webhook/decide-webhook.ts';
export { reactToPlaidWebhook, type WebhookReaction } from './plaid/webhook/react-to-webhook.ts';
export {
  isExpired,
  type ReceivedWebhook,
  type VerifiedWebhook,
  verifyPlaidWebhook,
} from './plaid/webhook/verify-webhook.ts';
export {
  type Outcome,
  ProviderError,
  type ProviderErrorCode,
  type ProviderErrorFacts,
  providerErrorOutcomes,
} from './provider-error.ts';
export {
  type Actor,
  type AskAgain,
  isProviderErrorCode,
  type ProviderErrorRule,
  ruleOf,
  type StoppedStatus,
  type UserAction,
  userActionOf,
} from './provider-error-rules.ts';
export { createReadAhead, type ReadAhead } from './read-ahead.ts';
export { parseRetryAfterMs } from './retry-after.ts';
export { decideRetry, type FailedAttempt, type RetryDecision } from './retry-policy.ts';
export { createWebhookKeys, type KeyLookup, type WebhookKeys } from './webhook-keys.ts';
