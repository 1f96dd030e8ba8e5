/** What a household is told over its history: each insight once, by kind and fingerprint, with the days on which it stood. */
import type { Insight } from '@quartersec/insights';
import type { HouseholdTransaction, LabelledHousehold } from '@quartersec/sandbox-providers';
import { dayNumber } from './day-text.ts';

export interface Telling {
  readonly kind: Insight['kind'];
  /** As it was first told, and as it stood last. */
  readonly first: Insight;
  last: Insight;
  readonly firstDay: number;
  lastDay: number;
  /** Records that its evidence points at, over all the time that it stood. */
  readonly transactions: Set<HouseholdTransaction>;
}

export class Tellings {
  readonly all = new Map<string, Telling>();
  readonly #byEvidence = new Map<string, HouseholdTransaction[]>();
  readonly #placeOf: (accountId: string) => number | undefined;

  /** @param placeOf our account id to the account's place in the household */
  constructor(household: LabelledHousehold, placeOf: (accountId: string) => number | undefined) {
    this.#placeOf = placeOf;
    for (const transaction of household.transactions) {
      const key = `${transaction.account}/${transaction.day}/${-transaction.outMinor}`;
      const known = this.#byEvidence.get(key);
      if (known === undefined) this.#byEvidence.set(key, [transaction]);
      else known.push(transaction);
    }
  }

  hear(today: number, insights: readonly Insight[]): void {
    for (const insight of insights) {
      const key = `${insight.kind}/${insight.fingerprint}`;
      let telling = this.all.get(key);
      if (telling === undefined) {
        telling = {
          kind: insight.kind,
          first: insight,
          last: insight,
          firstDay: today,
          lastDay: today,
          transactions: new Set(),
        };
        this.all.set(key, telling);
      }
      telling.last = insight;
      telling.lastDay = today;
      for (const each of insight.evidence) for (const found of this.recordsOf(each)) telling.transactions.add(found);
    }
  }

  /** Two records of one account, day and amount cannot be told apart: both. */
  recordsOf(each: {
    readonly accountId: string;
    readonly date: string;
    readonly minor: number;
  }): readonly HouseholdTransaction[] {
    const place = this.#placeOf(each.accountId);
    return this.#byEvidence.get(`${place}/${dayNumber(each.date)}/${each.minor}`) ?? [];
  }
}
