/** Calls of one run that are made before their pages are asked for, each of whose responses serves one attempt. */
import type { RawPage } from './connector.ts';

export interface ReadAhead {
  /** As many calls are under way as may be, or the run has made as many as it can use: none is begun. */
  isFull(): boolean;
  /**
   * Begins a call, unless it is under way or has been made, or there is no room for it.
   * @param key of the call: two that would get the same have the same
   */
  begin(key: string, call: () => Promise<RawPage>): void;
  /** @returns the response of that call, once; `undefined` where none was begun, or another attempt has had it */
  take(key: string): Promise<RawPage> | undefined;
  /** What was begun serves nobody any more. */
  drop(): void;
  /** Resolves once no call is under way: a function that is frozen with an open call finds a dead socket later. */
  settled(): Promise<void>;
}

/** Under way at once: banks take so many of one connection, and a user has hardly more lists. */
const defaultAtOnce = 8;

export interface ReadAheadLimits {
  /** Pages that the run reads at most: a call beyond them is made again by the next run, and counts twice with the bank. */
  readonly pages: number;
  /** Calls that are under way at once. Default 8. */
  readonly atOnce?: number;
}

export function createReadAhead({ pages, atOnce = defaultAtOnce }: ReadAheadLimits): ReadAhead {
  const underWay = new Set<Promise<unknown>>();
  const known = new Map<string, Promise<RawPage> | undefined>();
  const isFull = () => underWay.size >= atOnce || known.size >= pages;
  return {
    isFull,
    begin(key, call) {
      if (known.has(key) || isFull()) return;
      const response = call();
      known.set(key, response);
      const settled = response.then(
        () => {},
        () => {}, // told to the attempt that takes it
      );
      underWay.add(settled);
      settled.then(() => underWay.delete(settled));
    },
    take(key) {
      const response = known.get(key);
      known.set(key, undefined);
      return response;
    },
    drop: () => known.clear(),
    async settled() {
      await Promise.all(underWay);
    },
  };
}
