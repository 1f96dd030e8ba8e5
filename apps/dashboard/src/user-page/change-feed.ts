/**
 * Follows the feed of changes by long polls and says when something has changed. Stops while nobody looks; after a failure it waits
 * longer each time. Effects are passed in, so that a test needs neither a network nor a clock.
 */

export interface ChangeFeedDeps {
  /** One long poll. @throws when there is no good answer */
  poll(
    cursor: string,
    waitSeconds: number,
  ): Promise<{ readonly nextCursor: string; readonly kinds: readonly string[] }>;
  sleep(waitMs: number): Promise<void>;
  /** Resolves at once while somebody looks at the page, else when somebody does again. */
  visible(): Promise<void>;
  /** @param kinds of what changed; `undefined` where anything may have */
  onChange(kinds: readonly string[] | undefined): void;
  /** Told at each turn from one to the other. */
  onConnected(isConnected: boolean): void;
  isStopped(): boolean;
}

/** The API's longest. */
const longPollSeconds = 20;
const firstWaitMs = 1_000;
const longestWaitMs = 30_000;

export function waitAfter(failures: number): number {
  return Math.min(longestWaitMs, firstWaitMs * 2 ** Math.max(0, failures - 1));
}

/**
 * Asks for everything at the start, and whenever changes may have been missed. The cursor is had before, so that nothing falls between.
 * @returns once `isStopped`
 */
export async function followChanges(deps: ChangeFeedDeps): Promise<void> {
  let cursor = 'now';
  let failures = 0;
  let isMissing = true;
  while (!deps.isStopped()) {
    await deps.visible();
    try {
      const { nextCursor, kinds } = await deps.poll(cursor, isMissing ? 0 : longPollSeconds);
      cursor = nextCursor;
      if (isMissing) deps.onChange(undefined);
      else if (kinds.length > 0) deps.onChange(kinds);
      if (isMissing) deps.onConnected(true);
      isMissing = false;
      failures = 0;
    } catch {
      failures += 1;
      isMissing = true;
      cursor = 'now'; // the old one may be what is refused
      if (failures === 1) deps.onConnected(false);
      await deps.sleep(waitAfter(failures));
    }
  }
}

/** Runs `work` at most once at a time and once in `everyMs`; what is asked for meanwhile is one run more. */
export class Coalesced {
  readonly #work: () => Promise<void>;
  readonly #sleep: (waitMs: number) => Promise<void>;
  readonly #everyMs: number;
  #wanted = false;
  #running = false;

  constructor(work: () => Promise<void>, everyMs: number, sleep: (waitMs: number) => Promise<void>) {
    this.#work = work;
    this.#everyMs = everyMs;
    this.#sleep = sleep;
  }

  /** @returns when the run that this asked for has ended */
  async ask(): Promise<void> {
    this.#wanted = true;
    if (this.#running) return;
    this.#running = true;
    try {
      while (this.#wanted) {
        this.#wanted = false;
        await this.#work();
        await this.#sleep(this.#everyMs);
      }
    } finally {
      this.#running = false;
    }
  }
}

/** What the page reads, in parts. */
export const parts = ['connections', 'accounts', 'insights', 'transactions'] as const;
export type Part = (typeof parts)[number];

/** `insights` stands for recommendations and forecasts too: they are all made of the same. */
const partsOfKind: Readonly<Record<string, readonly Part[]>> = {
  'insight.raised': ['insights'],
  'insight.cleared': ['insights'],
  'account.changed': ['connections', 'accounts', 'insights'],
  'connection.changed': ['connections', 'accounts', 'insights'],
  'transaction.added': ['transactions', 'accounts', 'insights'],
  'transaction.modified': ['transactions', 'accounts', 'insights'],
  'transaction.removed': ['transactions', 'accounts', 'insights'],
};

/** @returns what has to be read again; everything for a kind that is not known */
export function partsOf(kinds: readonly string[] | undefined): ReadonlySet<Part> {
  if (kinds === undefined) return new Set(parts);
  return new Set(kinds.flatMap((kind) => (Object.hasOwn(partsOfKind, kind) ? (partsOfKind[kind] ?? []) : parts)));
}
