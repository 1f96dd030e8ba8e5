/** Seeded draws (mulberry32) that every step of a history begins anew, so that leaving one out changes no other. */
export interface Dice {
  /** @returns a whole number from 0 to one below `sides` */
  roll(sides: number): number;
  begin(seed: number): void;
}

export function createDice(): Dice {
  let state = 0;
  return {
    roll(sides) {
      state = (state + 0x6d2b79f5) | 0;
      let t = Math.imul(state ^ (state >>> 15), state | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return ((t ^ (t >>> 14)) >>> 0) % sides;
    },
    begin(seed) {
      state = seed | 0;
    },
  };
}
