/** Dates as banks print them. Pure. */
import { isLocalDate } from '@quartersec/validation';

/** No bank's records are older; a date before it is a default of some system. */
export const EARLIEST_DATE = '1970-01-01';

/** The bank's own day, without a conversion of zones. @returns `undefined` where the text does not begin with a date */
export function dateIn(text: string): string | undefined {
  const date = text.slice(0, 10);
  return isLocalDate(date) && (text.length === 10 || text[10] === 'T') ? date : undefined;
}
