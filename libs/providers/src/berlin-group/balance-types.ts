/** ISO 20022's balance codes for the standard's names, and for those that banks send beyond them. */
import type { Balance } from '@quartersec/validation';

const balanceTypes: ReadonlyMap<string, Balance['balanceType']> = new Map([
  ['closingBooked', 'CLBD'],
  ['expected', 'XPCD'],
  ['openingBooked', 'OPBD'],
  ['interimAvailable', 'ITAV'],
  ['interimBooked', 'ITBD'],
  ['forwardAvailable', 'FWAV'],
  ['nonInvoiced', 'OTHR'],
  ['closingAvailable', 'CLAV'],
  ['openingAvailable', 'OPAV'],
  ['previouslyClosedBooked', 'PRCD'],
  // What is left to spend behind card authorisations.
  ['authorised', 'OTHR'],
]);

export function isKnownBalanceType(type: string): boolean {
  return balanceTypes.has(type);
}

export function balanceTypeOf(type: string): Balance['balanceType'] {
  return balanceTypes.get(type) ?? 'OTHR';
}
