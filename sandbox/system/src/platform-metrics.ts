/**
 * What Lambda and SQS count of themselves on AWS and no function can: errors, throttles, the age of the oldest message. Here the
 * host is asked once a second.
 */
import type { LambdaHost, LambdaHostStats } from '@quartersec/sandbox-lambda';
import { type Service, services } from '@quartersec/sla';
import { oldestMessage } from './sync-queues.ts';
import type { SystemMetrics } from './system-metrics.ts';

type FunctionStats = LambdaHostStats['functions'];

export interface PlatformCounts {
  readonly service: Service;
  readonly errors: number;
  readonly throttles: number;
}

const everyMs = 1_000;

/** What was counted of each function between two looks; a function that was not there before starts at 0. Pure. */
export function countedBetween(before: FunctionStats, after: FunctionStats): readonly PlatformCounts[] {
  return services.map((service) => ({
    service,
    errors: (after[service]?.errors ?? 0) - (before[service]?.errors ?? 0),
    throttles: (after[service]?.throttles ?? 0) - (before[service]?.throttles ?? 0),
  }));
}

/** Looks until stopped. */
export function recordPlatform(
  host: Pick<LambdaHost, 'stats'>,
  metrics: SystemMetrics,
): { look(): void; stop(): void } {
  let before: FunctionStats = {};
  const look = () => {
    const { functions } = host.stats();
    for (const { service, errors, throttles } of countedBetween(before, functions)) {
      if (errors > 0) metrics.add('PlatformErrors', errors, { service, provider: 'unknown' });
      if (throttles > 0) metrics.add('PlatformThrottles', throttles, { service, provider: 'unknown' });
    }
    before = functions;
    // Of the queue that is furthest behind: the ages of the others would hide it.
    const { provider, oldestMs } = oldestMessage(host);
    metrics.add('OldestMessageAge', oldestMs, { service: 'process', provider });
  };
  const looking = setInterval(look, everyMs);
  looking.unref();
  return { look, stop: () => clearInterval(looking) };
}
