/**
 * What an answer other than a list means: by the message codes of its body where it has one, else by its status, for some of which the
 * standard defines no body (408, 415, 500, 503). Pure.
 */
import { errorCodesOf } from '@quartersec/validation/berlin-group';
import { meaningOfForeignBody, meaningOfStatus } from '../list-read/status-meaning.ts';
import { ProviderError, type ProviderErrorCode } from '../provider-error.ts';
import { safeErrorCode } from '../safe-identifier.ts';
import { berlinErrorTable } from './error-table.ts';

export interface BerlinAnswer {
  readonly status: number;
  /** `null` when no text could be had. */
  readonly text: string | null;
  readonly retryAfterMs: number | undefined;
  /** The call's `X-Request-ID`. */
  readonly requestId: string;
  readonly nowEpochMs: number;
}

interface Meaning {
  readonly code: ProviderErrorCode;
  readonly providerCode?: string;
  readonly unlisted?: true;
}

const byCode: ReadonlyMap<string, ProviderErrorCode> = new Map(Object.entries(berlinErrorTable));

/** Longer than any error body, and shorter than most lists. */
const maxErrorChars = 16_384;

const dayMs = 86_400_000;
const shortestWaitMs = 60_000;

/** Never throws; the error holds nothing of the body but the standard's own code. */
export function classifyBerlinError(answer: BerlinAnswer): ProviderError {
  const codes = codesIn(answer.text);
  const { status } = answer;
  const meaning = codes === undefined ? { code: meaningOfForeignBody(status, answer.text) } : meaningOf(codes, status);
  return errorOf(answer, meaning, codes === undefined);
}

/**
 * An error under status 200: the body decides, not the status. A warning beside a list is none.
 * @returns `undefined` for everything else, which is left to the validation of pages
 */
export function findBerlinError(answer: BerlinAnswer): ProviderError | undefined {
  const { text } = answer;
  if (text === null || text.length > maxErrorChars || !text.includes('"tppMessages"')) return undefined;
  const codes = codesIn(text);
  return codes?.some((code) => byCode.has(code)) ? errorOf(answer, meaningOf(codes, answer.status), false) : undefined;
}

function errorOf(answer: BerlinAnswer, { code, providerCode, unlisted }: Meaning, isForeign: boolean): ProviderError {
  const retryAfterMs =
    answer.retryAfterMs ?? (providerCode === 'ACCESS_EXCEEDED' ? msToNextDay(answer.nowEpochMs) : undefined);
  return new ProviderError(code, {
    provider: 'berlin-group',
    status: answer.status,
    requestId: answer.requestId,
    ...(providerCode !== undefined && { providerCode }),
    ...(unlisted && { unlisted }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(isForeign && { detail: 'no error body of the standard' }),
  });
}

/** The first code that the standard has; banks put codes of their own beside it. */
function meaningOf(codes: readonly string[], status: number): Meaning {
  const providerCode = codes.find((code) => byCode.has(code));
  const code = byCode.get(providerCode ?? '');
  if (providerCode === undefined || code === undefined) {
    const own = safeErrorCode(codes[0]);
    return { code: meaningOfStatus(status), unlisted: true, ...(own !== undefined && { providerCode: own }) };
  }
  if (status === 429) return { code: 'THROTTLED', providerCode };
  // What may not be looked at any more cannot be missing.
  if (status === 403 && code === 'MUTATED_DURING_PAGINATION') return { code: 'CONSENT_REQUIRED', providerCode };
  return { code, providerCode };
}

/** Quotas are of the bank's day. Europe's begin before the UTC one, or with it. */
function msToNextDay(nowEpochMs: number): number {
  return Math.max(shortestWaitMs, dayMs - (nowEpochMs % dayMs));
}

function codesIn(text: string | null): readonly string[] | undefined {
  if (text === null) return undefined;
  try {
    return errorCodesOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}
