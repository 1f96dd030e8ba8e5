/** An account as the bank holds it, and its JSON in an account list. */
import { amountText, type Currency } from '../story/currency.ts';

export type AccountType = 'depository' | 'credit' | 'loan' | 'investment' | 'brokerage' | 'other';

export interface HeldAccount {
  readonly id: string;
  /** The same for an account across reissued ids and Items; `null` where the bank gives none. */
  readonly persistentId: string | null;
  readonly name: string;
  readonly officialName: string | null;
  readonly mask: string | null;
  readonly type: AccountType;
  readonly subtype: string;
  readonly currency: Currency;
  /** Positive: money there, or owed where `type` is credit or loan. */
  readonly currentMinor: number | null;
  readonly availableMinor: number | null;
  readonly limitMinor: number | null;
  /** Closed and replaced accounts are in no account list. */
  readonly state: 'open' | 'closed' | 'replaced';
  /** The account it came back as. */
  readonly replacedBy: string | null;
  /** A read from the empty cursor holds its transactions. */
  readonly inFullReads: boolean;
}

const owes = ({ type }: HeldAccount): boolean => type === 'credit' || type === 'loan';

/** The account after money has moved. @param outMinor out of the account, or more owed @param pending moves what is available alone */
export function moved(account: HeldAccount, outMinor: number, pending: boolean): HeldAccount {
  const { currentMinor, availableMinor } = account;
  const shift = owes(account) ? outMinor : -outMinor;
  return {
    ...account,
    currentMinor: currentMinor === null || pending ? currentMinor : currentMinor + shift,
    availableMinor: availableMinor === null ? null : availableMinor - outMinor,
  };
}

const amountOrNull = (minor: number | null, { exponent }: Currency): string =>
  minor === null ? 'null' : amountText(minor, exponent);

export function heldAccountJson(account: HeldAccount): string {
  const { currency, persistentId } = account;
  const unofficial = currency.unofficial === true;
  const code = JSON.stringify(currency.code);
  return (
    `{"account_id":"${account.id}","balances":{"available":${amountOrNull(account.availableMinor, currency)},` +
    `"current":${amountOrNull(account.currentMinor, currency)},"iso_currency_code":${unofficial ? 'null' : code},` +
    `"limit":${amountOrNull(account.limitMinor, currency)},"unofficial_currency_code":${unofficial ? code : 'null'}},` +
    `"mask":${JSON.stringify(account.mask)},"name":${JSON.stringify(account.name)},"official_name":${JSON.stringify(account.officialName)},` +
    `${persistentId === null ? '' : `"persistent_account_id":"${persistentId}",`}"subtype":${JSON.stringify(account.subtype)},"type":"${account.type}"}`
  );
}
