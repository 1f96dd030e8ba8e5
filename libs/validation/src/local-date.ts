/** Dates as text, the way providers print them: checked against the calendar, never converted between zones. */

const LOCAL_DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const DATE_TIME =
  /^([0-9-]{10})T([01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]{1,9})?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$/;
const MIDNIGHT = /T00:00:00(?:\.0+)?(?:Z|[+-])/;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DAY_MS = 86_400_000;

/** Whether the text is YYYY-MM-DD and a day of the calendar: 2024-02-29 is, 2023-02-29 and 2023-6-1 are not. */
export function isLocalDate(text: string): boolean {
  const parts = LOCAL_DATE.exec(text);
  if (parts === null) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const leapDay = month === 2 && isLeapYear(year) ? 1 : 0;
  return day >= 1 && day <= (DAYS_IN_MONTH[month - 1] ?? 0) + leapDay;
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Whether the text is an RFC 3339 date-time with seconds and an offset. */
export function isDateTime(text: string): boolean {
  const parts = DATE_TIME.exec(text);
  return parts?.[1] !== undefined && isLocalDate(parts[1]);
}

/** Whether a date-time says midnight in its own offset: what banks without times fill in. */
export function isMidnight(dateTime: string): boolean {
  return MIDNIGHT.test(dateTime);
}

/** @param date a local date; anything else throws `RangeError` */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}
