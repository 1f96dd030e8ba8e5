/** Breaks one part after the other beside a load, for as long as it lasts. */
import { setTimeout as sleepMs } from 'node:timers/promises';
import type { BreakablePart, SystemUnderLoad } from './system-under-load.ts';

/** How often each part was broken. */
export type Breakages = Readonly<Record<BreakablePart, number>>;

const parts = ['environment', 'table', 'cache'] as const satisfies readonly BreakablePart[];
/** One of the three: each then breaks every minute. */
const everyMs = 20_000;

/** @param waitMs between two of them */
export function startBreaking(
  { breakPart }: Pick<SystemUnderLoad, 'breakPart'>,
  waitMs: number = everyMs,
): { stop(): Promise<Breakages> } {
  const broken = { environment: 0, table: 0, cache: 0 };
  const ending = new AbortController();
  const breaking = (async () => {
    for (let turn = 0; ; turn += 1) {
      await sleepMs(waitMs, undefined, { signal: ending.signal, ref: false }).catch(() => {});
      if (ending.signal.aborted) return;
      const part = parts[turn % parts.length] ?? 'environment';
      if (await breakPart(part)) broken[part] += 1;
    }
  })();
  breaking.catch(() => {}); // reported by stop()
  return {
    async stop() {
      ending.abort();
      await breaking;
      return broken;
    },
  };
}
