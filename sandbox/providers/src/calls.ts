/** Counts of calls, so that a test can say "exactly 4". A call counts when it arrives, whatever becomes of its answer. */

export interface CallCounts {
  readonly total: number;
  readonly byPath: Readonly<Record<string, number>>;
  /** `ok`, `error:<Plaid's code>`, or `fault:<kind>`. */
  readonly byOutcome: Readonly<Record<string, number>>;
}

interface Tally {
  total: number;
  readonly byPath: Map<string, number>;
  readonly byOutcome: Map<string, number>;
}

const emptyTally = (): Tally => ({ total: 0, byPath: new Map(), byOutcome: new Map() });

function bump(tally: Tally, path: string, outcome: string): void {
  tally.total += 1;
  tally.byPath.set(path, (tally.byPath.get(path) ?? 0) + 1);
  tally.byOutcome.set(outcome, (tally.byOutcome.get(outcome) ?? 0) + 1);
}

const counts = (tally: Tally): CallCounts => ({
  total: tally.total,
  byPath: Object.fromEntries(tally.byPath),
  byOutcome: Object.fromEntries(tally.byOutcome),
});

export class Calls {
  #all = emptyTally();
  readonly #byToken = new Map<string, Tally>();

  /** @param token `null` when the call named no connection that exists */
  count(token: string | null, path: string, outcome: string): void {
    bump(this.#all, path, outcome);
    if (token === null) return;
    let tally = this.#byToken.get(token);
    if (tally === undefined) {
      tally = emptyTally();
      this.#byToken.set(token, tally);
    }
    bump(tally, path, outcome);
  }

  total(): CallCounts {
    return counts(this.#all);
  }

  ofToken(token: string): CallCounts {
    return counts(this.#byToken.get(token) ?? emptyTally());
  }

  byToken(): Record<string, CallCounts> {
    return Object.fromEntries([...this.#byToken].map(([token, tally]) => [token, counts(tally)]));
  }

  reset(): void {
    this.#all = emptyTally();
    this.#byToken.clear();
  }
}
