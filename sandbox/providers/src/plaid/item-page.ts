/** An Item's bank in Plaid's words: pages of /transactions/sync with the net changes behind a cursor. */
import { heldAccountJson } from '../bank/held-account.ts';
import { type HeldTransaction, heldTransactionJson } from '../bank/held-transaction.ts';
import type { ItemBank } from '../bank/item-bank.ts';
import type { NetChange } from '../bank/item-ledger.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { decodeLedgerCursor, encodeLedgerCursor, type LedgerPosition } from './ledger-cursor.ts';
import type { SyncRequest } from './plaid-bank.ts';
import type { SyncPage } from './sync-page.ts';

/** Whose cursors. */
export interface ItemPlace {
  readonly seed: number;
  readonly index: number;
}

const START: LedgerPosition = { from: 0, to: 0, offset: 0, account: null };

/**
 * @returns `null` for a cursor that this Item never gave out. Cursors of the story are good as long as the bank remembers
 * their steps.
 */
export function ledgerPosition(
  bank: ItemBank,
  { seed, index }: ItemPlace,
  cursor: string | null,
): LedgerPosition | null {
  if (cursor === null || cursor === '') return START;
  const told = decodeCursor(seed, index, cursor);
  if (told === null) {
    const position = decodeLedgerCursor(seed, index, bank.generation, cursor);
    return position !== null && Math.max(position.from, position.to) <= bank.ledger.head ? position : null;
  }
  const { step, offset, account } = told;
  const from = bank.sequenceOfStep(step);
  const to = bank.sequenceOfStep(offset > 0 ? step + 1 : step);
  return from === undefined || to === undefined ? null : { from, to, offset, account };
}

function cursorAt(bank: ItemBank, { seed, index }: ItemPlace, position: LedgerPosition): string {
  const step = position.offset === 0 && !bank.scripted ? bank.stepOfSequence(position.from) : undefined;
  if (step !== undefined) return encodeCursor(seed, index, { step, offset: 0, account: position.account });
  return encodeLedgerCursor(seed, index, bank.generation, position);
}

const removedJson = ({ id, accountId }: HeldTransaction): string =>
  `{"account_id":"${accountId}","transaction_id":"${id}"}`;

export function changesJson(bank: ItemBank, changes: readonly NetChange<HeldTransaction>[], withDescription: boolean) {
  const lists = { added: [] as string[], modified: [] as string[], removed: [] as string[] };
  const about = new Set<string>();
  for (const { kind, value } of changes) {
    about.add(value.accountId);
    lists[kind].push(kind === 'removed' ? removedJson(value) : heldTransactionJson(value, withDescription));
  }
  const accounts = bank.accounts().filter(({ id, state }) => about.has(id) && state === 'open');
  return { ...lists, accounts: accounts.map(heldAccountJson) };
}

/** @param pageSize most changes on the page */
export function itemPage(
  bank: ItemBank,
  place: ItemPlace,
  request: SyncRequest,
  pageSize: number,
): Omit<SyncPage, 'requestId'> | 'foreign-cursor' | 'mutation' {
  const updateStatus = bank.extraction;
  if (updateStatus === 'NOT_READY') {
    return { accounts: [], added: [], modified: [], removed: [], nextCursor: '', hasMore: false, updateStatus };
  }
  const position = ledgerPosition(bank, place, request.cursor);
  if (position === null) return 'foreign-cursor';
  const first = request.cursor === null || request.cursor === '';
  if (!first && position.account !== request.account) return 'foreign-cursor';
  const { head } = bank.ledger;
  if (position.offset > 0 && position.to !== head) return 'mutation';
  const account = request.account === null ? null : (bank.accounts()[request.account] ?? null);
  const changes = bank.changesFrom(position.from, account);
  const end = Math.min(changes.length, position.offset + pageSize);
  const hasMore = end < changes.length;
  const next = { from: hasMore ? position.from : head, to: head, offset: hasMore ? end : 0, account: request.account };
  const standsStill = !first && changes.length === 0 && position.offset === 0 && position.from === head;
  return {
    ...changesJson(bank, changes.slice(position.offset, end), request.withDescription),
    nextCursor: standsStill ? (request.cursor ?? '') : cursorAt(bank, place, next),
    hasMore,
    updateStatus,
  };
}
