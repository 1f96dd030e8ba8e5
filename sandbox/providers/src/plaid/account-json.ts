/** The accounts of a story: what they are called, and their JSON. */
import { type HeldAccount, heldAccountJson } from '../bank/held-account.ts';
import { hash32 } from '../random.ts';
import { CARD, CHECKING, type Household } from '../story/household.ts';
import type { Balance } from '../story/ledger.ts';

const wordings = [
  { name: 'Everyday Checking', official: 'Meridian Everyday Checking', subtype: 'checking', type: 'depository' },
  { name: 'Orbit Card', official: 'Meridian Orbit Rewards Card', subtype: 'credit card', type: 'credit' },
  { name: 'June - 529', official: null, subtype: 'savings', type: 'depository' }, // a date-shaped name: never coerce one
] as const;

export function storyAccount(household: Household, account: number, id: string, balance: Balance): HeldAccount {
  const wording = wordings[account] ?? wordings[CHECKING];
  const isCard = account === CARD;
  return {
    id,
    persistentId: null,
    name: wording.name,
    officialName: wording.official,
    mask: String(hash32(household.index, account, 0x3a5) % 10_000).padStart(4, '0'),
    type: wording.type,
    subtype: wording.subtype,
    currency: household.currency,
    currentMinor: balance.currentMinor,
    // Banks that code their transactions tell no available balance for cards: a null that a client must bear.
    availableMinor: isCard && household.codesTransactions ? null : balance.availableMinor,
    limitMinor: isCard ? household.cardLimitMinor : null,
    state: 'open',
    replacedBy: null,
    inFullReads: true,
  };
}

export const accountJson = (household: Household, account: number, id: string, balance: Balance): string =>
  heldAccountJson(storyAccount(household, account, id, balance));
