/** How long an answer takes: log-normal, as response times are. Drawn from a table, so a draw costs nothing. */
import { Random } from './random.ts';

export interface LatencySettings {
  /** 0 = answer at once. */
  readonly medianMs: number;
  /** At least the median. */
  readonly p99Ms: number;
}

/** A bank-data provider on a good day. */
export const realisticLatency: LatencySettings = { medianMs: 60, p99Ms: 180 };

const Z_99 = 2.326_347_874; // the standard normal's 99th percentile
const DRAWS = 4_096;

/** Standard normal numbers at the middle of `DRAWS` equal shares, found by halving: start-up only. */
const normals: readonly number[] = Array.from({ length: DRAWS }, (_, place) => {
  const share = (place + 0.5) / DRAWS;
  let low = -6;
  let high = 6;
  for (let i = 0; i < 40; i += 1) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
});

/** Share of the standard normal below z (Abramowitz and Stegun 26.2.17, off by less than 1e-7). */
function normalShare(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return z > 0 ? 1 - tail : tail;
}

/** @returns what to say about wrong settings; `undefined` when they are right */
export function latencyFault({ medianMs, p99Ms }: LatencySettings): string | undefined {
  if (!Number.isFinite(medianMs) || medianMs < 0 || medianMs > 600_000)
    return 'medianMs must be a number from 0 to 600000';
  if (!Number.isFinite(p99Ms) || p99Ms < medianMs || p99Ms > 600_000) {
    return 'p99Ms must be a number from medianMs to 600000';
  }
  return undefined;
}

export class Latency {
  readonly #random: Random;
  #settings: LatencySettings = { medianMs: 0, p99Ms: 0 };
  #table: readonly number[] = [];

  constructor(seed: number, settings: LatencySettings) {
    this.#random = new Random(seed ^ 0x1a7e);
    this.settings = settings;
  }

  get settings(): LatencySettings {
    return this.#settings;
  }

  /** @throws {RangeError} on settings that make no sense */
  set settings(settings: LatencySettings) {
    const fault = latencyFault(settings);
    if (fault !== undefined) throw new RangeError(fault);
    this.#settings = settings;
    const { medianMs, p99Ms } = settings;
    const sigma = medianMs === 0 ? 0 : Math.log(p99Ms / medianMs) / Z_99;
    this.#table = medianMs === 0 ? [] : normals.map((z) => Math.round(medianMs * Math.exp(sigma * z)));
  }

  /** Whole ms. */
  nextMs(): number {
    if (this.#table.length === 0) return 0;
    return this.#table[Math.floor(this.#random.unit() * DRAWS)] ?? 0;
  }
}
