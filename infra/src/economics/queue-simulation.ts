/** A queue with several servers, event by event, from a seed: what the formula says, and what it cannot say. */

export interface QueueRun {
  readonly arrivals: number;
  readonly waitedShare: number;
  readonly meanWaitMs: number;
  readonly p95WaitMs: number;
  readonly p99WaitMs: number;
}

export interface QueueSettings {
  readonly servers: number;
  readonly arrivalsPerSecond: number;
  readonly arrivals: number;
  readonly seed: number;
  /** Draws one service time in ms. */
  readonly serviceMs: (random: () => number) => number;
}

/** First come, first served. The first tenth warms up and is not counted. */
export function simulateQueue({ servers, arrivalsPerSecond, arrivals, seed, serviceMs }: QueueSettings): QueueRun {
  const random = createRandom(seed);
  const freeAtMs = new Float64Array(servers); // a binary heap: the server that is free first is on top
  const waitsMs: number[] = [];
  const warmUp = arrivals / 10;
  let nowMs = 0;
  for (let arrival = 0; arrival < arrivals; arrival += 1) {
    nowMs += exponential(1_000 / arrivalsPerSecond)(random);
    const startMs = Math.max(nowMs, freeAtMs[0] ?? 0);
    replaceTop(freeAtMs, startMs + serviceMs(random));
    if (arrival >= warmUp) waitsMs.push(startMs - nowMs);
  }
  const sorted = Float64Array.from(waitsMs).sort();
  const at = (share: number) => sorted[Math.floor(share * sorted.length)] ?? 0;
  return {
    arrivals: sorted.length,
    waitedShare: sorted.filter((waitMs) => waitMs > 0).length / sorted.length,
    meanWaitMs: sorted.reduce((total, waitMs) => total + waitMs, 0) / sorted.length,
    p95WaitMs: at(0.95),
    p99WaitMs: at(0.99),
  };
}

export function exponential(meanMs: number): (random: () => number) => number {
  return (random) => -meanMs * Math.log(1 - random());
}

/** Mulberry32: small, and the same on every machine. @returns numbers from 0 (inclusive) to 1 */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function replaceTop(heap: Float64Array, value: number): void {
  let place = 0;
  for (;;) {
    let child = 2 * place + 1;
    if (child >= heap.length) break;
    const right = child + 1;
    if (right < heap.length && (heap[right] ?? 0) < (heap[child] ?? 0)) child = right;
    const least = heap[child] ?? 0;
    if (least >= value) break;
    heap[place] = least;
    place = child;
  }
  heap[place] = value;
}
