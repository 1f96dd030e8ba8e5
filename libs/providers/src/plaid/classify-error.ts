/**
 * What a Plaid answer other than a page means. By `error_type` and `error_code`, never by the status alone: most bank
 * and Item faults are 400. Pure.
 * @see https://plaid.com/docs/errors/
 */
import { ProviderError, type ProviderErrorCode, providerErrorOutcomes } from '../provider-error.ts';
import { safeErrorCode, safeRequestId } from '../safe-identifier.ts';
import { plaidErrorTable, plaidErrorTypes } from './error-table.ts';

/** Plaid counts its quotas by the minute and promises no Retry-After. */
const quotaWindowMs = 60_000;

/** Longer than any error body of Plaid, and far shorter than most pages. */
const maxErrorChars = 65_536;

export interface PlaidAnswer {
  readonly status: number;
  /** `null` when no JSON text could be had. */
  readonly text: string | null;
  readonly retryAfterMs: number | undefined;
  /** Whether the call carried a cursor: one that did not cannot have sent a wrong one. */
  readonly sentCursor: boolean;
  /** The access token names another environment than the address that was called: `environment.ts`. */
  readonly foreignToken: boolean;
}

interface PlaidErrorBody {
  readonly error_type: string;
  readonly error_code: string;
  readonly error_code_reason?: unknown;
  readonly error_message?: unknown;
  readonly request_id?: unknown;
}

/** Never throws; the error holds nothing of the body but its code and its request id. */
export function classifyPlaidError(answer: PlaidAnswer): ProviderError {
  return errorOf(answer, parseErrorBody(answer.text));
}

/**
 * An error body under status 200: the body decides, not the status.
 * @returns `undefined` for everything else, which is left to the validation of pages
 */
export function findPlaidError(answer: PlaidAnswer): ProviderError | undefined {
  // No page is parsed twice for this: error bodies are small, and name the member.
  if (answer.text === null || answer.text.length > maxErrorChars || !answer.text.includes('"error_code"'))
    return undefined;
  const body = parseErrorBody(answer.text);
  return body && errorOf(answer, body);
}

function errorOf(answer: PlaidAnswer, body: PlaidErrorBody | undefined): ProviderError {
  const { code, unlisted } =
    body === undefined ? { code: codeOfStatus(answer.status), unlisted: false } : codeOfBody(body, answer);
  const retryAfterMs = answer.retryAfterMs ?? (code === 'THROTTLED' ? quotaWindowMs : undefined);
  const providerCode = safeErrorCode(body?.error_code);
  const requestId = safeRequestId(body?.request_id);
  return new ProviderError(code, {
    provider: 'plaid',
    status: answer.status,
    ...(providerCode !== undefined && { providerCode }),
    ...(unlisted && { unlisted }),
    ...(requestId !== undefined && { requestId }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(body === undefined && { detail: "not the provider's error shape" }),
  });
}

interface Meaning {
  readonly code: ProviderErrorCode;
  readonly unlisted: boolean;
}

function codeOfBody(body: PlaidErrorBody, answer: PlaidAnswer): Meaning {
  if (body.error_code === 'ITEM_LOGIN_REQUIRED' && body.error_code_reason === 'OAUTH_CONSENT_EXPIRED') {
    return { code: 'CONSENT_EXPIRED', unlisted: false };
  }
  if (body.error_code === 'INVALID_FIELD' && answer.sentCursor && namesCursor(body.error_message)) {
    return { code: 'CURSOR_UNKNOWN', unlisted: false };
  }
  const meaning = lookUp(body, answer.status);
  return answer.foreignToken && isAboutToken(meaning.code) ? { ...meaning, code: 'WRONG_ENVIRONMENT' } : meaning;
}

/** A token that belongs to another environment is unknown here, whatever has become of its Item there. */
function isAboutToken(code: ProviderErrorCode): boolean {
  return code === 'TOKEN_REFUSED' || providerErrorOutcomes[code] === 'terminal';
}

/** By type and code; by the code alone, since Plaid has moved some from one type to another; by the type, for a new code. */
function lookUp({ error_type, error_code }: PlaidErrorBody, status: number): Meaning {
  const table: Readonly<Record<string, Readonly<Record<string, ProviderErrorCode>>>> = plaidErrorTable;
  const ofType = own(table, error_type);
  const listed = (ofType && own(ofType, error_code)) ?? byCode.get(error_code);
  if (listed !== undefined) return { code: listed, unlisted: false };
  const types: Readonly<Record<string, ProviderErrorCode>> = plaidErrorTypes;
  return { code: own(types, error_type) ?? fallback(status), unlisted: true };
}

/** The first type that lists a code decides for other types: the table begins with what our own calls can get. */
const byCode: ReadonlyMap<string, ProviderErrorCode> = new Map(
  Object.values(plaidErrorTable)
    .flatMap((codes): [string, ProviderErrorCode][] => Object.entries(codes))
    .reverse(),
);

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
function own<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
