import { dayOf } from '../day.ts';
import type { AccountView, Category, ConnectionView, CounterpartyLedger, Day, Movement, View } from '../view.ts';

interface GivenLedger {
  /** Date and minor units, oldest first. */
  readonly of: readonly (readonly [date: string, minor: number])[];
  readonly key?: string;
  readonly category?: Category;
  readonly isTransferLike?: boolean;
  readonly accountId?: string;
  readonly connectionId?: string;
  readonly currency?: string;
  readonly isCut?: boolean;
  readonly label?: string | null;
}

export const sampleDay = (date: string): Day => dayOf(date) ?? Number.NaN;

export function sampleLedgerOf(given: GivenLedger): CounterpartyLedger {
  const { key = 'k', category = 'entertainment', isTransferLike = false, label = 'Name' } = given;
  const movements = given.of.map(([date, minor]): Movement => {
    return { day: sampleDay(date), minor, category, isForeign: false, isTransferLike };
  });
  return {
    connectionId: given.connectionId ?? 'c1',
    accountId: given.accountId ?? 'a1',
    currency: given.currency ?? 'EUR',
    direction: (movements[0]?.minor ?? -1) > 0 ? 'in' : 'out',
    key,
    label,
    movements,
    isCut: given.isCut ?? false,
    cutDay: given.isCut === true ? (movements[0]?.day ?? null) : null,
  };
}

/** All accounts of its ledgers are open, and read up to today unless said otherwise. */
export function sampleView(today: string, ledgers: readonly GivenLedger[], syncedDate: string | null = today): View {
  const all = ledgers.map(sampleLedgerOf);
  const connectionIds = [...new Set(all.map(({ connectionId }) => connectionId))];
  const accounts = new Map(all.map((ledger) => [`${ledger.connectionId} ${ledger.accountId}`, ledger]));
  return {
    today: sampleDay(today),
    connections: connectionIds.map((connectionId): ConnectionView => {
      return {
        connectionId,
        institutionId: 'i1',
        consentEndsDay: null,
        syncedDay: syncedDate === null ? null : sampleDay(syncedDate),
        isHistoryComplete: true,
      };
    }),
    accounts: [...accounts.values()].map(({ connectionId, accountId, currency }): AccountView => {
      return {
        connectionId,
        accountId,
        currency,
        type: 'CACC',
        nature: 'asset',
        balanceMinor: null,
        earlierBalance: null,
        settledBalance: null,
        balanceDay: null,
        name: null,
      };
    }),
    ledgers: all,
    droppedMonths: [],
  };
}

/** Dates a month apart, from the first on; amounts by position, the last one for the rest. */
export function monthly(
  first: string,
  count: number,
  ...amounts: readonly number[]
): readonly (readonly [string, number])[] {
  const [year = 0, month = 0, day = 0] = first.split('-').map(Number);
  return Array.from({ length: count }, (_, index) => {
    const date = new Date(Date.UTC(year, month - 1 + index, day)).toISOString().slice(0, 10);
    return [date, amounts[Math.min(index, amounts.length - 1)] ?? 0] as const;
  });
}

/** Dates so many days apart. */
export function every(
  days: number,
  first: string,
  count: number,
  ...amounts: readonly number[]
): readonly (readonly [string, number])[] {
  return Array.from({ length: count }, (_, index) => {
    const date = new Date(Date.parse(`${first}T00:00:00Z`) + index * days * 86_400_000).toISOString().slice(0, 10);
    return [date, amounts[index % amounts.length] ?? 0] as const;
  });
}
