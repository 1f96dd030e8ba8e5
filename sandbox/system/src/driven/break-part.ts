/** Breaks a part of the running system as it breaks in production, and lets it come back. */
import { setTimeout as sleepMs } from 'node:timers/promises';
import type { System } from '../system.ts';

/**
 * `environment`: one of `process` is killed, with what it has under way. `table`: it stands still, its connections open. `cache`: the
 * DAX node is killed, and another one starts with nothing in it.
 */
export type Part = 'environment' | 'table' | 'cache';

/** Longer than an attempt, shorter than an event has. */
const tableStandsMs = 1_500;
const cacheGoneMs = 2_000;

type Breakable = Pick<System, 'tablePid' | 'cacheNode'> & {
  readonly host: Pick<System['host'], 'environments' | 'killEnvironment'>;
};

/** @returns whether there was such a part; once it is back */
export async function breakPart(part: Part, { host, tablePid, cacheNode }: Breakable): Promise<boolean> {
  if (part === 'environment') {
    const one = host.environments().find(({ functionName, state }) => functionName === 'process' && state === 'busy');
    return one !== undefined && host.killEnvironment(one.id);
  }
  if (part === 'table') {
    if (tablePid === undefined) return false;
    process.kill(tablePid, 'SIGSTOP');
    try {
      await sleepMs(tableStandsMs);
    } finally {
      process.kill(tablePid, 'SIGCONT');
    }
    return true;
  }
  if (cacheNode === undefined) return false;
  cacheNode.kill();
  await sleepMs(cacheGoneMs);
  await cacheNode.restart();
  return true;
}
