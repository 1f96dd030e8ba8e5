/** What journeys compare with a simulated bank, as the histories do. */
export { byId, decimal, negated, normalised } from './bank/decimal-text.ts';
export type { Fault } from './bank/fault.ts';
export { heldLines, lineDifferences, ofStandard, standingLines } from './bank/held-lines.ts';
