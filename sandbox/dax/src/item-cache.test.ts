import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteLru } from './byte-lru.ts';
import { ItemCache } from './item-cache.ts';
import { hex } from './testing/hex.ts';

const newCache = (options: { ttlMs?: number; limitBytes?: number } = {}) => {
  const clock = { ms: 1_000 };
  const lru = new ByteLru(options.limitBytes ?? 1_000_000);
  const cache = new ItemCache(lru, { ttlMs: options.ttlMs ?? 100, nowMs: () => clock.ms });
  const found = (key: string) => {
    const entry = cache.find(key);
    return entry === undefined ? undefined : (entry.streamItem?.toString() ?? 'nothing');
  };
  return { clock, lru, cache, found };
};
const item = (text: string) => Buffer.from(text);

describe('item cache', () => {
  it('keeps answers as they go over the wire', () => {
    const { cache } = newCache();
    cache.written('a', hex('1903e8182a 62"hi"'));
    expect(cache.find('a')?.answer).toEqual(hex('80 a1 00 48 1903e8182a 62"hi"'));
    cache.written('b', undefined);
    expect(cache.find('b')?.answer).toEqual(hex('80 f6'));
  });

  it('keeps an entry to the end of its life, and not a moment longer', () => {
    const { cache, clock, found } = newCache({ ttlMs: 100 });
    cache.fill(cache.startFill('a'), item('1'));
    clock.ms += 99;
    expect(found('a')).toBe('1');
    clock.ms += 1;
    expect(found('a')).toBeUndefined();
  });

  it('starts a new life with each write', () => {
    const { cache, clock, found } = newCache({ ttlMs: 100 });
    cache.written('a', item('1'));
    clock.ms += 80;
    cache.written('a', item('2'));
    clock.ms += 80;
    expect(found('a')).toBe('2');
  });

  it('keeps entries without end when their life is 0', () => {
    const { cache, clock, found } = newCache({ ttlMs: 0 });
    cache.written('a', item('1'));
    clock.ms += 1e12;
    expect(found('a')).toBe('1');
  });

  it('remembers that there is nothing, until a write', () => {
    const { cache, found } = newCache();
    cache.fill(cache.startFill('a'), undefined);
    expect(found('a')).toBe('nothing');
    cache.written('a', item('1'));
    expect(found('a')).toBe('1');
  });

  it('settles a race between a slow read and a write for the write', () => {
    const { cache, found } = newCache();
    const slow = cache.startFill('a');
    cache.written('a', item('new'));
    expect(cache.fill(slow, item('old')).streamItem?.toString()).toBe('old');
    expect(found('a')).toBe('new');
  });

  it('does so too when the written entry was evicted meanwhile', () => {
    const { cache, lru, found } = newCache();
    const slow = cache.startFill('a');
    cache.written('a', item('new'));
    lru.delete('a');
    cache.fill(slow, item('old'));
    expect(found('a')).toBeUndefined();
  });

  it('does not let a read join one that a write has overtaken', () => {
    const { cache } = newCache();
    const slow = cache.startFill('a');
    slow.answer = Promise.resolve(cache.fill(cache.startFill('b'), item('old')));
    expect(cache.underWay('a')).toBe(slow.answer);
    cache.written('a', item('new'));
    expect(cache.underWay('a')).toBeUndefined();
  });

  it('reads consistently after a write whose result it does not know', () => {
    const { cache, found } = newCache();
    cache.written('a', item('1'));
    cache.forget('a', false);
    expect(found('a')).toBeUndefined();
    const fill = cache.startFill('a');
    expect(fill.consistent).toBe(true);
    cache.fill(fill, item('2'));
    expect(found('a')).toBe('2');
    expect(cache.startFill('a').consistent).toBe(false);
  });

  it('keeps nothing for a minute after a write whose outcome nobody knows', () => {
    const { cache, clock, found } = newCache({ ttlMs: 1_000_000 });
    cache.forget('a', true);
    clock.ms += 59_999;
    cache.fill(cache.startFill('a'), item('1'));
    cache.written('a', item('2'));
    expect(found('a')).toBeUndefined();
    clock.ms += 1;
    cache.fill(cache.startFill('a'), item('3'));
    expect(found('a')).toBe('3');
  });

  it('never holds more than its limit, and lets the least recently used go first', () => {
    const { cache, lru, found } = newCache({ limitBytes: 2_000 });
    for (const key of ['a', 'b', 'c']) cache.written(key, item('x'.repeat(100)));
    expect(lru.bytes).toBeLessThanOrEqual(2_000);
    found('a'); // used: b is the oldest now
    cache.written('d', item('x'.repeat(100)));
    expect(['a', 'b', 'c', 'd'].map((key) => found(key) !== undefined)).toEqual([true, false, true, true]);
    expect(cache.counters).toMatchObject({ entries: 3, evictions: 1, bytes: lru.bytes });
  });

  it('does not keep what is larger than all its memory', () => {
    const { cache, lru } = newCache({ limitBytes: 1_000 });
    cache.written('a', item('x'.repeat(2_000)));
    expect([lru.count, lru.bytes, cache.counters.entries, cache.counters.bytes]).toEqual([0, 0, 0, 0]);
  });

  it('accounts for every byte whatever happens', () => {
    const step = fc.tuple(
      fc.constantFrom('write', 'forget', 'fill', 'start', 'find'),
      fc.constantFrom('a', 'b', 'c', 'd'),
      fc.nat(900),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { cache, lru, clock } = newCache({ limitBytes: 3_000 });
        const fills = new Map<string, ReturnType<typeof cache.startFill>>();
        for (const [what, key, size] of steps) {
          clock.ms += size % 40;
          const fill = fills.get(key);
          if (what === 'write') cache.written(key, item('x'.repeat(size)));
          else if (what === 'forget') cache.forget(key, size % 2 === 0);
          else if (what === 'start') fills.set(key, fill ?? cache.startFill(key));
          else if (what === 'find') cache.find(key);
          else if (fill !== undefined) {
            cache.fill(fill, item('x'.repeat(size)));
            fills.delete(key);
          }
          expect(lru.bytes).toBeLessThanOrEqual(3_000);
          expect([cache.counters.bytes, cache.counters.entries]).toEqual([lru.bytes, lru.count]);
        }
      }),
    );
  });
});
