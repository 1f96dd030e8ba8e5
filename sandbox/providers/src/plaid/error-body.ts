/** Plaid's errors: one shape, and a code that says more than the HTTP status. */

/**
 * code: [HTTP status, error_type, error_message]. Codes of Plaid's published list that a call for transactions, accounts or an
 * Item can meet; those of its other products are left out. Messages as clients have reported them, some in our words.
 */
export const plaidErrors = {
  INVALID_API_KEYS: [400, 'INVALID_INPUT', 'invalid client_id or secret provided'],
  UNAUTHORIZED_ENVIRONMENT: [400, 'INVALID_INPUT', 'you are not authorized to access this api environment'],
  INVALID_ACCESS_TOKEN: [400, 'INVALID_INPUT', 'could not find matching access token'],
  INVALID_PUBLIC_TOKEN: [400, 'INVALID_INPUT', 'could not find matching public token'],
  INVALID_LINK_TOKEN: [400, 'INVALID_INPUT', 'invalid or expired link_token'],
  INVALID_WEBHOOK_VERIFICATION_KEY_ID: [400, 'INVALID_INPUT', 'invalid key_id provided'],
  INVALID_ACCOUNT_ID: [400, 'INVALID_INPUT', 'account_id is not one of this item'],
  INVALID_INSTITUTION: [400, 'INVALID_INPUT', 'invalid institution_id provided'],
  INVALID_PRODUCT: [400, 'INVALID_INPUT', 'client is not authorized to access this product'],
  PRODUCT_UNAVAILABLE: [400, 'INVALID_INPUT', 'the requested product is unavailable'],
  TOO_MANY_VERIFICATION_ATTEMPTS: [400, 'INVALID_INPUT', 'too many verification attempts'],
  USER_PERMISSION_REVOKED: [400, 'ITEM_ERROR', 'the holder of this account has revoked their permission'],
  INVALID_BODY: [400, 'INVALID_REQUEST', 'body could not be parsed as a JSON object'],
  INVALID_CONFIGURATION: [400, 'INVALID_REQUEST', 'please ensure you are instantiating the client correctly'],
  INVALID_FIELD: [400, 'INVALID_REQUEST', 'a field has a wrong value'],
  INVALID_HEADERS: [400, 'INVALID_REQUEST', 'the request has invalid headers'],
  INCOMPATIBLE_API_VERSION: [400, 'INVALID_REQUEST', 'the API version of the request is not compatible'],
  MISSING_FIELDS: [400, 'INVALID_REQUEST', 'the following required fields are missing'],
  NOT_FOUND: [404, 'INVALID_REQUEST', 'the requested endpoint was not found'],
  NO_LONGER_AVAILABLE: [404, 'INVALID_REQUEST', 'this endpoint has been discontinued'],
  SANDBOX_ONLY: [400, 'INVALID_REQUEST', 'this endpoint is only available in sandbox'],
  UNKNOWN_FIELDS: [400, 'INVALID_REQUEST', 'the following fields are not recognized by this endpoint'],
  LAST_UPDATED_DATETIME_OUT_OF_RANGE: [
    400,
    'INVALID_RESULT',
    'requested datetime out of range, most recently updated balance is older',
  ],
  PLAID_DIRECT_ITEM_IMPORT_RETURNED_INVALID_MFA: [400, 'INVALID_RESULT', 'the item returned an invalid mfa'],
  TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION: [
    400,
    'TRANSACTIONS_ERROR',
    'Underlying transaction data changed since last page was fetched. Please restart pagination from last update.',
  ],
  ACCESS_NOT_GRANTED: [400, 'ITEM_ERROR', 'access to this product was not granted for the account'],
  ADDITIONAL_CONSENT_REQUIRED: [400, 'ITEM_ERROR', 'client does not have user consent to access the product'],
  CANNOT_CONNECT_ACCOUNT: [400, 'ITEM_ERROR', 'the account cannot be connected'],
  INSTANT_MATCH_FAILED: [400, 'ITEM_ERROR', 'item cannot be initialized for instant match'],
  INSUFFICIENT_CREDENTIALS: [400, 'ITEM_ERROR', 'insufficient authorization was given to complete the request'],
  INVALID_CREDENTIALS: [400, 'ITEM_ERROR', 'the provided credentials were not correct'],
  INVALID_MFA: [400, 'ITEM_ERROR', 'the provided MFA response(s) were not correct'],
  INVALID_PHONE_NUMBER: [400, 'ITEM_ERROR', 'the submitted phone number was invalid'],
  INVALID_SEND_METHOD: [400, 'ITEM_ERROR', 'the provided MFA send method was invalid'],
  INVALID_UPDATED_USERNAME: [400, 'ITEM_ERROR', 'the username provided to update mode did not match the original one'],
  ITEM_CONCURRENTLY_DELETED: [400, 'ITEM_ERROR', 'this item was deleted while the operation was in progress'],
  ITEM_LOCKED: [400, 'ITEM_ERROR', 'the account is locked'],
  ITEM_LOGIN_REQUIRED: [
    400,
    'ITEM_ERROR',
    "the login details of this item have changed (credentials, MFA, or required user action) and a user login is required to update this information. use Link's update mode to restore the item to a good state",
  ],
  ITEM_NOT_FOUND: [400, 'ITEM_ERROR', 'the item you requested cannot be found'],
  ITEM_NOT_SUPPORTED: [400, 'ITEM_ERROR', 'this account is currently not supported'],
  MFA_NOT_SUPPORTED: [400, 'ITEM_ERROR', 'this account requires a MFA type that is not supported'],
  NO_ACCOUNTS: [400, 'ITEM_ERROR', 'no valid accounts were found for this item'],
  NO_AUTH_ACCOUNTS: [400, 'ITEM_ERROR', 'there are no valid checking or savings accounts associated with this item'],
  NO_INVESTMENT_ACCOUNTS: [400, 'ITEM_ERROR', 'there are no valid investment accounts associated with this item'],
  NO_INVESTMENT_AUTH_ACCOUNTS: [400, 'ITEM_ERROR', 'there are no valid investment accounts for this product'],
  NO_LIABILITY_ACCOUNTS: [400, 'ITEM_ERROR', 'there are no valid liability accounts associated with this item'],
  PASSWORD_RESET_REQUIRED: [400, 'ITEM_ERROR', 'user must reset their password'],
  PRODUCT_NOT_ENABLED: [400, 'ITEM_ERROR', 'a requested product was not enabled for the current access token'],
  PRODUCT_NOT_READY: [
    400,
    'ITEM_ERROR',
    'the requested product is not yet ready. please provide a webhook or try later',
  ],
  PRODUCTS_NOT_SUPPORTED: [400, 'ITEM_ERROR', 'these products are not supported by this institution'],
  USER_INPUT_TIMEOUT: [400, 'ITEM_ERROR', 'user must retry this operation'],
  USER_SETUP_REQUIRED: [400, 'ITEM_ERROR', 'the account has not been fully set up'],
  INSTITUTION_DOWN: [400, 'INSTITUTION_ERROR', 'this institution is not currently responding to this request'],
  INSTITUTION_NO_LONGER_SUPPORTED: [400, 'INSTITUTION_ERROR', 'this institution is no longer supported'],
  INSTITUTION_NOT_AVAILABLE: [400, 'INSTITUTION_ERROR', 'this institution is not currently available'],
  INSTITUTION_NOT_ENABLED_IN_ENVIRONMENT: [400, 'INSTITUTION_ERROR', 'institution not enabled in this environment'],
  INSTITUTION_NOT_FOUND: [400, 'INSTITUTION_ERROR', 'this institution was not found'],
  INSTITUTION_NOT_RESPONDING: [
    400,
    'INSTITUTION_ERROR',
    'this institution is not currently responding to this request',
  ],
  INSTITUTION_REGISTRATION_REQUIRED: [400, 'INSTITUTION_ERROR', 'institution not yet registered'],
  UNAUTHORIZED_INSTITUTION: [400, 'INSTITUTION_ERROR', 'not authorized to create items for this institution'],
  UNSUPPORTED_RESPONSE: [400, 'INSTITUTION_ERROR', 'the data returned from the financial institution is not supported'],
  ACCOUNTS_LIMIT: [
    429,
    'RATE_LIMIT_EXCEEDED',
    'rate limit exceeded for attempts to access this item. please try again later',
  ],
  ACCOUNTS_BALANCE_GET_LIMIT: [
    429,
    'RATE_LIMIT_EXCEEDED',
    'rate limit exceeded for attempts to access "accounts/balance/get". please try again later',
  ],
  ADDITION_LIMIT: [429, 'RATE_LIMIT_EXCEEDED', 'addition limit exceeded for this client_id'],
  BALANCE_LIMIT: [
    429,
    'RATE_LIMIT_EXCEEDED',
    'rate limit exceeded for attempts to access balances. please try again later',
  ],
  CREDITS_EXHAUSTED: [
    429,
    'RATE_LIMIT_EXCEEDED',
    'the free usage of this product is used up. request full access to production',
  ],
  INSTITUTION_RATE_LIMIT: [
    429,
    'RATE_LIMIT_EXCEEDED',
    'rate limit exceeded for attempts to access this institution. please try again later',
  ],
  ITEM_GET_LIMIT: [
    429,
    'RATE_LIMIT_EXCEEDED',
    'rate limit exceeded for attempts to access "item/get". please try again later',
  ],
  RATE_LIMIT: [429, 'RATE_LIMIT_EXCEEDED', 'rate limit exceeded. please try again later'],
  TRANSACTIONS_LIMIT: [
    429,
    'RATE_LIMIT_EXCEEDED',
    'rate limit exceeded for attempts to access transactions. please try again later',
  ],
  TRANSACTIONS_SYNC_LIMIT: [
    429,
    'RATE_LIMIT_EXCEEDED',
    'rate limit exceeded for attempts to access "transactions/sync". please try again later',
  ],
  INTERNAL_SERVER_ERROR: [500, 'API_ERROR', 'an unexpected error occurred'],
  PLANNED_MAINTENANCE: [503, 'API_ERROR', 'the Plaid API is temporarily unavailable due to planned maintenance'],
} as const satisfies Record<string, readonly [status: number, type: string, message: string]>;

export type PlaidErrorCode = keyof typeof plaidErrors;

export const plaidErrorCodes = Object.keys(plaidErrors) as readonly PlaidErrorCode[];

export interface PlaidErrorAnswer {
  readonly status: number;
  readonly body: string;
}

export interface PlaidErrorDetails {
  /** Instead of the usual one. */
  readonly message?: string;
  /** '' = none. */
  readonly reason?: string;
  /** '' = the code's own. */
  readonly type?: string;
  /** 0 = the code's own. */
  readonly status?: number;
}

const isKnown = (code: string): code is PlaidErrorCode => Object.hasOwn(plaidErrors, code);

/** @param code one of the list, or any other: an API_ERROR with status 400 unless told */
export function plaidError(code: string, requestId: string, details: PlaidErrorDetails = {}): PlaidErrorAnswer {
  const [usualStatus, usualType, usualMessage] = isKnown(code)
    ? plaidErrors[code]
    : ([400, 'API_ERROR', 'a new kind of error'] as const);
  const { message = usualMessage, reason = '', type = '', status = 0 } = details;
  const body = JSON.stringify({
    display_message: null,
    documentation_url: null,
    error_code: code,
    ...(reason === '' ? {} : { error_code_reason: reason }),
    error_message: message,
    error_type: type === '' ? usualType : type,
    request_id: requestId,
    suggested_action: null,
  });
  return { status: status === 0 ? usualStatus : status, body };
}
