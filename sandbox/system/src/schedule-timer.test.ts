import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { scheduleMessage, scheduleTickMs, startScheduleTimer } from './schedule-timer.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('sends each minute, until it is stopped', () => {
  const send = vi.fn();
  const timer = startScheduleTimer(send, scheduleTickMs);
  vi.advanceTimersByTime(180_000);
  expect(send).toHaveBeenCalledTimes(3);
  timer.stop();
  vi.advanceTimersByTime(180_000);
  expect(send).toHaveBeenCalledTimes(3);
  expect(JSON.parse(scheduleMessage)).toEqual({ type: 'ScheduleDue' });
});
