/** What a judge of one kind says of one household. */
import type { Label } from '@quartersec/sandbox-providers';
import type { Telling } from './telling.ts';

export interface Verdict {
  readonly kind: string;
  /** Facts that had to be told. */
  readonly planted: number;
  readonly found: number;
  /** Told, and right or open. */
  readonly right: number;
  readonly missed: readonly Wrong[];
  readonly wrong: readonly Wrong[];
}

export interface Wrong {
  /** What is wrong with it, in words that many share. */
  readonly why: string;
  readonly label?: Label;
  readonly telling?: Telling;
  /** Figures that help to see it. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

export class VerdictBuilder {
  readonly #kind: string;
  #planted = 0;
  #found = 0;
  #right = 0;
  readonly #missed: Wrong[] = [];
  readonly #wrong: Wrong[] = [];

  constructor(kind: string) {
    this.#kind = kind;
  }

  /** @param why it was not found; `null`: it was */
  demanded(label: Label | undefined, why: string | null, facts: Wrong['facts'] = {}): void {
    this.#planted += 1;
    if (why === null) this.#found += 1;
    else this.#missed.push({ why, facts, ...(label !== undefined && { label }) });
  }

  /** @param why it is wrong; `null`: it is right, or open */
  told(telling: Telling, why: string | null, facts: Wrong['facts'] = {}): void {
    if (why === null) this.#right += 1;
    else this.#wrong.push({ why, telling, facts });
  }

  done(): Verdict {
    return {
      kind: this.#kind,
      planted: this.#planted,
      found: this.#found,
      right: this.#right,
      missed: this.#missed,
      wrong: this.#wrong,
    };
  }
}
