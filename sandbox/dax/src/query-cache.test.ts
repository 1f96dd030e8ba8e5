import { describe, expect, it } from 'vitest';
import { ByteLru } from './byte-lru.ts';
import { QueryCache } from './query-cache.ts';

const newCache = (ttlMs: number) => {
  const clock = { ms: 0 };
  let asked = 0;
  const cache = new QueryCache(new ByteLru(1_000_000), { ttlMs, nowMs: () => clock.ms });
  const ask = async (question = 'q', empty = false) => {
    const answer = await cache.answer(question, async () => {
      asked += 1;
      return { kept: Buffer.from(`${asked}`), empty, first: Buffer.from(`${asked} with capacity`) };
    });
    return answer.toString();
  };
  return { clock, cache, ask };
};

describe('query cache', () => {
  it('asks once in the life of an answer', async () => {
    const { ask, clock } = newCache(100);
    expect(await ask()).toBe('1 with capacity');
    clock.ms = 99;
    expect(await ask()).toBe('1');
    clock.ms = 100;
    expect(await ask()).toBe('2 with capacity');
  });

  it('keeps different questions apart', async () => {
    const { ask } = newCache(100);
    await ask('one');
    expect(await ask('two')).toBe('2 with capacity');
    expect(await ask('one')).toBe('1');
  });

  it('keeps nothing when its life is 0', async () => {
    const { ask, cache } = newCache(0);
    await ask();
    expect(await ask()).toBe('2 with capacity');
    expect(cache.counters).toMatchObject({ misses: 2, entries: 0 });
  });

  it('asks once for all who ask at the same time', async () => {
    const { ask } = newCache(100);
    expect(await Promise.all([ask(), ask(), ask()])).toEqual(['1 with capacity', '1', '1']);
  });

  it('keeps empty results too, and counts them apart', async () => {
    const { ask, cache } = newCache(100);
    await ask('q', true);
    await ask('q', true);
    expect(cache.counters).toMatchObject({ misses: 1, hits: 0, negativeHits: 1 });
  });

  it('does not keep a failure', async () => {
    const { cache, ask } = newCache(100);
    const fails = () => Promise.reject(new Error('down'));
    await expect(Promise.all([cache.answer('q', fails), cache.answer('q', fails)])).rejects.toThrow('down');
    expect(await ask()).toBe('1 with capacity');
  });
});
