/** Latencies in fixed buckets, a tenth of their value wide: cheap to count, and percentiles within 5 %. */

const FIRST_MS = 0.005;
const GROWTH = 1.1;
const BUCKETS = 180; // up to 0.005 * 1.1^180 ms: more than two minutes

export interface LatencySummary {
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

const UPPER_MS: readonly number[] = Array.from({ length: BUCKETS }, (_, index) => FIRST_MS * GROWTH ** index);
const LOG_GROWTH = Math.log(GROWTH);

export class LatencyHistogram {
  count = 0;
  sumMs = 0;
  readonly #buckets = new Uint32Array(BUCKETS + 1);

  record(latencyMs: number): void {
    this.count += 1;
    this.sumMs += latencyMs;
    const index = latencyMs <= FIRST_MS ? 0 : Math.min(BUCKETS, Math.ceil(Math.log(latencyMs / FIRST_MS) / LOG_GROWTH));
    this.#buckets[index] = (this.#buckets[index] as number) + 1;
  }

  /** Upper end of the bucket that holds the quantile; 0 without samples. */
  quantileMs(quantile: number): number {
    const rank = Math.ceil(this.count * quantile);
    let seen = 0;
    for (let index = 0; index < this.#buckets.length && this.count > 0; index += 1) {
      seen += this.#buckets[index] as number;
      if (seen >= rank) return UPPER_MS[Math.min(index, BUCKETS - 1)] as number;
    }
    return 0;
  }

  summary(): LatencySummary {
    return {
      meanMs: this.count === 0 ? 0 : this.sumMs / this.count,
      p50Ms: this.quantileMs(0.5),
      p95Ms: this.quantileMs(0.95),
      p99Ms: this.quantileMs(0.99),
    };
  }
}
