/** The story of every connection, as the simulator knows it: provider formats only put it into words. */
import { dayOf } from './calendar.ts';
import { historyOrigins, standingOrigins, visitOrigins } from './day-plan.ts';
import { createHousehold, type Household } from './household.ts';
import { type Balance, Ledger } from './ledger.ts';
import { type Changes, changesAt, type Entry, entryAt, LONGEST_FATE_STEPS } from './origin.ts';

/** Steps a story lasts: 273 years, "for ever" for a test, and dates keep four digits. */
export const LAST_STEP = 100_000;
/** Facts of a connection are drawn again when more than these are in use. */
const HOUSEHOLDS_KEPT = 20_000;

export interface StoryOptions {
  /** Same seed, same story. */
  readonly seed: number;
  readonly connections: number;
  /** Virtual day of step 1, YYYY-MM-DD. */
  readonly startDate: string;
  /** Records that a first read finds. */
  readonly historyTransactions: number;
}

interface Known {
  readonly household: Household;
  readonly ledger: Ledger;
}

export class Story {
  readonly options: StoryOptions;
  readonly #firstDay: number;
  readonly #known = new Map<number, Known>();

  /** @throws {RangeError} when `startDate` is no date */
  constructor(options: StoryOptions) {
    this.options = options;
    this.#firstDay = dayOf(options.startDate);
  }

  /** Virtual day on which a step is published; the history (step 0) is published the day before step 1. */
  dayOfStep(step: number): number {
    return this.#firstDay + step - 1;
  }

  /** @param index 0 up to, not including, `connections` */
  household(index: number): Household {
    return this.#get(index).household;
  }

  /**
   * What a step publishes, oldest change first. Step 0 is the history.
   * @param historyTransactions records of the history, where one connection has another number of them
   */
  changes(index: number, step: number, historyTransactions = this.options.historyTransactions): Changes {
    const { seed } = this.options;
    const { household } = this.#get(index);
    const changes: Changes = { added: [], modified: [], removed: [] };
    if (step === 0) {
      for (const origin of historyOrigins(seed, household, this.#firstDay, historyTransactions)) {
        changesAt(origin, 0, changes);
      }
      return changes;
    }
    for (let from = Math.max(1, step - LONGEST_FATE_STEPS); from <= step; from += 1) {
      for (const origin of visitOrigins(seed, household, from, this.dayOfStep(from))) changesAt(origin, step, changes);
    }
    for (const origin of standingOrigins(seed, household, step, this.dayOfStep(step))) changesAt(origin, step, changes);
    return changes;
  }

  /** Everything published and not removed once `step` is complete: told from the origins, not from the changes. */
  published(index: number, step: number): Entry[] {
    const { seed, historyTransactions } = this.options;
    const { household } = this.#get(index);
    const origins = historyOrigins(seed, household, this.#firstDay, historyTransactions);
    for (let from = 1; from <= step; from += 1) {
      origins.push(...standingOrigins(seed, household, from, this.dayOfStep(from)));
      origins.push(...visitOrigins(seed, household, from, this.dayOfStep(from)));
    }
    return origins.map((origin) => entryAt(origin, step)).filter((entry) => entry !== null);
  }

  /** Balances of each account once `step` is complete. From step 0 on they move by exactly what is published. */
  balances(index: number, step: number): readonly Balance[] {
    return this.#get(index).ledger.balancesAt(step);
  }

  #get(index: number): Known {
    const known = this.#known.get(index);
    if (known !== undefined) return known;
    if (!Number.isInteger(index) || index < 0 || index >= this.options.connections) {
      throw new RangeError(`connection ${index} is not one of 0 to ${this.options.connections - 1}`);
    }
    const household = createHousehold(this.options.seed, index);
    const ledger = new Ledger(household, (step) => this.#originsAlive(household, step));
    if (this.#known.size >= HOUSEHOLDS_KEPT) this.#known.clear();
    const made = { household, ledger };
    this.#known.set(index, made);
    return made;
  }

  #originsAlive(household: Household, step: number) {
    const { seed } = this.options;
    const origins = standingOrigins(seed, household, step, this.dayOfStep(step));
    for (let from = Math.max(1, step - LONGEST_FATE_STEPS); from <= step; from += 1) {
      origins.push(...visitOrigins(seed, household, from, this.dayOfStep(from)));
    }
    return origins;
  }
}
