/** The Retry-After header, in all the forms that providers have been seen to send. Pure. */

/** No provider asks for more than a day or two; a longer wait is a mistake and would strand the connection. */
const longestHonouredWaitMs = 7 * 86_400_000;

const seconds = /^\d+(\.\d+)?$/;
/** IMF-fixdate, RFC 850 and asctime. `Date.parse` alone also takes "-5" for a date. */
const httpDate = /^[A-Z][a-z]{2,8}(, \d{2}[ -][A-Z][a-z]{2}[ -]\d{2,4} | [A-Z][a-z]{2} [ \d]\d )\d{2}:\d{2}:\d{2}/;

/**
 * @param header the header's value; `undefined` when it was not sent
 * @param dateHeader the same answer's Date: with it a wrong clock on our side does no harm
 * @param nowEpochMs our wall clock, used where the answer has no Date
 * @returns ms, above 0 and at most 7 days; `undefined` when there is nothing to wait for: no header, a past date, or
 *   not a time at all. The caller then uses its own backoff: a NaN delay would mean "at once".
 * @see RFC 9110 section 10.2.3
 */
export function parseRetryAfterMs(
  header: string | undefined,
  dateHeader: string | undefined,
  nowEpochMs: number,
): number | undefined {
  if (header === undefined) return undefined;
  const value = header.trim();
  const waitMs = seconds.test(value)
    ? Math.ceil(Number(value) * 1_000)
    : parseHttpDate(value) - (parseHttpDate(dateHeader ?? '') || nowEpochMs);
  return waitMs > 0 ? Math.min(waitMs, longestHonouredWaitMs) : undefined;
}

/** @returns epoch ms, NaN when it is not an HTTP date */
function parseHttpDate(value: string): number {
  if (!httpDate.test(value)) return Number.NaN;
  return Date.parse(/GMT|UTC/.test(value) ? value : `${value} GMT`); // asctime names no zone and means GMT
}
