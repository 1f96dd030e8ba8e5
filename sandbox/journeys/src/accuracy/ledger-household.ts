/** A real household's ledger, published by its owner, in the shape of a labelled one, so that it goes the same way. */
import { readFileSync } from 'node:fs';
import type { HouseholdTransaction, Label, LabelledHousehold } from '@quartersec/sandbox-providers';
import { dateText, dayNumber } from './day-text.ts';

/** A file of `libs/insights/ledgers`. */
interface LedgerFile {
  readonly currency: string;
  readonly accounts: readonly { readonly kind: 'checking' | 'savings' | 'card'; readonly name: string }[];
  readonly payees: readonly string[];
  /** Date, account, minor units (positive = money in), payee. */
  readonly records: readonly (readonly [date: string, account: number, minor: number, payee: number])[];
  readonly labels: readonly {
    readonly kind: 'recurring';
    readonly direction: 'in' | 'out';
    readonly rhythm: 'fortnightly' | 'monthly';
    readonly amountKind: 'fixed' | 'variable';
    readonly account: number;
    readonly isDemanded: boolean;
    readonly records: readonly number[];
    readonly note: string;
  }[];
  /** One out and one in, by record: the double entry says that it is one movement. */
  readonly ownTransfers: readonly (readonly [number, number])[];
}

/** Kinds that its labels can judge: balances and categories are not in it. */
export const ledgerKinds: ReadonlySet<string> = new Set([
  'recurring',
  'price-change',
  'missed',
  'duplicate-charge',
  'unusual-spend',
]);

export const ledgerFiles = ['wiegley-2003.json'] as const;

/** @throws {Error} when the file cannot be read */
export function readLedger(file: URL): LabelledHousehold {
  const ledger = JSON.parse(readFileSync(file, 'utf8')) as LedgerFile;
  const days = ledger.records.map(([date]) => dayNumber(date));
  const firstDay = Math.min(...days);
  const lastDay = Math.max(...days);
  const own = new Set(ledger.ownTransfers.flat());
  const idOf = (record: number) => `ledger-record-${record}`;
  const transactions = ledger.records.map(([date, account, minor, payee], record): HouseholdTransaction => {
    const day = dayNumber(date);
    const name = ledger.payees[payee] ?? '';
    return {
      key: record,
      id: idOf(record),
      pendingId: null,
      pendingDay: null,
      connection: 0,
      account,
      day,
      movesDay: day,
      toldDay: day,
      outMinor: -minor,
      purpose: own.has(record) ? (minor < 0 ? 'own-out' : 'own-in') : 'marketplace',
      counterparty: name,
      statement: name.toUpperCase(),
      merchantName: null,
      merchantEntityId: null,
      category: null,
      channel: 'other',
      city: null,
      isMissing: false,
    };
  });
  const accounts = ledger.accounts.map(({ kind, name }, account) => {
    let balance = 0;
    const balances = Array.from({ length: lastDay - firstDay + 1 }, () => 0).map((_, at) => {
      for (const each of transactions)
        if (each.account === account && each.day === firstDay + at) balance -= each.outMinor;
      return balance;
    });
    return {
      kind,
      name,
      connection: 0,
      id: `ledger-account-${account}`,
      openingMinor: 0,
      currency: ledger.currency,
      exponent: 2,
      balances,
    };
  });
  return {
    seed: 0,
    country: 'ledger',
    isEnriched: false,
    firstDay,
    lastDay,
    connections: [{ institutionId: 'ins_ledger', name: 'Ledger', consentEndDays: [] }],
    accounts,
    transactions,
    labels: labelsOf(ledger, idOf),
  };
}

function labelsOf(ledger: LedgerFile, idOf: (record: number) => string): Label[] {
  const dateOf = (record: number | undefined) => ledger.records[record ?? -1]?.[0] ?? '';
  const payeeOf = (record: number | undefined) => ledger.payees[ledger.records[record ?? -1]?.[3] ?? -1] ?? '';
  const lastDate = ledger.records.at(-1)?.[0] ?? '';
  const recurring = ledger.labels.map(({ records, note: _, ...label }): Label => {
    const untilDate = dateOf(records.at(-1));
    const hasEnded = dayNumber(untilDate) < dayNumber(lastDate) - 60;
    return {
      ...label,
      counterparty: payeeOf(records[0]),
      fromDate: dateOf(records[0]),
      untilDate,
      endedDate: hasEnded ? untilDate : null,
      ids: records.map(idOf),
    };
  });
  const transfers = ledger.ownTransfers.map(([one, other]): Label => {
    const [out, into] = (ledger.records[one]?.[2] ?? 0) < 0 ? [one, other] : [other, one];
    const [from, until] = [dateOf(out), dateOf(into)].sort();
    return {
      kind: 'own-transfer',
      of: ledger.accounts[ledger.records[into]?.[1] ?? -1]?.kind === 'card' ? 'card-payment' : 'savings',
      hasHint: false,
      account: ledger.records[out]?.[1] ?? 0,
      counterparty: payeeOf(out),
      fromDate: from ?? '',
      untilDate: until ?? '',
      ids: [idOf(out), idOf(into)],
      isDemanded: true,
    };
  });
  return [...recurring, ...transfers];
}

/** The months of a ledger, for a report. */
export const spanOf = ({ firstDay, lastDay, transactions }: LabelledHousehold): string =>
  `${dateText(firstDay)} to ${dateText(lastDay)}, ${transactions.length} records`;
