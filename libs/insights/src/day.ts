/** Days since 1970-01-01 of local dates, without a zone: what windows and distances are reckoned in. */
import type { Day } from './view.ts';

const LOCAL_DATE = /^\d{4}-\d{2}-\d{2}/;

/** @returns `undefined` for what does not begin with YYYY-MM-DD; the rest of a date-time is left out */
export function dayOf(text: string): Day | undefined {
  if (!LOCAL_DATE.test(text)) return undefined;
  return dayOfCivil(Number(text.slice(0, 4)), Number(text.slice(5, 7)) - 1, Number(text.slice(8, 10)));
}

/** @returns YYYY-MM-DD */
export function dateOf(day: Day): string {
  const { year, month, dayOfMonth } = civilOf(day);
  return `${String(year).padStart(4, '0')}-${twoDigits(month + 1)}-${twoDigits(dayOfMonth)}`;
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

interface CivilDate {
  readonly year: number;
  /** From 0. */
  readonly month: number;
  readonly dayOfMonth: number;
}

/** The calendar's parts of a day; months from 0, weekdays from 0 (Sunday). */
export function calendarOf(day: Day): CivilDate & { readonly weekday: number } {
  // 1970-01-01 was a Thursday.
  return { ...civilOf(day), weekday: (((day + 4) % 7) + 7) % 7 };
}

const DAYS_IN_400_YEARS = 146_097;
/** From 0000-03-01, so that a leap day is the last of its year. */
const EPOCH_SHIFT = 719_468;

/** By counting, as a `Date` for each of many days costs more than all else. The proleptic Gregorian calendar. */
function civilOf(day: Day): CivilDate {
  const shifted = Math.floor(day) + EPOCH_SHIFT;
  const era = Math.floor(shifted / DAYS_IN_400_YEARS);
  const ofEra = shifted - era * DAYS_IN_400_YEARS;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1_460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  const month = (fromMarch + 2) % 12;
  return {
    year: yearOfEra + era * 400 + (month <= 1 ? 1 : 0),
    month,
    dayOfMonth: ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1,
  };
}

function dayOfCivil(year: number, month: number, dayOfMonth: number): Day {
  const shiftedYear = month <= 1 ? year - 1 : year;
  const era = Math.floor(shiftedYear / 400);
  const yearOfEra = shiftedYear - era * 400;
  const ofYear = Math.floor((153 * ((month + 10) % 12) + 2) / 5) + dayOfMonth - 1;
  return (
    era * DAYS_IN_400_YEARS +
    yearOfEra * 365 +
    Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) +
    ofYear -
    EPOCH_SHIFT
  );
}

/** The same day of the month some months on; the last one where that month is shorter. */
export function addMonths(day: Day, months: number): Day {
  const { year, month, dayOfMonth } = civilOf(day);
  const count = year * 12 + month + months;
  const first = dayOfCivil(Math.floor(count / 12), ((count % 12) + 12) % 12, 1);
  const next = dayOfCivil(Math.floor((count + 1) / 12), (((count + 1) % 12) + 12) % 12, 1);
  return first + Math.min(dayOfMonth, next - first) - 1;
}
