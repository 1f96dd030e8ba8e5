/** Hits and misses of the DAX node as metrics, as CloudWatch has them of a real cluster: the client cannot tell them apart. */
import type { CacheNode } from './cache-node.ts';
import type { SystemMetrics } from './system-metrics.ts';

interface Reads {
  readonly hits: number;
  readonly misses: number;
}

const everyMs = 1_000;

/** What was read between two looks; a node that was started anew counts from 0. Pure. */
export function readsBetween(before: Reads, after: Reads): Reads {
  const anew = after.hits < before.hits || after.misses < before.misses;
  return anew ? after : { hits: after.hits - before.hits, misses: after.misses - before.misses };
}

/** Looks once a second until stopped; a node that is down has no hits and no misses. */
export function recordCacheReads(node: CacheNode, metrics: SystemMetrics): { stop(): void } {
  let before: Reads = { hits: 0, misses: 0 };
  const look = async () => {
    const { itemCache } = await node.stats();
    // "There is nothing" from the cache is a hit too: DynamoDB was not asked.
    const after = { hits: itemCache.hits + itemCache.negativeHits, misses: itemCache.misses };
    const { hits, misses } = readsBetween(before, after);
    before = after;
    metrics.add('CacheHits', hits);
    metrics.add('CacheMisses', misses);
  };
  const looking = setInterval(() => void look().catch(() => {}), everyMs);
  looking.unref();
  return { stop: () => clearInterval(looking) };
}
