/** A table whose network misbehaves as a test's script says: answers that get lost, heads that are old. For tests. */
import type { Table, TableItem } from './table.ts';

export type PutFault =
  /** Not written, and nobody knows. */
  | 'lost-before'
  /** Written, and nobody knows. */
  | 'lost-after';

export interface FaultScript {
  /** Asked before each put. */
  readonly nextPutFault?: () => PutFault | undefined;
  /** Asked at each read that need not be fresh: how many versions of the item ago it was. */
  readonly nextStaleness?: () => number;
  /** Waited for around each call: where other writers come between. */
  readonly pause?: () => Promise<void>;
}

export function createFaultyTable(table: Table, script: FaultScript): Table {
  const pasts = new Map<string, (TableItem | undefined)[]>();
  const pause = script.pause ?? (() => Promise.resolve());

  return {
    ...table,
    async get(key, options) {
      await pause();
      const now = await table.get(key, options);
      if (options.fresh) return now;
      const past = pasts.get(`${key.pk} ${key.sk}`) ?? [];
      const ago = Math.min(script.nextStaleness?.() ?? 0, past.length);
      return ago === 0 ? now : past.at(-ago);
    },
    async getAll(keys, options) {
      const found: TableItem[] = [];
      for (const key of keys) {
        const item = await this.get(key, options);
        if (item !== undefined) found.push(item);
      }
      return found;
    },
    async put(item, condition, options) {
      await pause();
      const fault = script.nextPutFault?.();
      if (fault === 'lost-before') return 'unknown';
      const name = `${item.pk} ${item.sk}`;
      const before = await table.get(item, options);
      const answer = await table.put(item, condition, options);
      if (answer === 'written') pasts.set(name, [...(pasts.get(name) ?? []), before]);
      await pause();
      return fault === 'lost-after' ? 'unknown' : answer;
    },
    async query(range, options) {
      await pause();
      return table.query(range, options);
    },
  };
}
