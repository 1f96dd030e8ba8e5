/** Whole months as one number each, so that "three months before" is a subtraction. */
import { calendarOf, dateOf } from './day.ts';
import type { Day } from './view.ts';

/** @returns months since the year 0 */
export function monthOf(day: Day): number {
  const { year, month } = calendarOf(day);
  return year * 12 + month;
}

export function firstDayOf(month: number): Day {
  return Date.UTC(Math.floor(month / 12), month % 12, 1) / 86_400_000;
}

export function lastDayOf(month: number): Day {
  return firstDayOf(month + 1) - 1;
}

/** @returns YYYY-MM */
export function monthText(month: number): string {
  return dateOf(firstDayOf(month)).slice(0, 7);
}

/** @returns e.g. `2026-Q2` */
export function quarterText(day: Day): string {
  const { year, month } = calendarOf(day);
  return `${year}-Q${Math.floor(month / 3) + 1}`;
}
