import { describe, expect, it, vi } from 'vitest';
import { loadTracing } from './index.ts';

const segment = { addError: vi.fn(), close: vi.fn() };

// Outside Lambda the X-Ray SDK hands no segment to the function; this stands for the one it hands over on AWS.
vi.mock('@aws-lambda-powertools/tracer', () => ({
  Tracer: class {
    provider = { captureAsyncFunc: (_name: string, work: (given: typeof segment) => unknown) => work(segment) };
  },
}));

describe('tracing with a segment', () => {
  it('closes the segment of a failed step and notes the message only', async () => {
    const tracing = await loadTracing('process', { POWERTOOLS_TRACE_ENABLED: 'true' });
    const failure = Object.assign(new Error('BODY_UNREADABLE'), { token: 'secret' });
    await expect(tracing.step('fetch', () => Promise.reject(failure))).rejects.toBe(failure);
    await expect(tracing.step('fetch', () => Promise.reject('token'))).rejects.toBe('token');
    expect(segment.addError.mock.calls).toEqual([['BODY_UNREADABLE'], ['failed']]);
    expect(segment.close).toHaveBeenCalledTimes(2);
  });
});
