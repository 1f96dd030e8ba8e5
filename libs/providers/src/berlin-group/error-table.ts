/**
 * What each message code of the standard means to us. Pure data; `classify-error.ts` looks it up, `provider-error-rules.ts` says what
 * follows. A test holds the rows to `published-error-codes.json`.
 *
 * Codes of calls that we never make are `REQUEST_REJECTED`: as an answer to one of ours they could only mean that the call is wrong.
 */
import type { ProviderErrorCode } from '../provider-error.ts';

export const berlinErrorTable = {
  // Of the day: four calls without the user, by account and path.
  ACCESS_EXCEEDED: 'THROTTLED',
  CERTIFICATE_BLOCKED: 'CONFIGURATION_REFUSED',
  CERTIFICATE_EXPIRED: 'CONFIGURATION_REFUSED',
  CERTIFICATE_INVALID: 'CONFIGURATION_REFUSED',
  CERTIFICATE_MISSING: 'CONFIGURATION_REFUSED',
  // As the file of 1.3.3 has it.
  CERTIFICATE_REVOKE: 'CONFIGURATION_REFUSED',
  CERTIFICATE_REVOKED: 'CONFIGURATION_REFUSED',
  CONSENT_EXPIRED: 'CONSENT_EXPIRED',
  // Of this account or call: a wider one may be given.
  CONSENT_INVALID: 'CONSENT_REQUIRED',
  CONSENT_UNKNOWN: 'CONSENT_REQUIRED',
  CORPORATE_ID_INVALID: 'CONSENT_REQUIRED',
  FORMAT_ERROR: 'REQUEST_REJECTED',
  PARAMETER_NOT_CONSISTENT: 'REQUEST_REJECTED',
  PARAMETER_NOT_SUPPORTED: 'REQUEST_REJECTED',
  PERIOD_INVALID: 'REQUEST_REJECTED',
  PSU_CREDENTIALS_INVALID: 'CONSENT_REQUIRED',
  REQUESTED_FORMATS_INVALID: 'REQUEST_REJECTED',
  // By the bank, through another channel: neither we nor a new consent can mend it.
  RESOURCE_BLOCKED: 'STATE_UNCLEAR',
  RESOURCE_EXPIRED: 'CONSENT_REQUIRED',
  // Of an account: it has left the consent since the list was read.
  RESOURCE_UNKNOWN: 'MUTATED_DURING_PAGINATION',
  ROLE_INVALID: 'CONFIGURATION_REFUSED',
  SCA_INVALID: 'REQUEST_REJECTED',
  SCA_METHOD_UNKNOWN: 'REQUEST_REJECTED',
  SERVICE_BLOCKED: 'STATE_UNCLEAR',
  SERVICE_INVALID: 'REQUEST_REJECTED',
  SESSIONS_NOT_SUPPORTED: 'REQUEST_REJECTED',
  SIGNATURE_INVALID: 'CONFIGURATION_REFUSED',
  SIGNATURE_MISSING: 'CONFIGURATION_REFUSED',
  STATUS_INVALID: 'REQUEST_REJECTED',
  TIMESTAMP_INVALID: 'REQUEST_REJECTED',
  // Said of a token that was renewed just now, or cannot be: then its end is the consent's.
  TOKEN_EXPIRED: 'CONSENT_EXPIRED',
  TOKEN_INVALID: 'CONSENT_EXPIRED',
  TOKEN_UNKNOWN: 'CONSENT_EXPIRED',
} as const satisfies Readonly<Record<string, ProviderErrorCode>>;
