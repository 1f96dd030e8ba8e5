/**
 * What each error code that the standard publishes means to us. Pure data; `classify-error.ts` looks it up, `provider-error-rules.ts` says
 * what follows. Version 3.1 sends the name, 4.0 the four characters; a test holds the rows to `published-error-codes.json`.
 *
 * Errors of calls that we never make (payments, events) are `REQUEST_REJECTED`: as an answer to one of ours they could only mean that the
 * call is wrong.
 */
import type { ProviderErrorCode } from '../provider-error.ts';

export const obukErrorTable = {
  U000: ['UK.OBIE.UnexpectedError', 'SERVER_ERROR'],
  U001: ['UK.OBIE.Field.Expected', 'REQUEST_REJECTED'],
  U002: ['UK.OBIE.Field.Invalid', 'REQUEST_REJECTED'],
  U003: ['UK.OBIE.Field.InvalidDate', 'REQUEST_REJECTED'],
  U004: ['UK.OBIE.Field.Missing', 'REQUEST_REJECTED'],
  U005: ['UK.OBIE.Field.Unexpected', 'REQUEST_REJECTED'],
  U006: ['UK.OBIE.Header.Invalid', 'REQUEST_REJECTED'],
  U007: ['UK.OBIE.Header.Missing', 'REQUEST_REJECTED'],
  U008: ['UK.OBIE.Resource.ConsentMismatch', 'CONSENT_REQUIRED'],
  U009: ['UK.OBIE.Resource.InvalidConsentStatus', 'CONSENT_EXPIRED'],
  U010: ['UK.OBIE.Resource.InvalidFormat', 'REQUEST_REJECTED'],
  // Of an account: it has left the consent since the list was read.
  U011: ['UK.OBIE.Resource.NotFound', 'MUTATED_DURING_PAGINATION'],
  U012: ['UK.OBIE.Rules.AfterCutOffDateTime', 'REQUEST_REJECTED'],
  U013: ['UK.OBIE.Rules.DuplicateReference', 'REQUEST_REJECTED'],
  U014: ['UK.OBIE.Rules.FailsControlParameters', 'REQUEST_REJECTED'],
  U015: ['UK.OBIE.Signature.Invalid', 'CONFIGURATION_REFUSED'],
  U016: ['UK.OBIE.Signature.InvalidClaim', 'CONFIGURATION_REFUSED'],
  U017: ['UK.OBIE.Signature.MissingClaim', 'CONFIGURATION_REFUSED'],
  U018: ['UK.OBIE.Signature.Malformed', 'CONFIGURATION_REFUSED'],
  U019: ['UK.OBIE.Signature.Missing', 'CONFIGURATION_REFUSED'],
  U020: ['UK.OBIE.Signature.Unexpected', 'CONFIGURATION_REFUSED'],
  U021: ['UK.OBIE.Unsupported.AccountIdentifier', 'REQUEST_REJECTED'],
  U022: ['UK.OBIE.Unsupported.AccountSecondaryIdentifier', 'REQUEST_REJECTED'],
  U023: ['UK.OBIE.Unsupported.Currency', 'REQUEST_REJECTED'],
  U024: ['UK.OBIE.Unsupported.EventType', 'REQUEST_REJECTED'],
  U025: ['UK.OBIE.Unsupported.Frequency', 'REQUEST_REJECTED'],
  U026: ['UK.OBIE.Unsupported.LocalInstrument', 'REQUEST_REJECTED'],
  U027: ['UK.OBIE.Unsupported.Scheme', 'REQUEST_REJECTED'],
  U028: ['UK.OBIE.Reauthenticate', 'CONSENT_EXPIRED'],
  U029: ['UK.OBIE.Rules.ResourceAlreadyExists', 'REQUEST_REJECTED'],
} as const satisfies Readonly<Record<string, readonly [name: string, meaning: ProviderErrorCode]>>;
