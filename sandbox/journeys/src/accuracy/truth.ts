/** A household's labels, by what an insight points at. */
import type { HouseholdTransaction, Label, LabelledHousehold, RecurringLabel } from '@quartersec/sandbox-providers';
import { dayNumber } from './day-text.ts';

export interface Series {
  readonly label: RecurringLabel;
  /** Oldest first. */
  readonly records: readonly HouseholdTransaction[];
}

export class Truth {
  readonly household: LabelledHousehold;
  readonly byId: ReadonlyMap<string, HouseholdTransaction>;
  readonly series: readonly Series[];
  readonly #seriesOf = new Map<string, Series>();

  constructor(household: LabelledHousehold) {
    this.household = household;
    this.byId = new Map(household.transactions.map((transaction) => [transaction.id, transaction]));
    this.series = this.labels('recurring').map((label) => {
      const records = label.ids.map((id) => this.byId.get(id)).filter((record) => record !== undefined);
      const series = { label, records };
      for (const { id } of records) this.#seriesOf.set(id, series);
      return series;
    });
  }

  labels<K extends Label['kind']>(kind: K): readonly Extract<Label, { kind: K }>[] {
    return this.household.labels.filter((label): label is Extract<Label, { kind: K }> => label.kind === kind);
  }

  /** The series that most of these records are of; `undefined` where most are of none. */
  seriesOf(records: Iterable<HouseholdTransaction>): Series | undefined {
    const counts = new Map<Series | undefined, number>();
    let total = 0;
    for (const { id } of records) {
      const series = this.#seriesOf.get(id);
      counts.set(series, (counts.get(series) ?? 0) + 1);
      total += 1;
    }
    for (const [series, count] of counts) if (series !== undefined && count * 2 > total) return series;
    return undefined;
  }

  /** Look-alikes that one of the records is of. */
  innocents(records: ReadonlySet<HouseholdTransaction>) {
    const ids = new Set([...records].map(({ id }) => id));
    return this.labels('innocent').filter((label) => label.ids.some((id) => ids.has(id)));
  }

  /** The balance at the end of a day. */
  balance(account: number, day: number): number | undefined {
    return this.household.accounts[account]?.balances[day - this.household.firstDay];
  }

  /** Wages of a mean month. */
  get monthlyWageMinor(): number {
    const { transactions, firstDay, lastDay } = this.household;
    const earned = transactions.reduce((sum, each) => sum + (each.purpose === 'wage' ? -each.outMinor : 0), 0);
    return (earned * 30.4) / (lastDay - firstDay);
  }
}

export const daysOf = (label: { readonly fromDate: string; readonly untilDate: string }) => ({
  from: dayNumber(label.fromDate),
  until: dayNumber(label.untilDate),
});
