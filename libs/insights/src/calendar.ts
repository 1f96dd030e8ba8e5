/** Days and rhythms alone, for pages in a browser: nothing here needs Node. */
export { addMonths, dateOf } from './day.ts';
export { occurrencesOf } from './occurrence.ts';
