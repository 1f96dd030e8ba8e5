/** Seeded randomness: integer arithmetic only, so that every machine and engine draws the same story. */

/** Mixes 32 bits into 32 bits, one to one (the finaliser of MurmurHash3, public domain): different in, different out. */
export function mix32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** One number, 0 to 2^32 - 1, from a seed and whatever names the thing drawn. */
export function hash32(seed: number, a: number, b = 0, c = 0): number {
  return mix32(mix32(mix32(mix32(seed ^ 0x9e3779b9) ^ a) + b) ^ (c + 0x7f4a7c15));
}

/** The same from a text. */
export function hashText(seed: number, text: string): number {
  let h = seed ^ 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix32(h);
}

/** A short stream of draws (mulberry32): cheap to start, so each day of each connection has its own. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** 0 up to, not including, 1. */
  unit(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number, both ends included. */
  between(from: number, to: number): number {
    return from + Math.floor(this.unit() * (to - from + 1));
  }

  /** One of a list. @throws {RangeError} when the list is empty */
  pick<T>(list: readonly T[]): T {
    for (const item of list.slice(this.between(0, list.length - 1))) return item;
    throw new RangeError('nothing to pick from');
  }
}
