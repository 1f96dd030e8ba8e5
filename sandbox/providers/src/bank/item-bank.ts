/**
 * One Item as its bank and the provider between hold it: accounts, transactions, and all that was said about them. It
 * starts as the story tells it and can be changed by a script; the story then goes on around what the script has done.
 */

import { storyAccount } from '../plaid/account-json.ts';
import { accountId, transactionId } from '../plaid/identifiers.ts';
import { type ConnectionText, entryId, transactionJson } from '../plaid/transaction-json.ts';
import { calendarDay } from '../story/calendar.ts';
import type { Entry } from '../story/origin.ts';
import type { Story } from '../story/story.ts';
import { type HeldAccount, moved } from './held-account.ts';
import { edited, type HeldTransaction, type TransactionEdit } from './held-transaction.ts';
import { ItemLedger, type NetChange } from './item-ledger.ts';

/** How much of the history the provider has fetched from the bank. */
export const extractions = ['NOT_READY', 'INITIAL_UPDATE_COMPLETE', 'HISTORICAL_UPDATE_COMPLETE'] as const;
export type Extraction = (typeof extractions)[number];

/** The first update of an Item reaches about this far back. */
const INITIAL_DAYS = 30;
/** Ids made by a script; no step of a story comes near. */
const SCRIPT_STEP = 0x7f00_0000;

/** What a bank holds that no story tells of. */
export interface ItemHolding {
  readonly accounts: readonly HeldAccount[];
  readonly transactions: readonly HeldTransaction[];
}

export interface ItemBankOptions {
  readonly story: Story;
  /** Whose story is told. */
  readonly household: number;
  /** Ids of this Item. */
  readonly text: ConnectionText;
  /** Cursors of an earlier generation of the Item are unknown. */
  readonly generation: number;
  /** Last step told at the start. */
  readonly step: number;
  readonly historyTransactions?: number;
  /** Instead of what the story tells, which is silent then. */
  readonly holding?: ItemHolding;
}

const keyOf = ({ origin, pending }: Entry): string =>
  `${origin.step}/${origin.ordinal}/${pending ? 'pending' : 'posted'}`;

export class ItemBank {
  /** A script has been here: the story alone no longer tells what is held. */
  scripted = false;
  readonly #options: ItemBankOptions;
  readonly #accounts = new Map<string, HeldAccount>();
  /** The account that each account of the story is by now. */
  #storyAccounts: string[];
  /** Ids under which records of the story go by now, where the script has reissued them; and back. */
  readonly #idOfKey = new Map<string, string>();
  readonly #keyOfId = new Map<string, string>();
  #ledger = new ItemLedger<HeldTransaction>();
  /** Held by the bank, not yet fetched by the provider. */
  readonly #waiting = new Map<string, HeldTransaction>();
  #extraction: Extraction = 'HISTORICAL_UPDATE_COMPLETE';
  #generation: number;
  #step = -1;
  #sequenceOfStep = new Map<number, number>();
  #stepOfSequence = new Map<number, number>();
  #made = 0;
  #accountsMade: number;
  #lastRead: { readonly key: string; readonly changes: readonly NetChange<HeldTransaction>[] } | undefined;

  constructor(options: ItemBankOptions) {
    this.#options = options;
    this.#generation = options.generation;
    const { story, household, text, step } = options;
    this.#storyAccounts = [...text.accountIds];
    this.#accountsMade = text.accountIds.length;
    const { holding } = options;
    if (holding === undefined) {
      story.balances(household, 0).forEach((balance, account) => {
        const id = text.accountIds[account] ?? '';
        this.#accounts.set(id, storyAccount(story.household(household), account, id, balance));
      });
    } else {
      this.scripted = true;
      this.#storyAccounts = []; // what the story says is said of no account
      for (const account of holding.accounts) this.#accounts.set(account.id, account);
      for (const transaction of holding.transactions) this.put(transaction, false);
    }
    this.tellUntil(step);
  }

  get step(): number {
    return this.#step;
  }

  get generation(): number {
    return this.#generation;
  }

  get ledger(): ItemLedger<HeldTransaction> {
    return this.#ledger;
  }

  get extraction(): Extraction {
    return this.#extraction;
  }

  /** Held by the bank and not yet fetched by the provider. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Virtual day of the last step told. */
  get today(): number {
    return this.#options.story.dayOfStep(this.#step);
  }

  /** Every account there ever was, in the order of their first appearance. */
  accounts(): HeldAccount[] {
    return [...this.#accounts.values()];
  }

  account(id: string): HeldAccount | undefined {
    return this.#accounts.get(id);
  }

  /** A record that is held, fetched or not. */
  transaction(id: string): HeldTransaction | null {
    return this.#ledger.now(id) ?? this.#waiting.get(id) ?? null;
  }

  /** Every record that is held, fetched or not. */
  everything(): HeldTransaction[] {
    return [...this.#ledger.held(), ...this.#waiting.values()];
  }

  /** Place in the log once a step was told; `undefined` when this bank does not remember it. */
  sequenceOfStep(step: number): number | undefined {
    return step < 0 ? 0 : this.#sequenceOfStep.get(step);
  }

  /** The step that ended at this place; `undefined` when none did. */
  stepOfSequence(sequence: number): number | undefined {
    return this.#stepOfSequence.get(sequence);
  }

  /** Net changes from a place to now, as a reader is told of them. @param account only of this one; `null` = all */
  changesFrom(from: number, account: HeldAccount | null): readonly NetChange<HeldTransaction>[] {
    const leftOut = from === 0 ? this.accounts().filter(({ inFullReads }) => !inFullReads) : [];
    const key = [this.#generation, from, this.#ledger.head, account?.id ?? '*', leftOut.length].join('/');
    if (this.#lastRead?.key !== key) {
      const hidden = new Set(leftOut.map(({ id }) => id));
      const inScope = ({ accountId: id }: HeldTransaction) =>
        (account === null || id === account.id) && !hidden.has(id);
      this.#lastRead = { key, changes: this.#ledger.changes(from, this.#ledger.head, inScope) };
    }
    return this.#lastRead.changes;
  }

  /** Tells the story on, day by day, up to and including `step`. */
  tellUntil(step: number): void {
    while (this.#step < step) {
      this.#step += 1;
      this.#tell(this.#step);
      this.#sequenceOfStep.set(this.#step, this.#ledger.head);
      this.#stepOfSequence.set(this.#ledger.head, this.#step);
    }
  }

  /** Adds a record, or puts it in place of the one with its id; money moves with it, except in a history. */
  put(transaction: HeldTransaction, movesMoney = true): void {
    const before = this.transaction(transaction.id);
    if (movesMoney) {
      if (before !== null) this.#moveMoney(before, -1);
      this.#moveMoney(transaction, 1);
    }
    if (this.#isFetched(transaction)) {
      this.#waiting.delete(transaction.id);
      this.#ledger.put(transaction);
    } else {
      this.#waiting.set(transaction.id, transaction);
    }
  }

  /** @returns false when no such record is held */
  remove(id: string): boolean {
    const held = this.transaction(id);
    if (held === null) return false;
    this.#moveMoney(held, -1);
    if (!this.#waiting.delete(id)) this.#ledger.remove(id);
    return true;
  }

  /** Gives records new ids: the old ones are removed, the new ones added. Links between them follow. */
  reissue(transactions: readonly HeldTransaction[], edit: TransactionEdit): HeldTransaction[] {
    const ids = new Map(transactions.map(({ id, pending }) => [id, this.newTransactionId(pending)]));
    return transactions.map((old) => {
      const id = ids.get(old.id) ?? old.id;
      const pendingId = old.pendingId === null ? null : (ids.get(old.pendingId) ?? old.pendingId);
      const made = edited(old, { ...edit, id, pendingId });
      this.#ledger.remove(old.id);
      this.#waiting.delete(old.id);
      this.#renamed(old.id, id);
      this.put(made, false);
      return made;
    });
  }

  /** The same records under the same ids in another account that has their balance already. */
  rehome(transactions: readonly HeldTransaction[], id: string): HeldTransaction[] {
    return transactions.map((old) => {
      const made = edited(old, { accountId: id });
      this.put(made, false);
      return made;
    });
  }

  setAccount(account: HeldAccount): void {
    this.#accounts.set(account.id, account);
  }

  /** The account comes back under another id; what the story says of it goes to the new one. */
  replaceAccount(old: HeldAccount): HeldAccount {
    const made = { ...old, id: this.newAccountId() };
    this.#accounts.set(old.id, { ...old, state: 'replaced', replacedBy: made.id });
    this.#accounts.set(made.id, made);
    this.#storyAccounts = this.#storyAccounts.map((id) => (id === old.id ? made.id : id));
    return made;
  }

  newTransactionId(pending: boolean): string {
    const { text } = this.#options;
    this.#made += 1;
    return transactionId(text.idPrefix, text.index, SCRIPT_STEP + this.#generation, this.#made, pending);
  }

  newAccountId(): string {
    const { text } = this.#options;
    this.#accountsMade += 1;
    return accountId(text.idPrefix, text.index, this.#accountsMade);
  }

  /** What the provider has fetched so far. Going back to `NOT_READY` is an Item as it was just linked: old cursors are unknown. */
  setExtraction(extraction: Extraction): void {
    if (extractions.indexOf(extraction) < extractions.indexOf(this.#extraction)) {
      for (const transaction of this.#ledger.held()) this.#waiting.set(transaction.id, transaction);
      this.#forgetReaders();
    }
    this.#extraction = extraction;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const transaction of waiting) this.put(transaction, false);
  }

  /** Leaves out for good what is older than so many days: decided by the first call for transactions. */
  limitHistory(days: number): void {
    const earliest = calendarDay(this.today - days).text;
    const held = this.#ledger.held();
    for (const { id, date } of this.#waiting.values()) if (date < earliest) this.#waiting.delete(id);
    if (held.every(({ date }) => date >= earliest)) return;
    this.#forgetReaders();
    for (const transaction of held) if (transaction.date >= earliest) this.#ledger.put(transaction);
  }

  /** True when a history of so many days would leave something out. */
  reachesBeyond(days: number): boolean {
    const earliest = calendarDay(this.today - days).text;
    return this.everything().some(({ date }) => date < earliest);
  }

  /** The same accounts and transactions linked again as another Item: every id is new. */
  relinked(text: ConnectionText, generation: number): ItemBank {
    const bank = new ItemBank({
      ...this.#options,
      text: { ...text, accountIds: this.#storyAccounts },
      generation,
      step: -1,
    });
    bank.#accounts.clear();
    const accountIds = new Map<string, string>();
    for (const account of this.accounts().filter(({ state }) => state === 'open')) {
      const id = bank.newAccountId();
      accountIds.set(account.id, id);
      bank.#accounts.set(id, { ...account, id });
    }
    bank.#storyAccounts = this.#storyAccounts.map((id) => accountIds.get(id) ?? '');
    for (const [id, key] of this.#keyOfId) bank.#keyOfId.set(id, key);
    bank.#step = this.#step;
    bank.scripted = true;
    const held = this.everything().filter(({ accountId: id }) => accountIds.has(id));
    const ids = new Map(held.map(({ id, pending }) => [id, bank.newTransactionId(pending)]));
    for (const old of held) {
      const id = ids.get(old.id) ?? '';
      bank.#renamed(old.id, id);
      const pendingId = old.pendingId === null ? null : (ids.get(old.pendingId) ?? null);
      bank.put(edited(old, { id, pendingId, accountId: accountIds.get(old.accountId) ?? '' }), false);
    }
    return bank;
  }

  #forgetReaders(): void {
    this.#ledger = new ItemLedger();
    this.#sequenceOfStep = new Map();
    this.#stepOfSequence = new Map();
    this.#generation += 1;
  }

  #renamed(from: string, to: string): void {
    const key = this.#keyOfId.get(from);
    if (key === undefined) return;
    this.#keyOfId.delete(from);
    this.#keyOfId.set(to, key);
    this.#idOfKey.set(key, to);
  }

  #isFetched({ date }: HeldTransaction): boolean {
    if (this.#extraction === 'HISTORICAL_UPDATE_COMPLETE') return true;
    return this.#extraction === 'INITIAL_UPDATE_COMPLETE' && date >= calendarDay(this.today - INITIAL_DAYS).text;
  }

  #moveMoney({ accountId: id, outMinor, pending }: HeldTransaction, sign: 1 | -1): void {
    const account = this.#accounts.get(id);
    if (account !== undefined) this.#accounts.set(id, moved(account, sign * outMinor, pending));
  }

  #tell(step: number): void {
    const { story, household, historyTransactions } = this.#options;
    const { added, modified, removed } = story.changes(household, step, historyTransactions);
    for (const entry of added) this.#putEntry(entry, step);
    for (const entry of modified) if (this.transaction(this.#idOf(entry)) !== null) this.#putEntry(entry, step);
    for (const entry of removed) {
      const held = this.transaction(this.#idOf(entry));
      if (held !== null && this.#accounts.get(held.accountId)?.state === 'open') this.remove(held.id);
    }
  }

  #idOf(entry: Entry): string {
    return this.#idOfKey.get(keyOf(entry)) ?? entryId(this.#options.text, entry);
  }

  #putEntry(entry: Entry, step: number): void {
    const { story, household, text } = this.#options;
    const facts = story.household(household);
    const { payee, account, linked } = entry.origin;
    const id = this.#idOf(entry);
    const accountNow = this.transaction(id)?.accountId ?? this.#storyAccounts[account] ?? '';
    if (this.#accounts.get(accountNow)?.state !== 'open') return; // nothing happens on a closed account
    const twin = { ...entry, pending: true };
    const told: HeldTransaction = {
      id: entryId(text, entry),
      accountId: text.accountIds[account] ?? '',
      outMinor: entry.outMinor,
      currency: facts.currency,
      date: calendarDay(entry.day).text,
      pending: entry.pending,
      pendingId: !entry.pending && linked ? entryId(text, twin) : null,
      name: payee.statement,
      description: payee.statement.toUpperCase(),
      json: transactionJson(text, facts, entry, false),
    };
    const pendingId = told.pendingId === null ? null : this.#idOf(twin);
    const asTold = id === told.id && accountNow === told.accountId && pendingId === told.pendingId;
    this.#keyOfId.set(id, keyOf(entry));
    this.put(asTold ? told : edited(told, { id, accountId: accountNow, pendingId }), step > 0);
  }
}
