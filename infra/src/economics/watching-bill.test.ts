import { alerts } from '@quartersec/sla';
import { describe, expect, it } from 'vitest';
import { countWatched, watchingAllowance } from './watching-bill.ts';

describe('countWatched', () => {
  it('counts the metrics in the formula of an alarm', () => {
    const named = (name: string) => alerts.filter((alert) => alert.name === name);
    const counted = countWatched(named('RetriesExhausted'), { service: 1, provider: 1 });
    expect(counted).toMatchObject({ highResolutionAlarmMetrics: 1, standardAlarmMetrics: 0, compositeAlarms: 0 });
    // Two windows, each a p95 and a count: two alarms and the one that joins them.
    expect(countWatched(named('ErrorsFastBurn'), { service: 1, provider: 1 })).toMatchObject({
      highResolutionAlarmMetrics: 0,
      standardAlarmMetrics: 4,
      compositeAlarms: 1,
    });
  });

  it('stays within what the bill reckons with, and not far below', () => {
    const counted = countWatched(alerts, { service: 2, provider: 1 });
    for (const [name, allowed] of Object.entries(watchingAllowance)) {
      const value = counted[name as keyof typeof counted];
      expect(value, name).toBeLessThanOrEqual(allowed);
      expect(value, name).toBeGreaterThan(allowed / 2);
    }
  });
});
