/**
 * The banks in Plaid's words: pages, accounts, items, and the truth to hold a reader's copy against. No HTTP in here.
 * A connection that nobody scripts and that has no horizon is told from its story alone, which remembers nothing and is
 * fast; every other one has an `ItemBank`.
 */

import { applyChange } from '../bank/apply-change.ts';
import type { Change, ChangeResult } from '../bank/change.ts';
import { heldAccountJson } from '../bank/held-account.ts';
import { heldTransactionJson } from '../bank/held-transaction.ts';
import { type BankHolding, holdingOf, type TrueTransaction, trueTransaction } from '../bank/holding.ts';
import { ItemBank, type ItemHolding } from '../bank/item-bank.ts';
import { hash32 } from '../random.ts';
import { calendarDay } from '../story/calendar.ts';
import { amountText } from '../story/currency.ts';
import { historyDays } from '../story/day-plan.ts';
import type { Entry } from '../story/origin.ts';
import type { Publication } from '../story/publication.ts';
import type { Story } from '../story/story.ts';
import { accountJson } from './account-json.ts';
import { decodeCursor, encodeCursor, type Position, START } from './cursor.ts';
import { accountId, idPrefix, itemId, requestId } from './identifiers.ts';
import { changesJson, itemPage, ledgerPosition } from './item-page.ts';
import { isLedgerCursor } from './ledger-cursor.ts';
import type { SyncPage } from './sync-page.ts';
import { type ConnectionText, entryId, removedJson, transactionJson } from './transaction-json.ts';

const TEXTS_KEPT = 20_000;
/** Banks that no script has changed are made again when more than these are in use. */
const BANKS_KEPT = 1_000;

export interface SyncRequest {
  /** `null` = from the start. */
  readonly cursor: string | null;
  /** Most changes on a page, 1 to 500. */
  readonly count: number;
  /** Only this account; `null` = all. */
  readonly account: number | null;
  readonly withDescription: boolean;
  /** How far back the first call asks; `undefined` = it does not say. */
  readonly daysRequested?: number;
}

/** What an Item says beside its bank. */
export interface ItemFacts {
  /** Date-time; `null` = the consent has no end. */
  readonly consentEnd: string | null;
  readonly webhook: string | null;
  /** The connection whose bank it shares. */
  readonly institutionOf: number;
}

/** Why a question has no answer: the cursor is none of this Item, or the bank has changed since its loop began. */
export type Refusal = 'foreign-cursor' | 'mutation';

interface StoryChange {
  readonly list: 'added' | 'modified' | 'removed';
  readonly entry: Entry;
}

export class PlaidBank {
  readonly #story: Story;
  readonly #publication: Publication;
  readonly #multiPageShare: number;
  readonly #texts = new Map<number, ConnectionText>();
  readonly #banks = new Map<number, ItemBank>();
  /** Connections whose transactions were asked for: how far back they go is decided. */
  readonly #begun = new Set<number>();

  /** @param multiPageShare share of steps, 0 to 1, that come on two or three pages whatever `count` allows */
  constructor(story: Story, publication: Publication, multiPageShare: number) {
    this.#story = story;
    this.#publication = publication;
    this.#multiPageShare = multiPageShare;
  }

  get #seed(): number {
    return this.#story.options.seed;
  }

  text(index: number): ConnectionText {
    const known = this.#texts.get(index);
    if (known !== undefined) return known;
    const prefix = idPrefix(this.#seed, index);
    const { accountCount } = this.#story.household(index);
    const accountIds = Array.from({ length: accountCount }, (_, account) => accountId(prefix, index, account));
    const made = { index, idPrefix: prefix, accountIds };
    if (this.#texts.size >= TEXTS_KEPT) this.#texts.clear();
    this.#texts.set(index, made);
    return made;
  }

  /** Ids of every account there ever was, by position. */
  accountIds(index: number): readonly string[] {
    return (
      this.#steadyBank(index)
        ?.accounts()
        .map(({ id }) => id) ?? this.text(index).accountIds
    );
  }

  /** What the bank holds now. */
  holds(index: number): BankHolding {
    return holdingOf(this.bank(index));
  }

  /** Does what a script says, and stops the story of this connection until it is published on. */
  change(index: number, change: Change): ChangeResult {
    const bank = this.bank(index);
    bank.scripted = true;
    if (this.#publication.horizon(index) === null) this.#publication.publish(index, bank.step);
    const { generation } = bank;
    const result = applyChange(bank, change);
    if (bank.generation !== generation) this.#begun.delete(index);
    return result;
  }

  /** Tells the story of a scripted connection on by one day; it stops there. */
  tellOn(index: number): ItemBank {
    const bank = this.bank(index);
    bank.scripted = true;
    this.#publication.publish(index, bank.step + 1);
    return this.bank(index);
  }

  /** Starts a connection again as an Item that was just linked, with a history of its own. */
  restart(index: number, historyTransactions: number): void {
    const bank = this.#made(
      index,
      this.#publication.current(index),
      this.bank(index).generation + 1,
      historyTransactions,
    );
    bank.scripted = true;
    this.#begun.delete(index);
    if (this.#publication.horizon(index) === null) this.#publication.publish(index, bank.step);
  }

  /** Gives a connection that is free to be linked another bank than its story's. */
  adopt(index: number, holding: ItemHolding): void {
    const text = this.text(index);
    const step = this.#publication.current(index);
    const generation = this.bank(index).generation + 1;
    const bank = new ItemBank({ story: this.#story, household: index, text, generation, step, holding });
    this.#banks.set(index, bank);
    this.#begun.delete(index);
    this.#publication.publish(index, bank.step);
  }

  /** Links what one connection holds again as another, under new ids. */
  relink(from: number, to: number): void {
    const bank = this.bank(from).relinked(this.text(to), this.bank(to).generation + 1);
    this.#banks.set(to, bank);
    this.#begun.delete(to);
    this.#publication.publish(to, bank.step);
  }

  /** The bank behind a connection, told as far as it is published. */
  bank(index: number): ItemBank {
    const until = this.#publication.current(index);
    const known = this.#banks.get(index);
    if (known === undefined || (!known.scripted && known.step > until)) return this.#made(index, until, 0);
    known.tellUntil(until);
    return known;
  }

  #made(index: number, step: number, generation: number, historyTransactions?: number): ItemBank {
    const text = this.text(index);
    const more = historyTransactions === undefined ? {} : { historyTransactions };
    const bank = new ItemBank({ story: this.#story, household: index, text, generation, step, ...more });
    if (this.#banks.size >= BANKS_KEPT) {
      for (const [other, { scripted }] of this.#banks) if (!scripted) this.#banks.delete(other);
    }
    this.#banks.set(index, bank);
    return bank;
  }

  /** The bank of a connection that a script or a horizon takes from its story; `null` where the story alone tells. */
  #steadyBank(index: number): ItemBank | null {
    const scripted = this.#banks.get(index)?.scripted === true;
    return scripted || this.#publication.horizon(index) !== null ? this.bank(index) : null;
  }

  /** The bank that answers this cursor; `null` when the story alone does. */
  #itemBank(index: number, cursor: string | null): ItemBank | null {
    const steady = this.#steadyBank(index);
    if (steady !== null) return steady;
    const fromStart = cursor === null || cursor === '';
    const told = this.#publication.current(index) > 0;
    return (fromStart && told) || (!fromStart && isLedgerCursor(cursor)) ? this.bank(index) : null;
  }

  #bankPage(index: number, bank: ItemBank, request: SyncRequest, id: string): SyncPage | Refusal {
    const place = { seed: this.#seed, index };
    const position = ledgerPosition(bank, place, request.cursor);
    const atHead = position !== null && position.offset === 0 && position.from === bank.ledger.head;
    // Without a horizon a reader that has everything is told the next day, as a story does.
    if (bank.scripted && this.#publication.horizon(index) === null && atHead) bank.tellUntil(bank.step + 1);
    const pageSize = Math.min(request.count, this.#publication.pageSize(index) ?? request.count);
    const page = itemPage(bank, place, request, pageSize);
    if (typeof page === 'string') return page;
    if (!page.hasMore) this.#publication.told(index, bank.step);
    return { ...page, requestId: id };
  }

  /** The first call for transactions decides how far back they go. */
  #begin(index: number, days: number | undefined): void {
    if (this.#begun.has(index)) return;
    this.#begun.add(index);
    if (days === undefined) return;
    const told = historyDays(this.#story.options.historyTransactions) + this.#publication.current(index);
    if (days >= told && this.#banks.get(index)?.scripted !== true) return;
    const bank = this.bank(index);
    if (!bank.reachesBeyond(days)) return;
    bank.scripted = true;
    bank.limitHistory(days);
  }

  /** @returns `null` for a cursor that this connection never gave out */
  position(index: number, cursor: string | null): Position | null {
    return cursor === null || cursor === '' ? START : decodeCursor(this.#seed, index, cursor);
  }

  /** The newest change that a page behind this cursor may tell of: when it moves, the page is another one. */
  headBehind(index: number, cursor: string | null): number {
    return this.#itemBank(index, cursor)?.ledger.head ?? 0;
  }

  /** The page behind a cursor. The same request gets the same bytes, until a horizon moves. */
  syncPage(index: number, request: SyncRequest): SyncPage | Refusal {
    this.#begin(index, request.daysRequested);
    const id = requestId(this.#seed, `sync ${index} ${request.cursor} ${request.count} ${request.account}`);
    const bank = this.#itemBank(index, request.cursor);
    if (bank !== null) return this.#bankPage(index, bank, request, id);
    const position = this.position(index, request.cursor);
    if (position === null) return 'foreign-cursor';
    if (request.cursor !== null && request.cursor !== '' && position.account !== request.account)
      return 'foreign-cursor';
    const step = position.step + 1;
    const page = { requestId: id, updateStatus: 'HISTORICAL_UPDATE_COMPLETE' } as const;
    if (step > this.#publication.until(index)) {
      const nextCursor = request.cursor ?? '';
      return { ...page, accounts: [], added: [], modified: [], removed: [], nextCursor, hasMore: false };
    }
    const changes = this.#changesOf(index, step, request.account);
    const end = Math.min(changes.length, position.offset + this.#pageSize(index, step, changes.length, request.count));
    const hasMore = end < changes.length;
    const next = hasMore ? { ...position, offset: end } : { step, offset: 0 };
    if (!hasMore) this.#publication.told(index, step);
    return {
      ...page,
      ...this.#written(index, step, changes.slice(position.offset, end), request.withDescription),
      nextCursor: encodeCursor(this.#seed, index, { ...next, account: request.account }),
      hasMore,
    };
  }

  /**
   * The page that led to this cursor, in one piece however it was split: at most `count` changes, the newest.
   * @returns `null` when nothing was read before it
   */
  pageBefore(index: number, request: SyncRequest): SyncPage | null {
    const bank = this.#itemBank(index, request.cursor);
    if (bank !== null) return this.#bankPageBefore(index, bank, request);
    const position = this.position(index, request.cursor);
    if (position === null || request.cursor === null || (position.step < 0 && position.offset === 0)) return null;
    const inLoop = position.offset > 0;
    const step = inLoop ? position.step + 1 : position.step;
    const changes = this.#changesOf(index, step, position.account);
    const read = inLoop ? changes.slice(0, position.offset) : changes;
    return {
      ...this.#written(index, step, read.slice(-request.count), request.withDescription),
      nextCursor: request.cursor,
      hasMore: inLoop,
      requestId: requestId(this.#seed, `before ${index} ${request.cursor}`),
      updateStatus: 'HISTORICAL_UPDATE_COMPLETE',
    };
  }

  /** The cursor that a loop ends with which has come to this page. */
  endOfRead(index: number, request: SyncRequest, page: SyncPage): string {
    let end = page;
    while (end.hasMore) {
      const next = this.syncPage(index, { ...request, cursor: end.nextCursor, count: 500 });
      if (typeof next === 'string') break;
      end = next;
    }
    return end.nextCursor;
  }

  /** Records that the step behind this cursor removes, and the one before it, as they last stood. */
  removedRecords(index: number, cursor: string | null): string[] {
    const bank = this.#itemBank(index, cursor);
    if (bank !== null) return bank.ledger.gone().map((record) => heldTransactionJson(record, false));
    const step = (this.position(index, cursor)?.step ?? 0) + 1;
    const text = this.text(index);
    const household = this.#story.household(index);
    return [step - 1, step]
      .filter((each) => each >= 1)
      .flatMap((each) => this.#story.changes(index, each).removed)
      .map((entry) => transactionJson(text, household, entry, false));
  }

  /** The newest records published at a cursor, at most `count`, oldest first. */
  earlierRecords(index: number, cursor: string | null, count: number): string[] {
    const bank = this.#itemBank(index, cursor);
    if (bank !== null) {
      const from = this.#ledgerPosition(index, bank, cursor)?.from ?? 0;
      return bank.ledger
        .held(from)
        .slice(-count)
        .map((record) => heldTransactionJson(record, false));
    }
    const step = this.position(index, cursor)?.step ?? -1;
    if (step < 0) return [];
    const text = this.text(index);
    const household = this.#story.household(index);
    return this.#story
      .published(index, step)
      .slice(-count)
      .map((entry) => transactionJson(text, household, entry, false));
  }

  /** The open accounts with their balances as of the step told last: `[account_id, JSON]`. */
  accounts(index: number): (readonly [id: string, json: string])[] {
    const bank = this.#steadyBank(index);
    if (bank === null) {
      const { accountIds } = this.text(index);
      const accounts = this.#storyAccounts(index, this.#publication.current(index));
      return accounts.map((json, account) => [accountIds[account] ?? '', json] as const);
    }
    const open = bank.accounts().filter(({ state }) => state === 'open');
    return open.map((account) => [account.id, heldAccountJson(account)] as const);
  }

  /** Whether transactions of the Item were asked for: Plaid sends its webhooks from then on. */
  hasBegun(index: number): boolean {
    return this.#begun.has(index);
  }

  item(index: number, { consentEnd = null, webhook = null, institutionOf = index }: Partial<ItemFacts> = {}): string {
    return JSON.stringify({
      available_products: ['balance'],
      billed_products: ['transactions'],
      consent_expiration_time: consentEnd,
      error: null,
      institution_id: `ins_${100 + this.#story.household(institutionOf).institution}`,
      institution_name: 'Meridian',
      item_id: itemId(index),
      products: ['transactions'],
      update_type: 'background',
      webhook,
    });
  }

  /** Time of the last update that a bank told of, RFC 3339. */
  updatedAt(index: number): string {
    const step = this.#steadyBank(index)?.step ?? this.#publication.current(index);
    return `${calendarDay(this.#story.dayOfStep(step)).text}T06:00:00Z`;
  }

  /**
   * What is published and not removed at a cursor, by `transaction_id`. Inside a pagination loop: as of the loop's start,
   * for nothing of a loop counts before its last page.
   */
  truth(index: number, cursor: string | null): ReadonlyMap<string, TrueTransaction> | 'foreign-cursor' {
    const bank = this.#itemBank(index, cursor);
    if (bank !== null) return this.#bankTruth(index, bank, cursor);
    const position = this.position(index, cursor);
    if (position === null) return 'foreign-cursor';
    const text = this.text(index);
    const { currency } = this.#story.household(index);
    const truth = new Map<string, TrueTransaction>();
    if (position.step < 0) return truth;
    for (const entry of this.#story.published(index, position.step)) {
      const { account, payee } = entry.origin;
      if (position.account !== null && position.account !== account) continue;
      truth.set(entryId(text, entry), {
        account_id: text.accountIds[account] ?? '',
        amount: amountText(entry.outMinor, currency.exponent),
        iso_currency_code: currency.code,
        date: calendarDay(entry.day).text,
        pending: entry.pending,
        name: payee.statement,
      });
    }
    return truth;
  }

  /** What decides which faults can meet a page. */
  placeOf(index: number, cursor: string | null): { readonly insideLoop: boolean; readonly first: boolean } {
    const bank = this.#itemBank(index, cursor);
    if (bank === null) {
      const position = this.position(index, cursor);
      const insideLoop = position !== null && position.offset > 0;
      return { insideLoop, first: position !== null && position.step < 0 && !insideLoop };
    }
    const position = this.#ledgerPosition(index, bank, cursor);
    const insideLoop = position !== null && position.offset > 0;
    return { insideLoop, first: position !== null && position.from === 0 && !insideLoop };
  }

  #ledgerPosition(index: number, bank: ItemBank, cursor: string | null) {
    return ledgerPosition(bank, { seed: this.#seed, index }, cursor);
  }

  #bankPageBefore(index: number, bank: ItemBank, request: SyncRequest): SyncPage | null {
    const position = this.#ledgerPosition(index, bank, request.cursor);
    if (position === null || request.cursor === null || (position.from === 0 && position.offset === 0)) return null;
    const { offset, from } = position;
    const read = offset > 0 ? bank.changesFrom(from, null).slice(0, offset) : bank.ledger.changes(0, from);
    return {
      ...changesJson(bank, read.slice(-request.count), request.withDescription),
      nextCursor: request.cursor,
      hasMore: offset > 0,
      requestId: requestId(this.#seed, `before ${index} ${request.cursor}`),
      updateStatus: bank.extraction,
    };
  }

  #bankTruth(
    index: number,
    bank: ItemBank,
    cursor: string | null,
  ): ReadonlyMap<string, TrueTransaction> | 'foreign-cursor' {
    const position = this.#ledgerPosition(index, bank, cursor);
    if (position === null) return 'foreign-cursor';
    const account = position.account === null ? null : bank.accounts()[position.account];
    const held = bank.ledger.held(position.from).filter(({ accountId: id }) => account === null || id === account?.id);
    return new Map(held.map((record) => [record.id, trueTransaction(record)]));
  }

  #changesOf(index: number, step: number, account: number | null): StoryChange[] {
    const { added, modified, removed } = this.#story.changes(index, step);
    const changes: StoryChange[] = [];
    for (const entry of added) changes.push({ list: 'added', entry });
    for (const entry of modified) changes.push({ list: 'modified', entry });
    for (const entry of removed) changes.push({ list: 'removed', entry });
    return account === null ? changes : changes.filter(({ entry }) => entry.origin.account === account);
  }

  #storyAccounts(index: number, step: number): string[] {
    const household = this.#story.household(index);
    const { accountIds } = this.text(index);
    return this.#story
      .balances(index, step)
      .map((balance, account) => accountJson(household, account, accountIds[account] ?? '', balance));
  }

  #pageSize(index: number, step: number, changes: number, count: number): number {
    const fixed = this.#publication.pageSize(index);
    if (fixed !== undefined) return Math.min(count, fixed);
    if (step === 0 || this.#multiPageShare === 0) return count;
    const draw = hash32(this.#seed, index, step, 0x9a6e);
    if (draw >= this.#multiPageShare * 4_294_967_296) return count;
    return Math.min(count, Math.ceil(changes / (2 + (draw % 2))));
  }

  #written(index: number, step: number, changes: readonly StoryChange[], withDescription: boolean) {
    const text = this.text(index);
    const household = this.#story.household(index);
    const lists = { added: [] as string[], modified: [] as string[], removed: [] as string[] };
    const touched = household.openingMinor.map(() => false);
    for (const { list, entry } of changes) {
      touched[entry.origin.account] = true;
      lists[list].push(
        list === 'removed' ? removedJson(text, entry) : transactionJson(text, household, entry, withDescription),
      );
    }
    return { ...lists, accounts: this.#storyAccounts(index, step).filter((_, account) => touched[account]) };
  }
}
