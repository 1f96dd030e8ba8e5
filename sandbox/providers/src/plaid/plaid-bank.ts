/** The story in Plaid's words: pages, accounts, items, and the truth to hold a reader's copy against. No HTTP in here. */
import { hash32 } from '../random.ts';
import { calendarDay } from '../story/calendar.ts';
import { amountText } from '../story/currency.ts';
import type { Entry } from '../story/origin.ts';
import type { Publication } from '../story/publication.ts';
import type { Story } from '../story/story.ts';
import { accountJson } from './account-json.ts';
import { decodeCursor, encodeCursor, type Position, START } from './cursor.ts';
import { accountId, idPrefix, itemId, requestId } from './identifiers.ts';
import type { SyncPage } from './sync-page.ts';
import { type ConnectionText, entryId, removedJson, transactionJson } from './transaction-json.ts';

const TEXTS_KEPT = 20_000;

export interface SyncRequest {
  /** `null` = from the start. */
  readonly cursor: string | null;
  /** Most changes on a page, 1 to 500. */
  readonly count: number;
  /** Only this account; `null` = all. */
  readonly account: number | null;
  readonly withDescription: boolean;
}

/** A transaction as it must stand in a reader's copy. */
export interface TrueTransaction {
  readonly account_id: string;
  /** The JSON number's text on the wire, exact. Positive = money out. */
  readonly amount: string;
  readonly iso_currency_code: string;
  readonly date: string;
  readonly pending: boolean;
  readonly name: string;
}

/** Why a question has no answer. */
export type Refusal = 'foreign-cursor';

interface Change {
  readonly list: 'added' | 'modified' | 'removed';
  readonly entry: Entry;
}

export class PlaidBank {
  readonly #story: Story;
  readonly #publication: Publication;
  readonly #multiPageShare: number;
  readonly #texts = new Map<number, ConnectionText>();

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

  /** @returns `null` for a cursor that this connection never gave out */
  position(index: number, cursor: string | null): Position | null {
    return cursor === null || cursor === '' ? START : decodeCursor(this.#seed, index, cursor);
  }

  /** The page behind a cursor. The same request gets the same bytes, until a horizon moves. */
  syncPage(index: number, request: SyncRequest): SyncPage | Refusal {
    const position = this.position(index, request.cursor);
    if (position === null) return 'foreign-cursor';
    if (request.cursor !== null && request.cursor !== '' && position.account !== request.account)
      return 'foreign-cursor';
    const step = position.step + 1;
    const id = requestId(this.#seed, `sync ${index} ${request.cursor} ${request.count} ${request.account}`);
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

  /** Records that the step behind this cursor removes, and the one before it, as they last stood. */
  removedRecords(index: number, cursor: string | null): string[] {
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
    const step = this.position(index, cursor)?.step ?? -1;
    if (step < 0) return [];
    const text = this.text(index);
    const household = this.#story.household(index);
    return this.#story
      .published(index, step)
      .slice(-count)
      .map((entry) => transactionJson(text, household, entry, false));
  }

  /** Every account with its balances. @param step as of its end; by default the step published last */
  accounts(index: number, step = this.#publication.current(index)): string[] {
    const household = this.#story.household(index);
    const { accountIds } = this.text(index);
    return this.#story
      .balances(index, step)
      .map((balance, account) => accountJson(household, account, accountIds[account] ?? '', balance));
  }

  item(index: number): string {
    return JSON.stringify({
      available_products: ['balance'],
      billed_products: ['transactions'],
      consent_expiration_time: null,
      error: null,
      institution_id: `ins_${100 + this.#story.household(index).institution}`,
      institution_name: 'Meridian',
      item_id: itemId(index),
      products: ['transactions'],
      update_type: 'background',
      webhook: null,
    });
  }

  /** Time of the last update that a bank told of, RFC 3339. */
  updatedAt(index: number): string {
    return `${calendarDay(this.#story.dayOfStep(this.#publication.current(index))).text}T06:00:00Z`;
  }

  /**
   * What is published and not removed at a cursor, by `transaction_id`. Inside a pagination loop: as of the loop's start,
   * for nothing of a loop counts before its last page.
   */
  truth(index: number, cursor: string | null): ReadonlyMap<string, TrueTransaction> | Refusal {
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

  #changesOf(index: number, step: number, account: number | null): Change[] {
    const { added, modified, removed } = this.#story.changes(index, step);
    const changes: Change[] = [];
    for (const entry of added) changes.push({ list: 'added', entry });
    for (const entry of modified) changes.push({ list: 'modified', entry });
    for (const entry of removed) changes.push({ list: 'removed', entry });
    return account === null ? changes : changes.filter(({ entry }) => entry.origin.account === account);
  }

  #pageSize(index: number, step: number, changes: number, count: number): number {
    const fixed = this.#publication.pageSize(index);
    if (fixed !== undefined) return Math.min(count, fixed);
    if (step === 0 || this.#multiPageShare === 0) return count;
    const draw = hash32(this.#seed, index, step, 0x9a6e);
    if (draw >= this.#multiPageShare * 4_294_967_296) return count;
    return Math.min(count, Math.ceil(changes / (2 + (draw % 2))));
  }

  #written(index: number, step: number, changes: readonly Change[], withDescription: boolean) {
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
    return { ...lists, accounts: this.accounts(index, step).filter((_, account) => touched[account]) };
  }
}
