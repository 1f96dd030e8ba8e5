/** How far each story is told: the only thing the simulator remembers about a connection. */
import { LAST_STEP } from './story.ts';

/** Every connection at once. */
export const EVERYONE = '*';

export class Publication {
  readonly #until: Int32Array;
  readonly #served: Int32Array;
  readonly #pageSizes = new Map<number, number>();

  /** @param until last step published of each connection; `null` = the story goes on as long as it is read */
  constructor(connections: number, until: number | null) {
    this.#until = new Int32Array(connections).fill(until ?? LAST_STEP);
    this.#served = new Int32Array(connections);
  }

  /** Last step that may be told. */
  until(index: number): number {
    return this.#until[index] ?? 0;
  }

  /** `null` when the story is told without end. */
  horizon(index: number): number | null {
    const until = this.until(index);
    return until === LAST_STEP ? null : until;
  }

  /** The step that accounts and balances outside a sync are as of: the horizon, else the furthest step told so far. */
  current(index: number): number {
    return this.horizon(index) ?? this.#served[index] ?? 0;
  }

  /** @param until `null` = without end */
  publish(who: number | typeof EVERYONE, until: number | null): void {
    if (who === EVERYONE) this.#until.fill(until ?? LAST_STEP);
    else this.#until[who] = until ?? LAST_STEP;
  }

  /** Publishes `steps` more where there is a horizon. @returns how many connections moved */
  advance(who: number | typeof EVERYONE, steps: number): number {
    let moved = 0;
    const [from, to] = who === EVERYONE ? [0, this.#until.length - 1] : [who, who];
    for (let index = from; index <= to; index += 1) {
      const horizon = this.horizon(index);
      if (horizon === null) continue;
      this.#until[index] = Math.min(LAST_STEP, horizon + steps);
      moved += 1;
    }
    return moved;
  }

  told(index: number, step: number): void {
    if (step > (this.#served[index] ?? 0)) this.#served[index] = step;
  }

  /** Most changes on a page of this connection; `undefined` = as the client asks. */
  pageSize(index: number): number | undefined {
    return this.#pageSizes.size === 0 ? undefined : (this.#pageSizes.get(index) ?? this.#pageSizes.get(-1));
  }

  /** @param size `null` = as the client asks */
  setPageSize(who: number | typeof EVERYONE, size: number | null): void {
    if (who === EVERYONE) this.#pageSizes.clear();
    const key = who === EVERYONE ? -1 : who;
    if (size === null) this.#pageSizes.delete(key);
    else this.#pageSizes.set(key, size);
  }
}
