/** Running balances of one connection. A memory of sums, nothing more: forgetting it changes no answer. */
import { CARD, type Household } from './household.ts';
import { entryAt, type Origin } from './origin.ts';

/** Sums are kept every so many steps, so that an old step costs at most these many to work out again. */
const CHECKPOINT_STEPS = 16;

export interface Balance {
  /** Positive: money there, or owed on a card. Posted entries only. */
  readonly currentMinor: number;
  /** Net of what is pending. For a card: what is left of the limit. */
  readonly availableMinor: number;
}

/** Net money out per account since step 0. */
interface Sums {
  readonly step: number;
  readonly postedOutMinor: readonly number[];
  readonly pendingOutMinor: readonly number[];
}

export class Ledger {
  readonly #household: Household;
  readonly #originsAlive: (step: number) => readonly Origin[];
  readonly #checkpoints: Sums[];
  #latest: Sums;

  /** @param originsAlive every origin whose published entry may change on this step */
  constructor(household: Household, originsAlive: (step: number) => readonly Origin[]) {
    this.#household = household;
    this.#originsAlive = originsAlive;
    const zero = household.openingMinor.map(() => 0);
    this.#latest = { step: 0, postedOutMinor: zero, pendingOutMinor: zero };
    this.#checkpoints = [this.#latest];
  }

  balancesAt(step: number): readonly Balance[] {
    const { openingMinor, cardLimitMinor } = this.#household;
    const { postedOutMinor, pendingOutMinor } = this.#sumsAt(step);
    return openingMinor.map((opening, account) => {
      const posted = postedOutMinor[account] ?? 0;
      const pending = pendingOutMinor[account] ?? 0;
      if (account === CARD) {
        const owed = opening + posted;
        return { currentMinor: owed, availableMinor: cardLimitMinor - owed - pending };
      }
      return { currentMinor: opening - posted, availableMinor: opening - posted - pending };
    });
  }

  #sumsAt(step: number): Sums {
    let sums = this.#latest;
    if (step < sums.step) {
      const nearest = this.#checkpoints[Math.floor(step / CHECKPOINT_STEPS)];
      if (nearest === undefined) throw new RangeError(`no balance for step ${step}`);
      sums = nearest;
    }
    while (sums.step < step) {
      sums = this.#after(sums);
      if (sums.step > this.#latest.step) {
        this.#latest = sums;
        if (sums.step % CHECKPOINT_STEPS === 0) this.#checkpoints.push(sums);
      }
    }
    return sums;
  }

  #after(before: Sums): Sums {
    const step = before.step + 1;
    const postedOutMinor = [...before.postedOutMinor];
    const pendingOutMinor = [...before.pendingOutMinor];
    const move = (sums: number[], account: number, byMinor: number) => {
      sums[account] = (sums[account] ?? 0) + byMinor;
    };
    for (const origin of this.#originsAlive(step)) {
      const was = entryAt(origin, step - 1);
      if (was !== null) move(was.pending ? pendingOutMinor : postedOutMinor, origin.account, -was.outMinor);
      const is = entryAt(origin, step);
      if (is !== null) move(is.pending ? pendingOutMinor : postedOutMinor, origin.account, is.outMinor);
    }
    return { step, postedOutMinor, pendingOutMinor };
  }
}
