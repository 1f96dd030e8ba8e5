/** Calls of a day (UTC), by whatever they are counted by. */
const DAY_MS = 86_400_000;

export class DailyQuota {
  readonly #nowEpochMs: () => number;
  readonly #today = new Map<string, number>();
  #day = 0;

  constructor(nowEpochMs: () => number) {
    this.#nowEpochMs = nowEpochMs;
  }

  /** Counts a call. @returns ms to the next day where those of this one are used up */
  spend(key: string, callsPerDay: number | null): number | undefined {
    if (callsPerDay === null) return undefined;
    const nowEpochMs = this.#nowEpochMs();
    const day = Math.floor(nowEpochMs / DAY_MS);
    if (day !== this.#day) this.#today.clear();
    this.#day = day;
    const calls = this.#today.get(key) ?? 0;
    if (calls >= callsPerDay) return (day + 1) * DAY_MS - nowEpochMs;
    this.#today.set(key, calls + 1);
    return undefined;
  }
}
