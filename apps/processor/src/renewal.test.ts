import { describe, expect, it, vi } from 'vitest';
import { createRenewal, withRenewal } from './renewal.ts';

const wrong = new Error('wrong key');
const isRefusal = (error: unknown) => error === wrong;

function setUp(read: () => Promise<{ key: string }> = async () => ({ key: 'new' })) {
  let nowMs = 0;
  const reading = vi.fn(read);
  const onFailure = vi.fn();
  const renewal = createRenewal({ key: 'old' }, { read: reading, nowMs: () => nowMs, onFailure });
  const attempt = vi.fn(({ key }: { key: string }) => {
    if (key === 'old') throw wrong;
    return `done with ${key}`;
  });
  const run = () => withRenewal(renewal, attempt, isRefusal);
  const advanceMs = (ms: number) => {
    nowMs += ms;
  };
  return { renewal, reading, onFailure, attempt, run, advanceMs };
}

describe('settings that are refused', () => {
  it('are read again, and the attempt is made once more', async () => {
    const { run, attempt, reading } = setUp();
    expect(await run()).toBe('done with new');
    expect(await run()).toBe('done with new');
    expect([attempt.mock.calls.length, reading.mock.calls.length]).toEqual([3, 1]);
  });

  it('are read once by many that fail at once', async () => {
    const { run, reading } = setUp();
    expect(await Promise.all(Array.from({ length: 20 }, run))).toEqual(Array(20).fill('done with new'));
    expect(reading).toHaveBeenCalledOnce();
  });

  it('that are the same as before end the attempt, and are not read again within the minute', async () => {
    const { run, reading, attempt, advanceMs } = setUp(async () => ({ key: 'old' }));
    await expect(run()).rejects.toBe(wrong);
    advanceMs(59_999);
    await expect(run()).rejects.toBe(wrong);
    expect([attempt.mock.calls.length, reading.mock.calls.length]).toEqual([2, 1]);
    advanceMs(1);
    await expect(run()).rejects.toBe(wrong);
    expect(reading).toHaveBeenCalledTimes(2);
  });

  it('that cannot be read leave what there is, and say so', async () => {
    const { run, onFailure, renewal } = setUp(() => Promise.reject(new Error('denied')));
    await expect(run()).rejects.toBe(wrong);
    expect(onFailure).toHaveBeenCalledOnce();
    expect(renewal.current()).toEqual({ key: 'old' });
  });

  it('are taken as another one has renewed them meanwhile', async () => {
    const { renewal, reading } = setUp();
    let isFirst = true;
    const attempt = async ({ key }: { key: string }) => {
      if (!isFirst) return key;
      isFirst = false;
      await renewal.renew();
      throw wrong;
    };
    expect(await withRenewal(renewal, attempt, isRefusal)).toBe('new');
    expect(reading).toHaveBeenCalledOnce();
  });

  it('are no matter of other failures', async () => {
    const { renewal, reading } = setUp();
    const other = new Error('timeout');
    await expect(withRenewal(renewal, () => Promise.reject(other), isRefusal)).rejects.toBe(other);
    expect(reading).not.toHaveBeenCalled();
  });
});
