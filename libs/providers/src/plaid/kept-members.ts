/** What insights may ask for later: who took part and where. No total depends on any of it. Pure. */
import type { Counterparty, Location, Transaction } from '@quartersec/validation';
import type { PlaidTransaction } from '@quartersec/validation/plaid';
import type { TextReader } from '../stated-text.ts';

export type KeptMembers = Pick<Transaction, 'merchantEntityId' | 'counterparties' | 'checkNumber' | 'location'>;

/** Plaid sends one to three; a record must fit a database item. */
const MAX_COUNTERPARTIES = 16;
/** Degrees with more digits than any device measures. */
const MAX_DEGREE_CHARS = 32;

/** Only what is given: an absent member costs no byte in the journal. */
export function keptMembers(wire: PlaidTransaction, { statedText, drop }: TextReader): KeptMembers {
  const merchantEntityId = statedText(wire.merchant_entity_id);
  const checkNumber = statedText(wire.check_number);
  const counterparties: Counterparty[] = [];
  for (const party of wire.counterparties ?? []) {
    const name = statedText(party.name);
    const type = statedText(party.type);
    const entityId = statedText(party.entity_id);
    if (name === null || type === null) continue;
    if (counterparties.length === MAX_COUNTERPARTIES) {
      drop();
      break;
    }
    counterparties.push({ name, type, ...(entityId !== null && { entityId }) });
  }
  const location = locationOf(wire, { statedText, drop });
  return {
    ...(merchantEntityId !== null && { merchantEntityId }),
    ...(counterparties.length > 0 && { counterparties }),
    ...(checkNumber !== null && { checkNumber }),
    ...(Object.keys(location).length > 0 && { location }),
  };
}

function locationOf(
  { location: wire }: PlaidTransaction,
  { statedText, drop }: Pick<TextReader, 'statedText' | 'drop'>,
): Location {
  const city = statedText(wire.city);
  const region = statedText(wire.region);
  const postalCode = statedText(wire.postal_code);
  const country = statedText(wire.country);
  const degrees = (literal: string | undefined): string | undefined => {
    if (literal === undefined || literal.length <= MAX_DEGREE_CHARS) return literal;
    drop();
    return undefined;
  };
  const latitude = degrees(wire.lat?.literal);
  const longitude = degrees(wire.lon?.literal);
  return {
    ...(city !== null && { city }),
    ...(region !== null && { region }),
    ...(postalCode !== null && { postalCode }),
    ...(country !== null && { country }),
    ...(latitude !== undefined && { latitude }),
    ...(longitude !== undefined && { longitude }),
  };
}
