/** Accounts, balances and entries of a bank as accountDetails, balance and transactions of the standard. */
import type { HeldAccount } from '../bank/held-account.ts';
import type { HeldTransaction } from '../bank/held-transaction.ts';
import { hashText } from '../random.ts';
import type { Currency } from '../story/currency.ts';
import type { BerlinSettings } from './settings.ts';

/** As the bank addresses it. */
export interface BerlinResource {
  readonly resourceId: string;
  readonly iban: string;
  /** `XXX`: the sum of sub-accounts. */
  readonly currency: string;
  /** Those whose entries are in it. */
  readonly accounts: readonly HeldAccount[];
}

const types: Readonly<Record<string, string>> = { savings: 'SVGS', depository: 'CACC', credit: 'CARD', loan: 'LOAN' };

/** Payment accounts, cards and loans in currencies of ISO 4217: the standard is not about investments. */
export function isInStandard({ type, currency }: HeldAccount): boolean {
  return (type === 'depository' || type === 'credit' || type === 'loan') && currency.unofficial !== true;
}

const owes = ({ type }: HeldAccount): boolean => type === 'credit' || type === 'loan';

/** A German IBAN with its check digits. */
export function ibanOf(name: string): string {
  const digits = [1, 2].map((seed) => String(hashText(seed, name)).padStart(10, '0').slice(-9)).join('');
  // DE is 1314 where letters count from A = 10.
  const rest = Number(BigInt(`${digits}131400`) % 97n);
  return `DE${String(98 - rest).padStart(2, '0')}${digits}`;
}

/**
 * @param accounts open ones of the standard
 * @param bank names it
 * @param consent of which the ids are; absent: the one that is there from the start
 */
export function resourcesOf(
  accounts: readonly HeldAccount[],
  { currencies, resourceIds }: BerlinSettings,
  bank: string,
  consent?: string,
): readonly BerlinResource[] {
  const isFirst = consent === undefined && resourceIds === 'first-consent';
  const idOf = (id: string) => (isFirst ? id : `n-${hashText(3, `${consent ?? ''}${id}`)}`);
  const shared = new Map<string, HeldAccount>();
  if (currencies !== 'one-each') {
    for (const account of accounts) {
      const { code } = account.currency;
      if (account.type === 'depository' && !shared.has(code)) shared.set(code, account);
    }
  }
  const subAccounts = [...shared.values()];
  const single = accounts.map((account) => {
    const isSub = subAccounts.includes(account);
    const iban = ibanOf(isSub ? bank : account.id);
    return { resourceId: idOf(account.id), iban, currency: account.currency.code, accounts: [account] };
  });
  if (subAccounts.length === 0 || currencies === 'sub-accounts') return single;
  const sum = { resourceId: idOf(`sum-${bank}`), iban: ibanOf(bank), currency: 'XXX', accounts: subAccounts };
  const others = single.filter(({ accounts: [account] }) => account && !subAccounts.includes(account));
  return [sum, ...(currencies === 'sum-alone' ? others : single)];
}

export function accountJson({ resourceId, iban, currency, accounts: [first] }: BerlinResource, path: string) {
  const isSum = currency === 'XXX';
  const base = `${path}/${encodeURIComponent(resourceId)}`;
  return {
    resourceId,
    iban,
    currency,
    ownerName: 'Heike Mustermann',
    name: isSum ? 'Aggregation Account' : first?.name.slice(0, 70),
    product: isSum ? 'Multicurrency Account' : 'Girokonto',
    cashAccountType: types[first?.subtype ?? ''] ?? types[first?.type ?? ''] ?? 'CACC',
    status: 'enabled',
    usage: 'PRIV',
    _links: { balances: { href: `${base}/balances` }, transactions: { href: `${base}/transactions` } },
  };
}

/** As many decimals as the currency has. @param minor positive: the holder's */
function amountOf(minor: number, { code, exponent }: Currency) {
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0');
  const text = exponent === 0 ? digits : `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
  return { currency: code, amount: minor < 0 ? `-${text}` : text };
}

/** @param day of the bank */
export function balancesJson({ accounts }: BerlinResource, day: string) {
  return accounts.flatMap((account) => {
    const { currency, currentMinor, availableMinor, limitMinor } = account;
    const balance = (balanceType: string, minor: number, more: object = {}) => ({
      balanceAmount: amountOf(minor, currency),
      balanceType,
      ...more,
    });
    const line = limitMinor === null ? {} : { creditLimitIncluded: true };
    return [
      ...(currentMinor === null
        ? []
        : [balance('interimBooked', owes(account) ? -currentMinor : currentMinor, { referenceDate: day })]),
      ...(availableMinor === null ? [] : [balance('interimAvailable', availableMinor, line)]),
    ];
  });
}

/** @param answers how many answers this connection has had: an id that is reissued is another one in each */
export function entryJson(
  held: HeldTransaction,
  { iban }: BerlinResource,
  { settings, answers }: { readonly settings: BerlinSettings; readonly answers: number },
) {
  const { id, outMinor, currency, date, pending, name } = held;
  const ids = { given: id, none: undefined, blank: ' ', reused: '9998', reissued: `${id}-${answers}` };
  const transactionId = ids[settings.ids];
  const text = typeof name === 'string' ? name.toWellFormed() : '';
  const who = text.slice(0, 70);
  const other = { iban: ibanOf(`of ${text}`) };
  const sides =
    outMinor > 0
      ? { creditorName: who, creditorAccount: other, debtorAccount: { iban } }
      : { debtorName: who, debtorAccount: other, creditorAccount: { iban } };
  const minor = settings.signs === 'unsigned' ? Math.abs(outMinor) : -outMinor;
  return {
    ...(transactionId !== undefined && { transactionId }),
    ...(!pending && { bookingDate: date }),
    valueDate: date,
    transactionAmount: amountOf(minor === 0 ? 0 : minor, currency),
    ...(outMinor !== 0 && sides),
    ...(text !== '' && { remittanceInformationUnstructured: text.slice(0, 140) }),
    bankTransactionCode: outMinor > 0 ? 'PMNT-ICDT-ESCT' : 'PMNT-RCDT-ESCT',
  };
}

/** Amounts as JSON numbers: each, or each second one of a list. The text of the body, so that digits stay as they are. */
export function withNumbers(body: string, amounts: BerlinSettings['amounts']): string {
  if (amounts === 'text') return body;
  let seen = 0;
  return body.replace(/"amount":"(-?[\d.]+)"/g, (whole, digits: string) => {
    seen += 1;
    return amounts === 'mixed' && seen % 2 === 0 ? whole : `"amount":${digits}`;
  });
}
