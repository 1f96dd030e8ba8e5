/** The view of one or more connections, from their states and what else is known of them. */
import type { Account, Balance } from '@quartersec/validation';
import { samePayees } from './counterparty-alias.ts';
import { dayOf } from './day.ts';
import { compareDroppedMonths } from './dropped-months.ts';
import { compareTexts, type LedgerState } from './kept-movement.ts';
import { minorOf } from './minor-amount.ts';
import { remembered, rememberedBeside } from './remembered.ts';
import { compareLedgers } from './retention.ts';
import type { ConnectionState } from './state.ts';
import type { AccountView, ConnectionView, CounterpartyLedger, Day, Movement, View } from './view.ts';

/** An account as the connection's head has it. */
export interface AccountFacts extends Account {
  /** Closed and replaced ones never count; absent is open. */
  readonly state?: 'open' | 'closed' | 'replaced';
  /** Day on which its balances were read; a balance that says its own day is of that one. */
  readonly readDay?: Day | null;
  /** The reading before. */
  readonly earlierBalance?: AccountView['earlierBalance'];
  readonly settledBalance?: AccountView['settledBalance'];
}

export interface ConnectionFacts extends ConnectionView {
  readonly accounts: readonly AccountFacts[];
}

export interface ConnectionPart {
  readonly facts: ConnectionFacts;
  readonly state: ConnectionState;
}

/** @param parts in any order; a connection that is there twice counts as its later reading says */
export function viewOf(parts: readonly ConnectionPart[], today: Day): View {
  const empty: View = { today, connections: [], accounts: [], ledgers: [], droppedMonths: [] };
  const views = parts.map((part) => partView(part, today));
  const isEachOnce = new Set(parts.map(({ facts }) => facts.connectionId)).size === parts.length;
  return isEachOnce ? joinViews(views, today) : views.reduce(mergeViews, empty);
}

/** As `mergeViews`, of connections that are there once: each part is in order already, so they only have to be put behind one another. */
function joinViews(views: readonly View[], today: Day): View {
  const idOf = ({ connections: [connection] }: View) => connection?.connectionId ?? '';
  const ordered = views.toSorted((left, right) => compareTexts(idOf(left), idOf(right)));
  return {
    today,
    connections: ordered.flatMap(({ connections }) => connections),
    accounts: ordered.flatMap(({ accounts }) => accounts),
    ledgers: ordered.flatMap(({ ledgers }) => ledgers),
    droppedMonths: ordered.flatMap(({ droppedMonths }) => droppedMonths),
  };
}

/** Of one user. Which comes first makes no difference, nor does what is merged first. */
export function mergeViews(a: View, b: View): View {
  if (a === b) return a;
  const connections = new Map<string, { readonly connection: ConnectionView; readonly view: View }>();
  for (const view of [a, b]) {
    for (const connection of view.connections) {
      const known = connections.get(connection.connectionId);
      if (known === undefined || isLater({ connection, view }, known))
        connections.set(connection.connectionId, { connection, view });
    }
  }
  const isOf = (view: View) => (member: { readonly connectionId: string }) =>
    connections.get(member.connectionId)?.view === view;
  return {
    today: Math.max(a.today, b.today),
    connections: [...connections.values()]
      .map(({ connection }) => connection)
      .sort((left, right) => compareTexts(left.connectionId, right.connectionId)),
    accounts: [...a.accounts.filter(isOf(a)), ...b.accounts.filter(isOf(b))].sort(
      (left, right) =>
        compareTexts(left.connectionId, right.connectionId) || compareTexts(left.accountId, right.accountId),
    ),
    ledgers: [...a.ledgers.filter(isOf(a)), ...b.ledgers.filter(isOf(b))].sort(
      (left, right) => compareTexts(left.connectionId, right.connectionId) || compareLedgers(left, right),
    ),
    droppedMonths: [...a.droppedMonths.filter(isOf(a)), ...b.droppedMonths.filter(isOf(b))].sort(
      (left, right) => compareTexts(left.connectionId, right.connectionId) || compareDroppedMonths(left, right),
    ),
  };
}

interface Reading {
  readonly connection: ConnectionView;
  readonly view: View;
}

function isLater(reading: Reading, than: Reading): boolean {
  const days = (reading.connection.syncedDay ?? -1) - (than.connection.syncedDay ?? -1);
  return days > 0 || (days === 0 && textOf(reading) > textOf(than));
}

function textOf({ connection, view }: Reading): string {
  const isOwn = ({ connectionId }: { readonly connectionId: string }) => connectionId === connection.connectionId;
  return JSON.stringify([
    connection,
    view.accounts.filter(isOwn),
    view.ledgers.filter(isOwn),
    view.droppedMonths.filter(isOwn),
  ]);
}

function partView({ facts, state }: ConnectionPart, today: Day): View {
  const { accounts, connectionId, institutionId, consentEndsDay, syncedDay, isHistoryComplete } = facts;
  const views = accounts
    .map((account) => accountView(connectionId, account))
    .filter((account) => account !== undefined)
    .sort((left, right) => compareTexts(left.accountId, right.accountId));
  const open = new Set(views.map(({ accountId }) => accountId));
  return {
    today,
    connections: [{ connectionId, institutionId, consentEndsDay, syncedDay, isHistoryComplete }],
    accounts: views,
    ledgers: ledgersOf(state, connectionId, ...open),
    droppedMonths: state.droppedMonths
      .filter(({ accountId }) => open.has(accountId))
      .map((month) => ({ connectionId, ...month }))
      .sort(compareDroppedMonths),
  };
}

/** @param open ids of the open accounts */
const ledgersOf = rememberedBeside((state: ConnectionState, connectionId: string, ...open: readonly string[]) => {
  const ids = new Set(open);
  return samePayees(
    state.ledgers.filter(({ accountId }) => ids.has(accountId)).map((ledger) => ledgerView(ledger, connectionId)),
    state.ledgers.flatMap(spokenIn),
  ).sort(compareLedgers);
});

const spokenIn = remembered(({ key, movements }: LedgerState) =>
  movements.flatMap(({ spoken }) => (spoken === null ? [] : [[spoken, key] as const])),
);

const ledgerView = rememberedBeside((ledger: LedgerState, connectionId: string): CounterpartyLedger => {
  const { accountId, currency, direction, key, cut, movements } = ledger;
  const label = movements.findLast((movement) => movement.label !== null)?.label ?? null;
  return {
    connectionId,
    accountId,
    currency,
    direction,
    key,
    label,
    movements: movements.map(publicOf),
    isCut: cut !== null,
    cutDay: cut?.day ?? null,
  };
});

function publicOf({ day, minor, category, isForeign, isTransferLike }: Movement): Movement {
  return { day, minor, category, isForeign, isTransferLike };
}

/**
 * What an account has, borrowed money left out.
 * @param readDay of a balance that does not say its own day
 * @returns `undefined` where the provider gives none that can be reckoned with
 */
export function balanceOf(
  { balances, currency }: Pick<Account, 'balances' | 'currency'>,
  readDay: Day | null,
): { readonly minor: number; readonly day: Day | null } | undefined {
  const balance = currency === null ? undefined : ownBalance(balances, currency);
  const minor = balance === undefined ? undefined : minorOf(balance.amount);
  if (balance === undefined || minor === undefined) return undefined;
  const ownDay = balance.asOf === null ? undefined : dayOf(balance.asOf);
  return { minor, day: ownDay ?? readDay };
}

function accountView(connectionId: string, account: AccountFacts): AccountView | undefined {
  const { accountId, currency, type, nature, name, readDay, earlierBalance, settledBalance, state } = account;
  if (currency === null || (state !== undefined && state !== 'open')) return undefined;
  const balance = balanceOf(account, readDay ?? null);
  return {
    connectionId,
    accountId,
    currency,
    type,
    nature,
    balanceMinor: balance?.minor ?? null,
    earlierBalance: earlierBalance ?? null,
    settledBalance: settledBalance ?? null,
    balanceDay: balance?.day ?? null,
    name,
  };
}

/** Booked ones first: they are what movements add up to. */
const balanceOrder: readonly Balance['balanceType'][] = ['CLBD', 'ITBD', 'CLAV', 'ITAV', 'OPBD', 'PRCD'];

/** Never one with borrowed money in it. */
function ownBalance(balances: readonly Balance[], currency: string): Balance | undefined {
  const own = balances.filter(({ creditIncluded, amount }) => !creditIncluded && amount.currency === currency);
  for (const type of balanceOrder) {
    const found = own.find(({ balanceType }) => balanceType === type);
    if (found !== undefined) return found;
  }
  return undefined;
}
