import { describe, expect, it } from 'vitest';
import { startBreaking } from './breakages.ts';
import type { BreakablePart } from './system-under-load.ts';

describe('startBreaking', () => {
  it('breaks each part in turn, one at a time, and counts those that there were', async () => {
    const asked: BreakablePart[] = [];
    const { promise: enough, resolve } = Promise.withResolvers<void>();
    let [atOnce, mostAtOnce] = [0, 0];
    const breaking = startBreaking(
      {
        async breakPart(part) {
          atOnce += 1;
          mostAtOnce = Math.max(mostAtOnce, atOnce);
          asked.push(part);
          await new Promise(setImmediate);
          atOnce -= 1;
          if (asked.length === 6) resolve();
          return part !== 'cache';
        },
      },
      0,
    );
    await enough;
    const broken = await breaking.stop();
    expect(asked.slice(0, 6)).toEqual(['environment', 'table', 'cache', 'environment', 'table', 'cache']);
    expect(mostAtOnce).toBe(1);
    expect(broken).toMatchObject({ cache: 0 });
    expect(broken.environment).toBeGreaterThanOrEqual(2);
  });

  it('says what failed', async () => {
    const failed = Promise.withResolvers<void>();
    const breaking = startBreaking(
      {
        async breakPart() {
          failed.resolve();
          throw new Error('the host is gone');
        },
      },
      0,
    );
    await failed.promise;
    await expect(breaking.stop()).rejects.toThrow('the host is gone');
  });
});
