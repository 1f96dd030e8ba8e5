/** Plaid's errors: one shape, and a code that says more than the HTTP status. */

/** code: [HTTP status, error_type, error_message]. Messages as clients have reported them in public. */
export const plaidErrors = {
  INVALID_API_KEYS: [400, 'INVALID_INPUT', 'invalid client_id or secret provided'],
  INVALID_ACCESS_TOKEN: [400, 'INVALID_INPUT', 'could not find matching access token'],
  INVALID_ACCOUNT_ID: [400, 'INVALID_INPUT', 'account_id is not one of this item'],
  INVALID_BODY: [400, 'INVALID_REQUEST', 'body could not be parsed as a JSON object'],
  INVALID_FIELD: [400, 'INVALID_REQUEST', 'a field has a wrong value'],
  MISSING_FIELDS: [400, 'INVALID_REQUEST', 'the following required fields are missing'],
  NOT_FOUND: [404, 'INVALID_REQUEST', 'the requested endpoint was not found'],
  TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION: [
    400,
    'TRANSACTIONS_ERROR',
    'Underlying transaction data changed since last page was fetched. Please restart pagination from last update.',
  ],
  ITEM_LOGIN_REQUIRED: [
    400,
    'ITEM_ERROR',
    "the login details of this item have changed (credentials, MFA, or required user action) and a user login is required to update this information. use Link's update mode to restore the item to a good state",
  ],
  ITEM_LOCKED: [400, 'ITEM_ERROR', 'the account is locked'],
  ITEM_NOT_FOUND: [400, 'ITEM_ERROR', 'the item you requested cannot be found'],
  USER_PERMISSION_REVOKED: [400, 'ITEM_ERROR', 'the holder of this account has revoked their permission'],
  PRODUCT_NOT_READY: [
    400,
    'ITEM_ERROR',
    'the requested product is not yet ready. please provide a webhook or try later',
  ],
  INSTITUTION_DOWN: [400, 'INSTITUTION_ERROR', 'this institution is not currently responding to this request'],
  INSTITUTION_NOT_RESPONDING: [
    400,
    'INSTITUTION_ERROR',
    'this institution is not currently responding to this request',
  ],
  INSTITUTION_NO_LONGER_SUPPORTED: [400, 'INSTITUTION_ERROR', 'this institution is no longer supported'],
  TRANSACTIONS_SYNC_LIMIT: [
    429,
    'RATE_LIMIT_EXCEEDED',
    'rate limit exceeded for attempts to access "transactions/sync". please try again later',
  ],
  ACCOUNTS_LIMIT: [
    429,
    'RATE_LIMIT_EXCEEDED',
    'rate limit exceeded for attempts to access this item. please try again later',
  ],
  RATE_LIMIT: [429, 'RATE_LIMIT_EXCEEDED', 'rate limit exceeded. please try again later'],
  INTERNAL_SERVER_ERROR: [500, 'API_ERROR', 'an unexpected error occurred'],
  PLANNED_MAINTENANCE: [503, 'API_ERROR', 'the Plaid API is temporarily unavailable due to planned maintenance'],
} as const satisfies Record<string, readonly [status: number, type: string, message: string]>;

export type PlaidErrorCode = keyof typeof plaidErrors;

export const plaidErrorCodes = Object.keys(plaidErrors) as readonly PlaidErrorCode[];

export interface PlaidErrorAnswer {
  readonly code: PlaidErrorCode;
  readonly status: number;
  readonly body: string;
}

/** @param message instead of the usual one */
export function plaidError(
  code: PlaidErrorCode,
  requestId: string,
  { message, reason = '' }: { readonly message?: string; readonly reason?: string } = {},
): PlaidErrorAnswer {
  const [status, type, usual] = plaidErrors[code];
  const body = JSON.stringify({
    display_message: null,
    documentation_url: null,
    error_code: code,
    ...(reason === '' ? {} : { error_code_reason: reason }),
    error_message: message ?? usual,
    error_type: type,
    request_id: requestId,
    suggested_action: null,
  });
  return { code, status, body };
}
