/** ISO 20022's balance codes for the names of 3.1; 4.0 sends the codes. What is cleared has no code of its own. */
import type { Balance } from '@quartersec/validation';

const balanceTypes: ReadonlyMap<string, Balance['balanceType']> = new Map([
  ['ClosingAvailable', 'CLAV'],
  ['ClosingBooked', 'CLBD'],
  ['ClosingCleared', 'OTHR'],
  ['Expected', 'XPCD'],
  ['ForwardAvailable', 'FWAV'],
  ['Information', 'INFO'],
  ['InterimAvailable', 'ITAV'],
  ['InterimBooked', 'ITBD'],
  ['InterimCleared', 'OTHR'],
  ['OpeningAvailable', 'OPAV'],
  ['OpeningBooked', 'OPBD'],
  ['OpeningCleared', 'OTHR'],
  ['PreviouslyClosedBooked', 'PRCD'],
  ['CLAV', 'CLAV'],
  ['CLBD', 'CLBD'],
  ['FWAV', 'FWAV'],
  ['INFO', 'INFO'],
  ['ITAV', 'ITAV'],
  ['ITBD', 'ITBD'],
  ['OPAV', 'OPAV'],
  ['OPBD', 'OPBD'],
  ['PRCD', 'PRCD'],
  ['XPCD', 'XPCD'],
]);

export function isKnownBalanceType(type: string): boolean {
  return balanceTypes.has(type);
}

export function balanceTypeOf(type: string): Balance['balanceType'] {
  return balanceTypes.get(type) ?? 'OTHR';
}
