/** Plaid's account and balances in our words. Pure. */
import {
  type Account,
  accountId,
  type Balance,
  isDateTime,
  type Money,
  negateMoney,
  readCurrency,
  readNumberMoney,
} from '@quartersec/validation';
import type { PlaidAccount } from '@quartersec/validation/plaid';
import { type Fault, moneyFault } from './quarantine.ts';
import { statedText } from './stated-text.ts';

export interface AccountContext {
  readonly institutionId: string;
  /** Accounts known from earlier pages, by the provider's id. */
  readonly known: ReadonlyMap<string, Account>;
  /** `fetch` for live balances, `item-update` for those that come with a sync. */
  readonly asOfBasis: Exclude<Balance['asOfBasis'], 'provider'>;
}

export interface AccountReading {
  /** `null` when even the account itself cannot be told. */
  readonly account: Account | null;
  /** What was left out of it: a balance that cannot be read exactly does not cost the account. */
  readonly faults: readonly Fault[];
}

export function normaliseAccount(wire: PlaidAccount, context: AccountContext): AccountReading {
  if (wire.account_id.trim() === '') {
    return { account: null, faults: [{ reason: 'ID_BLANK', member: '.account_id', received: 'string' }] };
  }
  const illFormed = (['account_id', 'persistent_account_id', 'name', 'mask'] as const).find(
    (member) => wire[member]?.isWellFormed() === false,
  );
  if (illFormed !== undefined) {
    return { account: null, faults: [{ reason: 'SCHEMA', member: `.${illFormed}`, received: 'string' }] };
  }
  const { balances, faults } = readBalances(wire, context);
  const account: Account = {
    ...identityOf(wire, context),
    providerAccountId: wire.account_id,
    currency: isoCurrencyOf(wire),
    ...kindOf(wire),
    name: statedText(wire.name),
    mask: statedText(wire.mask),
    balances,
  };
  return { account, faults };
}

/** An account keeps the id it first got here, also when the bank starts or stops sending a persistent id. */
function identityOf(wire: PlaidAccount, context: AccountContext): Pick<Account, 'accountId' | 'identityBasis'> {
  const known = context.known.get(wire.account_id);
  if (known !== undefined) return { accountId: known.accountId, identityBasis: known.identityBasis };
  const persistentId = statedText(wire.persistent_account_id);
  const identityBasis = persistentId === null ? 'providerId' : 'persistentId';
  const id = accountId({
    provider: 'plaid',
    institutionId: context.institutionId,
    identityBasis,
    identifier: persistentId ?? wire.account_id,
    currency: null, // either id names an account in one currency
  });
  return { accountId: id, identityBasis };
}

function claimOf({ balances }: PlaidAccount) {
  return { currency: balances.iso_currency_code, unofficialCurrency: balances.unofficial_currency_code };
}

function isoCurrencyOf(wire: PlaidAccount): string | null {
  return readCurrency(claimOf(wire)).ok ? wire.balances.iso_currency_code : null;
}

function kindOf({ type, subtype }: PlaidAccount): Pick<Account, 'type' | 'nature'> {
  switch (type) {
    case 'depository':
      return { type: savings.has(subtype) ? 'SVGS' : 'CACC', nature: 'asset' };
    case 'credit':
      return { type: 'CARD', nature: 'liability' };
    case 'loan':
      return { type: mortgages.has(subtype) ? 'MORT' : 'LOAN', nature: 'liability' };
    default:
      return { type: 'OTHR', nature: 'asset' };
  }
}

const savings: ReadonlySet<string | null> = new Set(['savings', 'money market', 'cd', 'hsa']);
const mortgages: ReadonlySet<string | null> = new Set(['mortgage', 'home equity']);

function readBalances(
  wire: PlaidAccount,
  context: AccountContext,
): { readonly balances: readonly Balance[]; readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const code = { member: '.balances.iso_currency_code', value: wire.balances.iso_currency_code };
  const read = (member: 'current' | 'available' | 'limit'): Money | null => {
    const number = wire.balances[member];
    if (number === null) return null;
    const reading = readNumberMoney(number.literal, claimOf(wire));
    if (reading.ok) return reading.money;
    const fault = moneyFault(reading.reason, `.balances.${member}`, code);
    if (!faults.some((earlier) => earlier.member === fault.member)) faults.push(fault); // one currency, one fault
    return null;
  };
  const current = read('current');
  const available = read('available');
  const shared = { creditLine: read('limit'), ...asOf(wire, context) };
  const balances: Balance[] = [];
  if (current !== null) {
    // What is owed comes as a positive number.
    const amount = kindOf(wire).nature === 'liability' ? negateMoney(current) : current;
    balances.push({ balanceType: 'ITBD', sourceType: 'current', amount, creditIncluded: false, ...shared });
  }
  if (available !== null) {
    // On cards it is what may still be spent, the limit included; on deposits the overdraft is left out.
    const creditIncluded = wire.type === 'credit';
    balances.push({ balanceType: 'ITAV', sourceType: 'available', amount: available, creditIncluded, ...shared });
  }
  return { balances, faults };
}

function asOf({ balances }: PlaidAccount, context: AccountContext): Pick<Balance, 'asOf' | 'asOfBasis'> {
  const time = balances.last_updated_datetime ?? null;
  return time !== null && isDateTime(time)
    ? { asOf: time, asOfBasis: 'provider' }
    : { asOf: null, asOfBasis: context.asOfBasis };
}
