/**
 * What a Plaid answer other than a page means. By `error_type` and `error_code`, never by the status alone: most bank
 * and Item faults are 400. Pure.
 * @see https://plaid.com/docs/errors/
 */
import { ProviderError, type ProviderErrorCode } from '../provider-error.ts';
import { safeErrorCode, safeRequestId } from '../safe-identifier.ts';

/** Plaid counts its quotas by the minute and promises no Retry-After. */
const quotaWindowMs = 60_000;

export interface PlaidAnswer {
  readonly status: number;
  /** `null` when no JSON text could be had. */
  readonly text: string | null;
  readonly retryAfterMs: number | undefined;
  /** Whether the call carried a cursor: one that did not cannot have sent a wrong one. */
  readonly sentCursor: boolean;
}

/** Codes that mean the same under any type: Plaid has moved some from one type to another. */
const byCode: Readonly<Record<string, ProviderErrorCode>> = {
  TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION: 'MUTATED_DURING_PAGINATION',
  PRODUCT_NOT_READY: 'NOT_READY',
  ITEM_LOGIN_REQUIRED: 'LOGIN_REQUIRED',
  ITEM_LOCKED: 'LOGIN_REQUIRED',
  INVALID_CREDENTIALS: 'LOGIN_REQUIRED',
  USER_SETUP_REQUIRED: 'LOGIN_REQUIRED',
  ITEM_NOT_FOUND: 'ACCESS_REVOKED',
  USER_PERMISSION_REVOKED: 'ACCESS_REVOKED',
  INVALID_ACCESS_TOKEN: 'ACCESS_REVOKED',
  NO_ACCOUNTS: 'ACCESS_REVOKED',
  INSTITUTION_NO_LONGER_SUPPORTED: 'NO_LONGER_SUPPORTED',
  UNSUPPORTED_RESPONSE: 'NO_LONGER_SUPPORTED',
  PLANNED_MAINTENANCE: 'INSTITUTION_DOWN',
};

/** For codes that are new to us: `INVALID_REQUEST`, `INVALID_INPUT` and all unnamed types are our mistake until shown otherwise. */
const byType: Readonly<Record<string, ProviderErrorCode>> = {
  RATE_LIMIT_EXCEEDED: 'THROTTLED',
  INSTITUTION_ERROR: 'INSTITUTION_DOWN',
  API_ERROR: 'SERVER_ERROR',
};

interface PlaidErrorBody {
  readonly error_type: string;
  readonly error_code: string;
  readonly error_code_reason?: unknown;
  readonly error_message?: unknown;
  readonly request_id?: unknown;
}

/** Never throws; the error holds nothing of the body but its code and its request id. */
export function classifyPlaidError(answer: PlaidAnswer): ProviderError {
  const body = parseErrorBody(answer.text);
  const code = body === undefined ? codeOfStatus(answer.status) : codeOfBody(body, answer);
  const retryAfterMs = answer.retryAfterMs ?? (code === 'THROTTLED' ? quotaWindowMs : undefined);
  const providerCode = safeErrorCode(body?.error_code);
  const requestId = safeRequestId(body?.request_id);
  return new ProviderError(code, {
    provider: 'plaid',
    status: answer.status,
    ...(providerCode !== undefined && { providerCode }),
    ...(requestId !== undefined && { requestId }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(body === undefined && { detail: "not the provider's error shape" }),
  });
}

function codeOfBody(body: PlaidErrorBody, answer: PlaidAnswer): ProviderErrorCode {
  if (body.error_code === 'ITEM_LOGIN_REQUIRED' && body.error_code_reason === 'OAUTH_CONSENT_EXPIRED') {
    return 'CONSENT_EXPIRED';
  }
  if (body.error_code === 'INVALID_FIELD' && answer.sentCursor && namesCursor(body.error_message)) {
    return 'CURSOR_UNKNOWN';
  }
  return own(byCode, body.error_code) ?? own(byType, body.error_type) ?? fallback(answer.status);
}

/** The one place that reads the unstable message: Plaid has no code of its own for a foreign cursor (webhookdb #646). */
function namesCursor(message: unknown): boolean {
  return typeof message === 'string' && /\bcursor\b/i.test(message);
}

function fallback(status: number): ProviderErrorCode {
  if (status === 429) return 'THROTTLED';
  return status >= 500 ? 'SERVER_ERROR' : 'REQUEST_REJECTED';
}

/** Without Plaid's own body the answer comes from something in between: a 400 in HTML has always been an outage. */
function codeOfStatus(status: number): ProviderErrorCode {
  if (status === 401 || status === 403) return 'REQUEST_REJECTED';
  if (status === 429) return 'THROTTLED';
  return status >= 500 ? 'SERVER_ERROR' : 'BODY_UNREADABLE';
}

function parseErrorBody(text: string | null): PlaidErrorBody | undefined {
  if (text === null) return undefined;
  try {
    const body: unknown = JSON.parse(text);
    return isErrorBody(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

function isErrorBody(body: unknown): body is PlaidErrorBody {
  return (
    typeof body === 'object' &&
    body !== null &&
    'error_type' in body &&
    typeof body.error_type === 'string' &&
    'error_code' in body &&
    typeof body.error_code === 'string'
  );
}

/** A code from outside is no key of ours when it is, say, `constructor`. */
function own(table: Readonly<Record<string, ProviderErrorCode>>, key: string): ProviderErrorCode | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
