/** Where the metrics come from that an AWS service counts and not our functions; and which alerts have no source at all. */
import { type Alert, type CloudWatchAlarmOptions, leavesOf } from '@quartersec/sla';

export interface MetricSources {
  readonly daxClusterId?: string;
  readonly deadLetterQueueName: string;
  readonly syncQueueNames: readonly string[];
  /** Of each service. */
  readonly functionNames: Readonly<Record<string, string>>;
}

/** Without DAX nobody counts hits and misses, so an alert on them could only be silent or wrong. */
export function sourceIsMissing({ when }: Alert, { daxClusterId }: MetricSources): boolean {
  const leaves = when.flatMap(({ expression }) => leavesOf(expression));
  return daxClusterId === undefined && leaves.some(({ metric }) => metric === 'CacheHits' || metric === 'CacheMisses');
}

export function alarmSources(prefix: string, sources: MetricSources): CloudWatchAlarmOptions {
  return { ...sources, namePrefix: `${prefix}-` };
}
