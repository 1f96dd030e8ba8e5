/** Every country of the labelled households, with how many of 100 live there. */
import { america, australia, brazil, canada, india, japan } from './countries-elsewhere.ts';
import { britain, france, germany, netherlands, poland, spain, sweden, switzerland } from './countries-europe.ts';
import type { Country } from './country.ts';

export const countries: readonly (readonly [country: Country, weight: number])[] = [
  [america, 22],
  [britain, 12],
  [germany, 10],
  [france, 8],
  [netherlands, 6],
  [spain, 6],
  [poland, 5],
  [sweden, 5],
  [switzerland, 4],
  [japan, 4],
  [india, 5],
  [brazil, 5],
  [australia, 5],
  [canada, 3],
];
