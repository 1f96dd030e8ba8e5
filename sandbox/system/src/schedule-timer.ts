/** Stands in for EventBridge Scheduler: one schedule, `rate(1 minute)`, whose target is the sync queue. */

/** What the schedule sends, on AWS as here (`infra/src/constructs/sync-schedule.ts`). */
export const scheduleMessage = JSON.stringify({ type: 'ScheduleDue' });

export const scheduleTickMs = 60_000;

export function startScheduleTimer(send: () => void, everyMs: number): { stop(): void } {
  const timer = setInterval(send, everyMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
