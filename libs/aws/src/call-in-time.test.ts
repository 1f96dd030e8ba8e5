import { createDeadline } from '@quartersec/sla';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { callInTime, waitCeilingMs } from './call-in-time.ts';

const answered500 = { name: 'InternalServerError', $metadata: { httpStatusCode: 500 } };
const throttled = { name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } };

/** A call that repeats without a wait would never end: time stands still between its waits. */
const MOST_WAITS = 1_000;

function deps(random: number) {
  let nowMs = 0;
  const waits: number[] = [];
  const sleep = async (ms: number) => {
    if (waits.push(ms) > MOST_WAITS) throw new RangeError('its waits bring it no nearer to its deadline');
    nowMs += ms;
  };
  return { random: () => random, sleep, attemptTimeoutMs: 1_000, waits, nowMs: () => nowMs };
}

describe('waitCeilingMs', () => {
  it.each([
    [1, 25],
    [2, 50],
    [5, 400],
    [9, 400],
  ])('after failure %i is %i ms', (failures, ceilingMs) => {
    expect(waitCeilingMs(failures)).toBe(ceilingMs);
  });
});

describe('callInTime', () => {
  it('waits at least a little, so that a dice roll of 0 is no hot loop', async () => {
    const retry = deps(0);
    const deadline = createDeadline(100, retry.nowMs);
    const attempt = () => Promise.reject(throttled);
    await expect(callInTime(retry, { deadline, attempt })).rejects.toMatchObject({ code: 'THROTTLED' });
    expect(retry.waits).toEqual(Array.from({ length: 45 }, () => 2));
  });

  it('keeps the cause, and of its text only the name', async () => {
    const retry = deps(1);
    const cause = { name: 'ValidationException', message: 'secret', $metadata: { httpStatusCode: 400 } };
    const deadline = createDeadline(100, retry.nowMs);
    const call = callInTime(retry, { deadline, attempt: () => Promise.reject(cause) });
    await expect(call).rejects.toMatchObject({
      message: 'REJECTED {"reason":"ValidationException"}',
      cause,
    });
  });

  it('names an error of Node by its code', async () => {
    const retry = deps(1);
    const cause = Object.assign(new Error('secret'), { code: 'CERT_HAS_EXPIRED' });
    const deadline = createDeadline(5, retry.nowMs);
    const call = callInTime(retry, { deadline, attempt: () => Promise.reject(cause) });
    await expect(call).rejects.toMatchObject({ message: 'UNREACHABLE {"reason":"CERT_HAS_EXPIRED"}' });
  });

  it('pauses before it says that the answer is lost, longer each time, and not beyond the deadline', async () => {
    const pauses = [];
    for (const lostBefore of [0, 1, 2, 5, 9]) {
      const retry = deps(1);
      const call = { deadline: createDeadline(2_000, retry.nowMs), lostAnswer: 'unknown', lostBefore };
      const attempt = () => Promise.reject(answered500);
      expect(await callInTime(retry, { ...call, attempt })).toBe('unknown');
      pauses.push(...retry.waits);
    }
    expect(pauses).toEqual([25, 50, 100, 400, 400]);
    const retry = deps(1);
    const short = { deadline: createDeadline(30, retry.nowMs), lostAnswer: 'unknown' };
    expect(await callInTime(retry, { ...short, attempt: () => Promise.reject(answered500) })).toBe('unknown');
    expect(retry.waits).toEqual([]);
  });

  it('gives each attempt twice the time of the one that was cut off: a slow table is no dead socket', async () => {
    const given: number[] = [];
    const retry = { ...deps(0), attemptTimeoutMs: 20 };
    // Its own clock stands still: what cuts an attempt off is a timer, how long it was set is what counts.
    const setTimer = vi.spyOn(globalThis, 'setTimeout');
    onTestFinished(() => setTimer.mockRestore());
    const attempt = () => new Promise<string>((resolve) => given.push(given.length) === 3 && resolve('there'));
    const deadline = createDeadline(1_000, retry.nowMs);
    expect(await callInTime(retry, { deadline, attempt })).toBe('there');
    expect(setTimer.mock.calls.map(([, ms]) => ms)).toEqual([20, 40, 80]);
    setTimer.mockClear();
    await callInTime(retry, { deadline, attempt: async () => 'there', lostAnswer: 'unknown', lostBefore: 2 });
    expect(setTimer.mock.calls.map(([, ms]) => ms)).toEqual([80]);
  });

  it.each([
    [2_000, 500],
    [600, 200],
    [150, 100],
    [60, 60],
  ])(
    'with %i ms left gives the first attempt %i ms: one that hangs leaves time for another',
    async (leftMs, firstMs) => {
      const retry = { ...deps(0), attemptTimeoutMs: 500 };
      const setTimer = vi.spyOn(globalThis, 'setTimeout');
      onTestFinished(() => setTimer.mockRestore());
      await callInTime(retry, { deadline: createDeadline(leftMs, retry.nowMs), attempt: async () => 'there' });
      expect(setTimer.mock.calls.map(([, ms]) => ms)).toEqual([firstMs]);
    },
  );

  it('aborts the attempt that it gives up, even when the client overlooks the signal', async () => {
    const retry = { ...deps(1), attemptTimeoutMs: 5 };
    let aborted = false;
    const attempt = (signal: AbortSignal) => {
      signal.addEventListener('abort', () => {
        aborted = true;
      });
      return new Promise<string>(() => {});
    };
    const deadline = createDeadline(1_000, retry.nowMs);
    expect(await callInTime(retry, { deadline, lostAnswer: 'unknown', attempt })).toBe('unknown');
    expect(aborted).toBe(true);
  });
});
