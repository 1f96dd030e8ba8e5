import { describe, expect, it } from 'vitest';
import { remembered, rememberedBeside } from './remembered.ts';

describe('what is remembered of an object', () => {
  it('is reckoned once, and again for another object', () => {
    const asked: object[] = [];
    const reckon = remembered((key: object) => void asked.push(key));
    const [one, other] = [{}, {}];
    for (const key of [one, one, other, one]) reckon(key);
    expect(asked).toEqual([one, other]);
    expect(asked[0]).toBe(one);
  });

  it('is of the objects and texts beside it', () => {
    let reckoned = 0;
    const reckon = rememberedBeside((_key: object, ...beside: readonly unknown[]) => {
      reckoned += 1;
      return beside.length;
    });
    const [key, beside] = [{}, {}];
    expect([reckon(key, beside, 'a'), reckon(key, beside, 'a')]).toEqual([2, 2]);
    expect(reckoned).toBe(1);
    expect([reckon(key, beside), reckon(key, {}, 'a'), reckon({}, {}, 'a')]).toEqual([1, 2, 2]);
    expect(reckoned).toBe(4);
  });
});
