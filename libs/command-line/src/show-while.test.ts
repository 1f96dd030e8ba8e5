import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { showWhile } from './show-while.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function shown(isTTY: boolean, tookMs: number): Promise<string> {
  let text = '';
  const write = (more: string) => {
    text += more;
  };
  const task = new Promise<string>((resolve) => setTimeout(() => resolve('done'), tookMs));
  const result = showWhile('auditing', task, { isTTY, write });
  await vi.advanceTimersByTimeAsync(tookMs);
  expect(await result).toBe('done');
  return text;
}

describe('a task under way', () => {
  it('is not spoken of when it is over within a second', async () => {
    expect(await shown(false, 900)).toBe('');
  });

  it('has a line in a log after a second, and every quarter of a minute', async () => {
    expect(await shown(false, 17_000)).toBe('auditing ... 1 s\nauditing ... 16 s\n');
  });

  it('has one line on a terminal, which is gone in the end', async () => {
    const text = await shown(true, 1_500);
    expect(text).toContain('auditing ... 1 s');
    expect(text).not.toContain('\n');
    expect(text.endsWith('\r\u001b[2K')).toBe(true);
  });
});
