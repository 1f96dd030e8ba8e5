/**
 * How much V8 lets the heap grow before it marks all of it again. In a heap of under half a gigabyte that is 40 % of what is alive, less what
 * buffers hold: an environment that remembers 40 MB marks them after every few dozen reads, a fifth of the CPU of a read.
 */

/** In percent of what is alive. With the most that the functions remember (some 180 MB) still below their heap limit. */
const growthPercent = 80;
/** Loading `node:v8` takes 2 ms, and a cold start has more urgent things to do. */
const afterMs = 2_000;

export function letHeapGrow(waitMs: number = afterMs): void {
  const set = () => process.getBuiltinModule('node:v8').setFlagsFromString(`--heap-growing-percent=${growthPercent}`);
  setTimeout(set, waitMs).unref();
}
