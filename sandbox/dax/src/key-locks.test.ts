import { describe, expect, it } from 'vitest';
import { KeyLocks } from './key-locks.ts';

const gate = () => Promise.withResolvers<void>();

describe('key locks', () => {
  it('let writes to one key run one after the other, in the order in which they came', async () => {
    const locks = new KeyLocks();
    const [first, second] = [gate(), gate()];
    const order: string[] = [];
    const all = [
      locks.run(['a'], async () => {
        await first.promise;
        order.push('first');
      }),
      locks.run(['a', 'b'], async () => {
        await second.promise;
        order.push('second');
      }),
      locks.run(['b'], async () => order.push('third')),
      locks.run(['c'], async () => order.push('free')),
    ];
    await all[3];
    second.resolve();
    first.resolve();
    await Promise.all(all);
    expect(order).toEqual(['free', 'first', 'second', 'third']);
  });

  it('go on after a failure', async () => {
    const locks = new KeyLocks();
    await expect(locks.run(['a'], () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await locks.run(['a'], async () => 'done')).toBe('done');
  });

  it('do not lock themselves out when a key comes twice', async () => {
    expect(await new KeyLocks().run(['a', 'a'], async () => 'done')).toBe('done');
  });
});
