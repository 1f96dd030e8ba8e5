/** Plaid's account and balances in our words. Pure. */
import {
  type Account,
  type AccountFlag,
  accountId,
  type Balance,
  compareMoney,
  isDateTime,
  type Money,
  moneySign,
  negateMoney,
  readCurrency,
  readNumberMoney,
  type ValidationIssue,
} from '@quartersec/validation';
import type { PlaidAccount } from '@quartersec/validation/plaid';
import { type Fault, idFault, moneyFault } from '../quarantine.ts';
import { createTextReader, type TextReader } from '../stated-text.ts';

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
  /** What of its money cannot be read exactly, and so was left out: it does not cost the account. */
  readonly faults: readonly Fault[];
}

/** @param dropped what the validation has left out of the record already */
export function normaliseAccount(
  wire: PlaidAccount,
  context: AccountContext,
  dropped: readonly ValidationIssue[] = [],
): AccountReading {
  const unusable = idFault(wire.account_id);
  if (unusable !== undefined) {
    return { account: null, faults: [{ reason: unusable, member: '.account_id', received: 'string' }] };
  }
  const { statedText, anyDropped, drop } = createTextReader();
  const name = statedText(wire.name);
  const mask = statedText(wire.mask);
  const identity = identityOf(wire, context, statedText);
  const kind = kindOf(wire, context.known.get(wire.account_id));
  const { balances, faults } = readBalances(wire, kind, context, dropped);
  const time = statedText(wire.balances.last_updated_datetime);
  if (time !== null && !isDateTime(time)) drop();
  const flags: AccountFlag[] = [];
  if (anyDropped() || dropped.some(({ path }) => !moneyMembers.test(path))) flags.push('MEMBER_DROPPED');
  if (faults.length > 0) flags.push('BALANCE_SET_ASIDE');
  const account: Account = {
    ...identity,
    providerAccountId: wire.account_id,
    currency: isoCurrencyOf(wire),
    type: kind.type,
    nature: kind.nature,
    name,
    mask,
    balances,
    ...(flags.length > 0 && { flags }),
  };
  return { account, faults };
}

/** The balances as a whole, their amounts and what these are in. */
const moneyMembers =
  /^\$input\.balances(?:$|\.(?:current|available|limit|iso_currency_code|unofficial_currency_code)$)/;

/** An account keeps the id it first got here, also when the bank starts or stops sending a persistent id. */
function identityOf(
  wire: PlaidAccount,
  context: AccountContext,
  statedText: TextReader['statedText'],
): Pick<Account, 'accountId' | 'identityBasis'> {
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

interface Kind extends Pick<Account, 'type' | 'nature'> {
  /** Whether what is owed comes as a positive number cannot be told, so that no amount has a sign. */
  readonly signUnknown: boolean;
}

/** A type that cannot be read is the one that the account had, or the one that its subtype belongs to. */
function kindOf(wire: PlaidAccount, known: Account | undefined): Kind {
  const type = statedType(wire) ?? (known === undefined ? typeOfSubtype(wire.subtype) : undefined);
  if (type !== undefined) return { ...kindOfType(type, wire.subtype), signUnknown: false };
  if (known !== undefined) return { type: known.type, nature: known.nature, signUnknown: false };
  return { type: 'OTHR', nature: 'asset', signUnknown: true };
}

function statedType({ type }: PlaidAccount): string | undefined {
  return type.trim() === '' || !type.isWellFormed() ? undefined : type;
}

function kindOfType(type: string, subtype: string | null): Pick<Account, 'type' | 'nature'> {
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

/** Those subtypes that belong to one type alone, which "paypal" does not. */
const subtypes: ReadonlyMap<string, string> = new Map([
  ...['checking', 'savings', 'money market', 'cd', 'hsa', 'prepaid', 'cash management', 'ebt'].map(
    (subtype) => [subtype, 'depository'] as const,
  ),
  ['credit card', 'credit'],
  ...[
    'auto',
    'business',
    'commercial',
    'construction',
    'consumer',
    'home equity',
    'line of credit',
    'loan',
    'mortgage',
    'overdraft',
    'student',
  ].map((subtype) => [subtype, 'loan'] as const),
]);

function typeOfSubtype(subtype: string | null): string | undefined {
  return subtype === null ? undefined : subtypes.get(subtype);
}

interface BalancesReading {
  readonly balances: readonly Balance[];
  readonly faults: readonly Fault[];
}

function readBalances(
  wire: PlaidAccount,
  kind: Kind,
  context: AccountContext,
  dropped: readonly ValidationIssue[],
): BalancesReading {
  const faults: Fault[] = dropped
    .filter(({ path }) => moneyMembers.test(path))
    .map(({ path, received }) => ({ reason: 'SCHEMA', member: path.slice('$input'.length), received }));
  // An amount whose currency came and cannot be read is in no currency, also where the other code could be.
  if (faults.some(({ member }) => member.endsWith('_currency_code'))) return { balances: [], faults };
  const given = [wire.balances.current, wire.balances.available, wire.balances.limit].some((number) => number !== null);
  if (kind.signUnknown) {
    if (given) faults.push({ reason: 'SCHEMA', member: '.type', received: 'string' });
    return { balances: [], faults };
  }
  const code = { member: '.balances.iso_currency_code', value: wire.balances.iso_currency_code };
  const read = (member: 'current' | 'available' | 'limit') => {
    const number = wire.balances[member];
    if (number === null) return null;
    const reading = readNumberMoney(number.literal, claimOf(wire));
    if (reading.ok) return reading;
    const fault = moneyFault(reading.reason, `.balances.${member}`, code);
    if (!faults.some((earlier) => earlier.member === fault.member)) faults.push(fault); // one currency, one fault
    return null;
  };
  const current = read('current');
  const available = read('available');
  const limit = read('limit')?.money ?? null;
  const shared = { creditLine: limit, ...asOf(wire, context) };
  const balances: Balance[] = [];
  if (current !== null) {
    // What is owed comes as a positive number.
    const amount = kind.nature === 'liability' ? negateMoney(current.money) : current.money;
    const balance = { balanceType: 'ITBD', sourceType: 'current', amount, creditIncluded: false, ...shared } as const;
    balances.push({ ...balance, ...precisionOf(current) });
  }
  if (available !== null) {
    const amount = available.money;
    const creditIncluded = kind.nature === 'liability' || mayHoldCredit(amount, current?.money ?? null, limit);
    const balance = { balanceType: 'ITAV', sourceType: 'available', amount, creditIncluded, ...shared } as const;
    balances.push({ ...balance, ...precisionOf(available) });
  }
  return { balances, faults };
}

/**
 * On cards and loans `available` is what may still be borrowed. Plaid leaves the overdraft out of it on deposits; but
 * with an overdraft agreed, more available than there is may be the bank's money, and then it does not count as the holder's.
 */
function mayHoldCredit(available: Money, current: Money | null, limit: Money | null): boolean {
  if (limit === null || moneySign(limit) <= 0 || moneySign(available) <= 0) return false;
  return current === null || compareMoney(available, current) > 0;
}

function precisionOf({ overPrecise }: { readonly overPrecise: boolean }): Pick<Balance, 'flags'> {
  return overPrecise ? { flags: ['OVER_PRECISE'] } : {};
}

function asOf({ balances }: PlaidAccount, context: AccountContext): Pick<Balance, 'asOf' | 'asOfBasis'> {
  const time = balances.last_updated_datetime ?? null;
  return time !== null && isDateTime(time)
    ? { asOf: time, asOfBasis: 'provider' }
    : { asOf: null, asOfBasis: context.asOfBasis };
}
