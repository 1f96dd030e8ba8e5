/** Hand-made views for tests: movements as rows, put into ledgers the way a state does it. */
import { dayOf } from '../day.ts';
import type { AccountView, Category, ConnectionView, CounterpartyLedger, Day, Movement, View } from '../view.ts';

export interface MovementRow {
  readonly on: string;
  readonly minor: number;
  /** Account id; default `current`. */
  readonly account?: string;
  /** Counterparty as people read it; `null` where the statement names none. */
  readonly who?: string | null;
  /** Default: `who` in lower case. */
  readonly key?: string;
  readonly category?: Category;
  readonly transferLike?: boolean;
  readonly foreign?: boolean;
}

export interface AccountRow {
  readonly id: string;
  readonly connection?: string;
  readonly currency?: string;
  readonly type?: AccountView['type'];
  readonly balance?: number | null;
  readonly balanceOn?: string;
  readonly earlier?: { readonly minor: number; readonly on: string };
  readonly settled?: { readonly minor: number; readonly on: string };
  readonly name?: string;
}

export interface ViewRows {
  readonly today: string;
  readonly accounts?: readonly AccountRow[];
  readonly movements?: readonly MovementRow[];
  readonly connections?: Readonly<Record<string, Partial<ConnectionView>>>;
  /** Ledgers by `account|key|direction` whose older movements were dropped. */
  readonly cut?: readonly string[];
}

/** One account of each sort, at three banks. */
export const accountsOfEachSort: readonly AccountRow[] = [
  { id: 'current', type: 'CACC' },
  { id: 'savings', connection: 'c2', type: 'SVGS', name: 'Rainy Day' },
  { id: 'second', connection: 'c3', type: 'CACC' },
  { id: 'card', connection: 'c1', type: 'CARD' },
  { id: 'mortgage', connection: 'c1', type: 'MORT' },
  { id: 'dollars', connection: 'c3', type: 'CACC', currency: 'USD' },
];

export function day(text: string): Day {
  const found = dayOf(text);
  if (found === undefined) throw new RangeError(`${text} is no date`);
  return found;
}

export function buildView({ today, accounts: given = [], movements = [], connections = {}, cut = [] }: ViewRows): View {
  const rows: readonly AccountRow[] = given.length > 0 ? given : [{ id: 'current' }];
  const accounts = rows.map((row) => accountView(row, day(today)));
  const ids = [...new Set(accounts.map(({ connectionId }) => connectionId))];
  return {
    today: day(today),
    connections: ids.map((connectionId) => ({
      connectionId,
      institutionId: `bank-of-${connectionId}`,
      consentEndsDay: null,
      syncedDay: day(today),
      isHistoryComplete: true,
      ...connections[connectionId],
    })),
    accounts,
    ledgers: ledgersOf(movements, accounts, new Set(cut)),
    droppedMonths: [],
  };
}

function accountView(row: AccountRow, today: Day): AccountView {
  const type = row.type ?? 'CACC';
  return {
    connectionId: row.connection ?? 'c1',
    accountId: row.id,
    currency: row.currency ?? 'EUR',
    type,
    nature: type === 'CARD' || type === 'LOAN' || type === 'MORT' ? 'liability' : 'asset',
    balanceMinor: row.balance ?? null,
    earlierBalance: row.earlier === undefined ? null : { minor: row.earlier.minor, day: day(row.earlier.on) },
    settledBalance: row.settled === undefined ? null : { minor: row.settled.minor, day: day(row.settled.on) },
    balanceDay: row.balance == null ? null : row.balanceOn === undefined ? today : day(row.balanceOn),
    name: row.name ?? null,
  };
}

function ledgersOf(
  rows: readonly MovementRow[],
  accounts: readonly AccountView[],
  cut: ReadonlySet<string>,
): CounterpartyLedger[] {
  const ledgers = new Map<string, CounterpartyLedger & { readonly movements: Movement[] }>();
  for (const row of rows) {
    const account = accounts.find(({ accountId }) => accountId === (row.account ?? 'current'));
    if (account === undefined) throw new RangeError(`no account ${row.account}`);
    const key = row.key ?? row.who?.toLowerCase() ?? 'unnamed';
    const direction = row.minor > 0 ? 'in' : 'out';
    const id = `${account.accountId}|${key}|${direction}`;
    const { connectionId, accountId, currency } = account;
    const fresh = {
      connectionId,
      accountId,
      currency,
      direction,
      key,
      label: row.who ?? null,
      isCut: cut.has(id),
      cutDay: cut.has(id) ? day(row.on) : null,
    } as const;
    const ledger = ledgers.get(id) ?? { ...fresh, movements: [] };
    ledgers.set(id, ledger);
    ledger.movements.push({
      day: day(row.on),
      minor: row.minor,
      category: row.category ?? 'other',
      isForeign: row.foreign ?? false,
      isTransferLike: row.transferLike ?? row.category === 'transfer',
    });
  }
  for (const { movements } of ledgers.values()) movements.sort((a, b) => a.day - b.day || a.minor - b.minor);
  const text = (ledger: CounterpartyLedger) =>
    `${ledger.connectionId}|${ledger.accountId}|${ledger.key}|${ledger.direction}`;
  return [...ledgers.values()].sort((a, b) => (text(a) < text(b) ? -1 : 1));
}

/** One row a month, the same day each time, from a first date on. */
export function monthly(first: string, times: number, row: Omit<MovementRow, 'on'>): MovementRow[] {
  const [year, month, dayOfMonth] = first.split('-').map(Number);
  return Array.from({ length: times }, (_, index) => {
    const date = new Date(Date.UTC(year ?? 0, (month ?? 1) - 1 + index, dayOfMonth));
    return { ...row, on: date.toISOString().slice(0, 10) };
  });
}

/** One row every so many days, from a first date on. */
export function every(days: number, first: string, times: number, row: Omit<MovementRow, 'on'>): MovementRow[] {
  return Array.from({ length: times }, (_, index) => {
    const date = new Date((day(first) + index * days) * 86_400_000);
    return { ...row, on: date.toISOString().slice(0, 10) };
  });
}
