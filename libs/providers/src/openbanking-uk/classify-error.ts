/**
 * What an answer other than 200 means: by the codes of its OBErrorResponse1 where it has one, else by its status, for which the standard
 * defines no body (401, 404, 405, 406, 415, 429). Pure.
 */
import { checkError } from '@quartersec/validation/openbanking-uk';
import { meaningOfForeignBody, meaningOfStatus } from '../list-read/status-meaning.ts';
import { ProviderError, type ProviderErrorCode } from '../provider-error.ts';
import { safeErrorCode } from '../safe-identifier.ts';
import { obukErrorTable } from './error-table.ts';

export interface ObukAnswer {
  readonly status: number;
  /** `null` when no text could be had. */
  readonly text: string | null;
  readonly retryAfterMs: number | undefined;
  /** The call's `x-fapi-interaction-id`. */
  readonly requestId: string;
}

interface Meaning {
  readonly code: ProviderErrorCode;
  readonly providerCode?: string;
  readonly unlisted?: true;
}

const byCode: ReadonlyMap<string, readonly [name: string, meaning: ProviderErrorCode]> = new Map(
  Object.entries(obukErrorTable).flatMap(([code, row]) => [
    [code, row],
    [row[0], row],
  ]),
);

/** Never throws; the error holds nothing of the body but the standard's own code. */
export function classifyObukError({ status, text, retryAfterMs, requestId }: ObukAnswer): ProviderError {
  const codes = codesOf(text);
  const meaning = codes === undefined ? { code: meaningOfForeignBody(status, text) } : meaningOf(codes, status);
  return new ProviderError(meaning.code, {
    provider: 'openbanking-uk',
    status,
    requestId,
    ...(meaning.providerCode !== undefined && { providerCode: meaning.providerCode }),
    ...(meaning.unlisted && { unlisted: true }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(codes === undefined && { detail: 'no OBErrorResponse1' }),
  });
}

/** The first code that the standard has; banks put codes of their own beside it. */
function meaningOf(codes: readonly string[], status: number): Meaning {
  const row = codes.map((code) => byCode.get(code)).find((each) => each !== undefined);
  if (row === undefined) {
    const providerCode = safeErrorCode(codes[0]);
    return { code: meaningOfStatus(status), unlisted: true, ...(providerCode !== undefined && { providerCode }) };
  }
  const [providerCode, code] = row;
  if (status === 429) return { code: 'THROTTLED', providerCode };
  // Seen for a consent that is not authorised any more: nothing can be missing of what may not be looked at.
  if (status === 403 && code === 'MUTATED_DURING_PAGINATION') return { code: 'CONSENT_REQUIRED', providerCode };
  return { code, providerCode };
}

function codesOf(text: string | null): readonly string[] | undefined {
  if (text === null) return undefined;
  try {
    const checked = checkError(JSON.parse(text));
    return checked.ok && checked.value.Errors.length > 0
      ? checked.value.Errors.map(({ ErrorCode }) => ErrorCode)
      : undefined;
  } catch {
    return undefined;
  }
}
