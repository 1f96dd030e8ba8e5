/** Virtual days. A day is a whole number: days since 1970-01-01, as UTC counts them; no clock is ever read. */

const DAY_MS = 86_400_000;

export interface CalendarDay {
  /** YYYY-MM-DD. */
  readonly text: string;
  readonly dayOfMonth: number;
  /** 1 to 12. */
  readonly month: number;
}

const known = new Map<number, CalendarDay>(); // every connection lives the same days
const KNOWN_LIMIT = 50_000;

export function calendarDay(day: number): CalendarDay {
  const seen = known.get(day);
  if (seen !== undefined) return seen;
  const text = new Date(day * DAY_MS).toISOString().slice(0, 10);
  const made = { text, dayOfMonth: Number(text.slice(8)), month: Number(text.slice(5, 7)) };
  if (known.size >= KNOWN_LIMIT) known.clear();
  known.set(day, made);
  return made;
}

/** @throws {RangeError} when the text is no date of the form YYYY-MM-DD between 1970 and 2999 */
export function dayOf(text: string): number {
  const epochMs = /^(19[7-9]|2\d\d)\d-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(epochMs) || new Date(epochMs).toISOString().slice(0, 10) !== text) {
    throw new RangeError(`not a date of the form YYYY-MM-DD: ${text}`);
  }
  return epochMs / DAY_MS;
}
