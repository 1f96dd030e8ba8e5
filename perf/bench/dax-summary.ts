/** What the reads through DAX took beside the same reads from the table. Pure. */
import { objectives } from '@quartersec/sla';

export interface Times {
  readonly p50Ms: number;
  readonly p95Ms: number;
}

export interface Reduction {
  /** 1 - through DAX / directly: 0.8 is 80 % less. */
  readonly p50: number;
  readonly p95: number;
}

export interface ComparedReads {
  readonly dax: Times;
  readonly direct: Times;
  readonly reduction: Reduction;
}

/** @param values at least one @returns the smallest that at least `quantile` of them do not exceed (nearest rank) */
export function quantileOf(values: readonly number[], quantile: number): number {
  const sorted = Float64Array.from(values).sort();
  const value = sorted[Math.max(0, Math.ceil(quantile * sorted.length) - 1)];
  if (value === undefined) throw new Error('nothing was measured');
  return value;
}

export function compareReads(daxMs: readonly number[], directMs: readonly number[]): ComparedReads {
  const times = (values: readonly number[]): Times => ({
    p50Ms: quantileOf(values, 0.5),
    p95Ms: quantileOf(values, 0.95),
  });
  const dax = times(daxMs);
  const direct = times(directMs);
  return { dax, direct, reduction: { p50: 1 - dax.p50Ms / direct.p50Ms, p95: 1 - dax.p95Ms / direct.p95Ms } };
}

/** Whether both percentiles keep the objective. */
export function keepsObjective({ reduction }: Pick<ComparedReads, 'reduction'>): boolean {
  const least = objectives.cache.fasterByAtLeast;
  return reduction.p50 >= least && reduction.p95 >= least;
}

interface CacheReads {
  readonly hits: number;
  readonly negativeHits: number;
  readonly misses: number;
}

/**
 * The node's own word that each measured read was a repeat that it answered from memory.
 * @throws {Error} when one was not: then the figures are of something else
 */
export function proveHits(reads: number, before: CacheReads, after: CacheReads, failures: number): void {
  const hits = after.hits - before.hits;
  const misses = after.misses - before.misses;
  if (hits === reads && misses === 0 && failures === 0) return;
  throw new Error(
    `of ${reads} reads the node answered ${hits} from memory, missed ${misses}, and ${failures} went past it`,
  );
}
