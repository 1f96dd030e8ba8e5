/** Which readings of an account's balance are kept, and which two of them are compared with the movements between. */
import type { BalanceReading } from './view.ts';

/** The newest first. The second one is on its way to be settled, those behind it are. */
export type BalanceReadings = readonly BalanceReading[];

/** What was pending at a reading is booked after so many days. */
const settledDays = 5;
const mostReadings = 4;

/** A later reading of the same day takes the place of the earlier one; one of an earlier day begins anew. */
export function readingsWith(known: BalanceReadings | undefined, reading: BalanceReading): BalanceReadings {
  const [newest, ageing, ...settled] = known ?? [];
  if (newest === undefined || reading.day < newest.day) return [reading];
  if (reading.day === newest.day) return [reading, ...(known ?? []).slice(1)];
  if (ageing === undefined) return [reading, newest];
  // The one before the newest stays until it is old enough: else no reading ever would be.
  const isOld = reading.day - ageing.day >= settledDays;
  return isOld ? [reading, newest, ageing, ...settled].slice(0, mostReadings) : [reading, ageing, ...settled];
}

/** The two that are compared with the movements between them. */
export function settledReadings([newest, ...others]: BalanceReadings): {
  readonly earlier: BalanceReading | null;
  readonly settled: BalanceReading | null;
} {
  const settled = others.filter(({ day }) => newest !== undefined && newest.day - day >= settledDays);
  return { settled: settled[0] ?? null, earlier: settled[1] ?? null };
}
