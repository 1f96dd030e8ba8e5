/** Accounts and balances as JSON text. */
import { hash32 } from '../random.ts';
import { amountText } from '../story/currency.ts';
import { CARD, CHECKING, type Household } from '../story/household.ts';
import type { Balance } from '../story/ledger.ts';

const wordings = [
  { name: 'Everyday Checking', official: 'Meridian Everyday Checking', subtype: 'checking', type: 'depository' },
  { name: 'Orbit Card', official: 'Meridian Orbit Rewards Card', subtype: 'credit card', type: 'credit' },
  { name: 'June - 529', official: null, subtype: 'savings', type: 'depository' }, // a date-shaped name: never coerce one
] as const;

export function accountJson(household: Household, account: number, accountId: string, balance: Balance): string {
  const { exponent, code } = household.currency;
  const wording = wordings[account] ?? wordings[CHECKING];
  const isCard = account === CARD;
  // Banks that code their transactions tell no available balance for cards: a null that a client must bear.
  const available = isCard && household.codesTransactions ? 'null' : amountText(balance.availableMinor, exponent);
  const limit = isCard ? amountText(household.cardLimitMinor, exponent) : 'null';
  const mask = String(hash32(household.index, account, 0x3a5) % 10_000).padStart(4, '0');
  return (
    `{"account_id":"${accountId}","balances":{"available":${available},"current":${amountText(balance.currentMinor, exponent)},` +
    `"iso_currency_code":"${code}","limit":${limit},"unofficial_currency_code":null},"mask":"${mask}",` +
    `"name":"${wording.name}","official_name":${JSON.stringify(wording.official)},"subtype":"${wording.subtype}","type":"${wording.type}"}`
  );
}
