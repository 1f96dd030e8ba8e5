/** ISO 20022's cash account types in our words. Pure. */
import type { Account, Balance } from '@quartersec/validation';

export function kindOfCode(code: string | null | undefined): Pick<Account, 'type' | 'nature'> {
  switch (code) {
    case 'CACC':
      return { type: 'CACC', nature: 'asset' };
    case 'SVGS':
    case 'LLSV':
    case 'ONDP':
      return { type: 'SVGS', nature: 'asset' };
    case 'CARD':
      return { type: 'CARD', nature: 'liability' };
    case 'LOAN':
      return { type: 'LOAN', nature: 'liability' };
    case 'MORT':
      return { type: 'MORT', nature: 'liability' };
    default:
      return { type: 'OTHR', nature: 'asset' };
  }
}

/** What may be spent: on a card or a loan that is the bank's money. */
export function isAvailable(type: Balance['balanceType']): boolean {
  return type === 'CLAV' || type === 'ITAV' || type === 'OPAV' || type === 'FWAV';
}
