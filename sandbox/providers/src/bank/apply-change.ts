/** Makes a scripted change to an Item's bank. */
import { calendarDay } from '../story/calendar.ts';
import { type Currency, currencyOf, minorOf } from '../story/currency.ts';
import { type Change, type ChangeOf, ChangeRefused, type ChangeResult } from './change.ts';
import type { HeldAccount } from './held-account.ts';
import { edited, type HeldTransaction, newTransaction } from './held-transaction.ts';
import type { ItemBank } from './item-bank.ts';

const nothing: ChangeResult = { transaction_ids: [], account_ids: [] };
const transactions = (...ids: string[]): ChangeResult => ({ ...nothing, transaction_ids: ids });
const accounts = (...ids: string[]): ChangeResult => ({ ...nothing, account_ids: ids });

function minor(text: string, { code, exponent }: Currency): number {
  const value = minorOf(text, exponent);
  if (value === null) throw new ChangeRefused(`${text} is no exact amount of ${code}, which has ${exponent} decimals`);
  return value;
}

const minorOrNull = (text: string | null, currency: Currency) => (text === null ? null : minor(text, currency));

function openAccount(bank: ItemBank, id: string): HeldAccount {
  const account = bank.account(id);
  if (account === undefined) throw new ChangeRefused(`no account has the id ${JSON.stringify(id)}`);
  if (account.state !== 'open') throw new ChangeRefused(`the account ${id} is ${account.state}`);
  return account;
}

function held(bank: ItemBank, id: string): HeldTransaction {
  const transaction = bank.transaction(id);
  if (transaction === null) throw new ChangeRefused(`the bank holds no transaction ${JSON.stringify(id)}`);
  return transaction;
}

const heldOf = (bank: ItemBank, { id }: HeldAccount): HeldTransaction[] =>
  bank.everything().filter(({ accountId }) => accountId === id);

function add(bank: ItemBank, change: ChangeOf<'add'>): ChangeResult {
  const first = bank.accounts().find(({ state }) => state === 'open');
  if (first === undefined) throw new ChangeRefused('no account is open');
  const account = change.account === undefined ? first : openAccount(bank, change.account);
  const { pending = false, name = 'SCRIPTED PURCHASE' } = change;
  const id = change.id ?? bank.newTransactionId(pending);
  if (!/^[\w-]{1,64}$/.test(id)) throw new ChangeRefused('id must be 1 to 64 letters, digits, dashes');
  if (bank.transaction(id) !== null) throw new ChangeRefused(`the bank holds ${id} already`);
  const facts = {
    id,
    accountId: account.id,
    outMinor: minor(change.amount, account.currency),
    currency: account.currency,
    date: change.date ?? calendarDay(bank.today).text,
    pending,
    pendingId: change.pending_id ?? null,
    description: name.toUpperCase(),
  };
  bank.put(newTransaction(facts, name, change.members));
  return transactions(id);
}

function restore(bank: ItemBank, { id }: ChangeOf<'restore'>): ChangeResult {
  if (bank.transaction(id) !== null) throw new ChangeRefused(`the bank holds ${id}: there is nothing to restore`);
  const last = bank.ledger.lastHeld(id);
  if (last === null) throw new ChangeRefused(`the bank never held ${JSON.stringify(id)}`);
  openAccount(bank, last.accountId);
  bank.put(last);
  return transactions(id);
}

function modify(bank: ItemBank, change: ChangeOf<'modify'>): ChangeResult {
  const before = held(bank, change.id);
  const { amount, date = before.date, pending = before.pending, name } = change;
  const outMinor = amount === undefined ? before.outMinor : minor(amount, before.currency);
  const members = { ...(name === undefined ? {} : { name }), ...change.members };
  bank.put(edited(before, { outMinor, date, pending, members }));
  return transactions(before.id);
}

function move(bank: ItemBank, { id, account }: ChangeOf<'move'>): ChangeResult {
  const before = held(bank, id);
  const target = openAccount(bank, account);
  if (target.currency !== before.currency) throw new ChangeRefused(`the account ${account} has another currency`);
  bank.put(edited(before, { accountId: target.id }));
  return transactions(id);
}

function post(bank: ItemBank, change: ChangeOf<'post'>): ChangeResult {
  const { id, as = 'new-id-linked', amount, date = calendarDay(bank.today).text } = change;
  const before = held(bank, id);
  if (!before.pending) throw new ChangeRefused(`${id} is posted already`);
  const accountId = change.account === undefined ? before.accountId : openAccount(bank, change.account).id;
  const outMinor = amount === undefined ? before.outMinor : minor(amount, before.currency);
  const posted = { pending: false, outMinor, date, accountId };
  if (as === 'same-id') {
    bank.put(edited(before, posted));
    return transactions(id);
  }
  const newId = bank.newTransactionId(false);
  bank.remove(id);
  bank.put(edited(before, { ...posted, id: newId, pendingId: as === 'new-id-linked' ? id : null }));
  return transactions(newId);
}

function open(bank: ItemBank, change: ChangeOf<'open'>): ChangeResult {
  const code = change.currency ?? bank.accounts()[0]?.currency.code ?? 'USD';
  const currency = currencyOf(code);
  if (currency === undefined) throw new ChangeRefused(`no bank here has the currency ${JSON.stringify(code)}`);
  const { type = 'depository', count = 1, name = 'New Account' } = change;
  const ids = Array.from({ length: count }, (_, place) => {
    const id = bank.newAccountId();
    const { persistent_account_id: persistent = null } = change;
    bank.setAccount({
      id,
      persistentId: persistent === null || count === 1 ? persistent : `${persistent}-${place}`,
      name: count === 1 ? name : `${name} ${place + 1}`,
      officialName: change.official_name ?? null,
      mask: change.mask === undefined ? String(place % 10_000).padStart(4, '0') : change.mask,
      type,
      subtype:
        change.subtype ??
        {
          depository: 'savings',
          credit: 'credit card',
          loan: 'mortgage',
          investment: '401k',
          brokerage: 'brokerage',
          other: 'other',
        }[type],
      currency,
      currentMinor: minorOrNull(change.current === undefined ? '0' : change.current, currency),
      availableMinor: minorOrNull(change.available ?? null, currency),
      limitMinor: minorOrNull(change.limit ?? null, currency),
      state: 'open',
      replacedBy: null,
      inFullReads: true,
    });
    return id;
  });
  return accounts(...ids);
}

function change(bank: ItemBank, edit: ChangeOf<'account'>): ChangeResult {
  const before = openAccount(bank, edit.account);
  const { currency } = before;
  const or = <T>(value: T | undefined, otherwise: T): T => (value === undefined ? otherwise : value);
  const balance = (text: string | null | undefined, otherwise: number | null) =>
    text === undefined ? otherwise : minorOrNull(text, currency);
  bank.setAccount({
    ...before,
    name: or(edit.name, before.name),
    officialName: or(edit.official_name, before.officialName),
    mask: or(edit.mask, before.mask),
    subtype: or(edit.subtype, before.subtype),
    persistentId: or(edit.persistent_account_id, before.persistentId),
    currentMinor: balance(edit.current, before.currentMinor),
    availableMinor: balance(edit.available, before.availableMinor),
    limitMinor: balance(edit.limit, before.limitMinor),
  });
  return accounts(before.id);
}

function close(bank: ItemBank, { account: id, transactions: what = 'left-out' }: ChangeOf<'close'>): ChangeResult {
  const account = openAccount(bank, id);
  const removed = what === 'removed' ? heldOf(bank, account).map((transaction) => transaction.id) : [];
  for (const each of removed) bank.remove(each);
  const now = bank.account(id) ?? account;
  bank.setAccount({ ...now, state: 'closed', inFullReads: what !== 'left-out' });
  return { transaction_ids: removed, account_ids: [id] };
}

function churn(bank: ItemBank, edit: ChangeOf<'churn'>): ChangeResult {
  const old = openAccount(bank, edit.account);
  const records = heldOf(bank, old);
  const made = bank.replaceAccount(old);
  if (edit.drop_persistent_id === true) bank.setAccount({ ...made, persistentId: null });
  const again = edit.keep_ids === true ? bank.rehome(records, made.id) : bank.reissue(records, { accountId: made.id });
  return { transaction_ids: again.map(({ id }) => id), account_ids: [made.id] };
}

/** @throws {ChangeRefused} when the bank as it is cannot make this change; it is unchanged then */
export function applyChange(bank: ItemBank, each: Change): ChangeResult {
  switch (each.change) {
    case 'add':
      return add(bank, each);
    case 'remove':
      bank.remove(held(bank, each.id).id);
      return transactions(each.id);
    case 'restore':
      return restore(bank, each);
    case 'modify':
      return modify(bank, each);
    case 'move':
      return move(bank, each);
    case 'post':
      return post(bank, each);
    case 'open':
      return open(bank, each);
    case 'account':
      return change(bank, each);
    case 'close':
      return close(bank, each);
    case 'churn':
      return churn(bank, each);
    case 'extraction':
      bank.setExtraction(each.status);
      return nothing;
  }
}
