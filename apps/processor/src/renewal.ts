/**
 * Settings that were read at the start of an environment, read again when they are refused: a secret that was rotated reaches living
 * environments with the first call that fails for it. Not more often than once a while, since a wrong key stays wrong.
 */

export interface Renewal<Settings> {
  current(): Settings;
  /** @returns whether the settings are others now; `false` as well where they were read a moment ago, or cannot be read */
  renew(): Promise<boolean>;
}

export interface RenewalOptions<Settings> {
  /** Rejects when they cannot be read. */
  readonly read: () => Promise<Settings>;
  readonly nowMs: () => number;
  /** Default: a minute. */
  readonly everyMs?: number;
  readonly onFailure?: (error: unknown) => void;
}

export function createRenewal<Settings>(
  initial: Settings,
  { read, nowMs, everyMs = 60_000, onFailure }: RenewalOptions<Settings>,
): Renewal<Settings> {
  let current = initial;
  let reading: Promise<boolean> | undefined;
  let readMs = Number.NEGATIVE_INFINITY;

  async function readAgain(): Promise<boolean> {
    try {
      const next = await read();
      const isOther = JSON.stringify(next) !== JSON.stringify(current);
      current = next;
      return isOther;
    } catch (error) {
      onFailure?.(error);
      return false;
    }
  }

  return {
    current: () => current,
    renew() {
      if (reading !== undefined) return reading; // several events that fail at once read once
      if (nowMs() - readMs < everyMs) return Promise.resolve(false);
      readMs = nowMs();
      reading = readAgain().finally(() => {
        reading = undefined;
      });
      return reading;
    },
  };
}

/**
 * @param attempt with the settings as they are; made once more when they were renewed
 * @param isRefusal whether other settings could have helped
 * @throws what the last attempt throws
 */
export async function withRenewal<Settings, Result>(
  renewal: Renewal<Settings>,
  attempt: (settings: Settings) => Result | Promise<Result>,
  isRefusal: (error: unknown) => boolean,
): Promise<Result> {
  const tried = renewal.current();
  try {
    return await attempt(tried);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    // Another event may have renewed them while this one was under way.
    if (renewal.current() === tried && !(await renewal.renew())) throw error;
    return await attempt(renewal.current());
  }
}
