/**
 * Every metric of the system. A name that is not here cannot be emitted: the telemetry takes `MetricName`.
 *
 * `Milliseconds` metrics are timings: one value an event, kept as a histogram. `Count` metrics are counters: a value is
 * added to a total. Which of the two decides what an expression may ask of it (see `expression.ts`).
 */

export type MetricUnit = 'Milliseconds' | 'Count';

export interface MetricDefinition {
  readonly unit: MetricUnit;
  /** What one value says, for the people who read a panel. */
  readonly meaning: string;
  /**
   * Set where the functions cannot know the value and an AWS service publishes it: the CloudWatch targets read it
   * there. In the sandbox the stand-in of that service reports it under our own name.
   */
  readonly aws?: AwsSource;
  /** Emitted with the dimension `blame`: whose doing it was. */
  readonly blamed?: true;
}

export interface AwsSource {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimension: 'ClusterId' | 'QueueName' | 'FunctionName';
  /** Which of the names that a deployment gives has the dimension's value. */
  readonly of: 'daxClusterId' | 'deadLetterQueueName' | 'syncQueueNames' | 'functionNames';
  /** A level, not what was added: its highest value is asked for, never a sum. */
  readonly gauge?: true;
  /** Ours is so many of theirs: 1,000 where they count seconds. */
  readonly scale?: number;
}

/** CloudWatch namespace of all metrics. */
export const metricNamespace = 'quartersec';

/** The functions: values of the dimension `service`. */
export const services = ['process', 'query', 'connect', 'webhook'] as const;
export type Service = (typeof services)[number];

/** Whose doing a bad event was: ours, the data provider's (or the bank's behind it), or the bank customer's own to mend. */
export const blames = ['ours', 'provider', 'user'] as const;
export type Blame = (typeof blames)[number];

/**
 * Dimensions. Every metric carries `service`, the function, and `provider`, the data provider; those that are `blamed` also
 * `blame`.
 */
export const metricDimensions = ['service', 'provider', 'blame'] as const;
export type MetricDimension = (typeof metricDimensions)[number];

/**
 * The dimension sets under which every metric is emitted. CloudWatch never adds up over dimension values by itself and an
 * alarm may not SEARCH, so what is asked over all providers must be emitted over all providers.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export const metricDimensionSets = [
  [],
  ['service'],
  ['service', 'provider'],
] as const satisfies readonly (readonly MetricDimension[])[];

/** Further sets of metrics that are `blamed`: by blame over everything, and all dimensions together. */
export const blameDimensionSets = [
  ['blame'],
  ['service', 'provider', 'blame'],
] as const satisfies readonly (readonly MetricDimension[])[];

export const metrics = {
  RoundTrip: {
    unit: 'Milliseconds',
    meaning: 'Event requested (or sent, where the queue knows it later) to entry committed, or to its failure',
  },
  Processing: {
    unit: 'Milliseconds',
    meaning: 'Validated page in hand to entry committed, the slowest page of the event',
  },
  Store: { unit: 'Milliseconds', meaning: 'The commit alone, the slowest page of the event' },
  ProviderTime: { unit: 'Milliseconds', meaning: 'Time spent waiting for the provider, all attempts of the event' },
  QueueAge: { unit: 'Milliseconds', meaning: 'Message sent to message received by the function' },
  OldestMessageAge: {
    unit: 'Milliseconds',
    meaning: 'Age of the oldest message that waits on the sync queue, looked at regularly',
    aws: {
      namespace: 'AWS/SQS',
      metricName: 'ApproximateAgeOfOldestMessage',
      dimension: 'QueueName',
      of: 'syncQueueNames',
      gauge: true,
      scale: 1_000,
    },
  },
  SyncAge: {
    unit: 'Milliseconds',
    meaning: "Age of an active connection's last complete sync when an event for it arrives",
  },
  ReadTime: { unit: 'Milliseconds', meaning: 'A read of the query function, from its request to its response' },
  ReadsFailed: { unit: 'Count', meaning: 'Reads that could not be answered for a fault of ours or of the table' },
  WebhookTime: { unit: 'Milliseconds', meaning: 'A webhook of a provider, from its request to its response' },
  WebhooksQueued: { unit: 'Count', meaning: 'Webhooks that became an event on the queue' },
  WebhooksRepeated: { unit: 'Count', meaning: 'Webhooks that had been taken before, by the same environment' },
  WebhooksUnknown: {
    unit: 'Count',
    meaning: 'Webhooks of a kind newer than this version, or about an Item that is none of ours; acknowledged',
  },
  WebhooksFailed: {
    unit: 'Count',
    meaning: 'Webhooks not taken for a fault of ours, the queue or the key look-up; the provider sends them again',
  },
  WebhookForged: { unit: 'Count', meaning: 'Webhooks refused for their token, time, signature or body' },
  ConnectTime: {
    unit: 'Milliseconds',
    meaning: 'A call of the connect function, from its request to its response, provider included',
  },
  ConnectFailed: {
    unit: 'Count',
    meaning: 'Calls to link, refresh or remove that could not be answered, whoever is to blame',
  },
  ScheduleTicks: {
    unit: 'Count',
    meaning: "Messages of the schedule's timer that were handled: one a minute, whatever the load",
  },
  Events: { unit: 'Count', meaning: 'Events that ended, good or bad: all but those refused' },
  Bad: { unit: 'Count', meaning: 'Events that were late, failed or had to be deferred', blamed: true },
  Refused: {
    unit: 'Count',
    meaning: 'Requests that are a mistake of their sender: unknown connection, malformed, no right',
  },
  Attempts: { unit: 'Count', meaning: 'Provider calls of the event' },
  Retries: { unit: 'Count', meaning: 'Provider calls after the first of a page' },
  RetriesExhausted: { unit: 'Count', meaning: 'Events whose last permitted attempt failed' },
  Committed: { unit: 'Count', meaning: 'Journal entries committed' },
  Failed: { unit: 'Count', meaning: 'Events that ended in an error' },
  Coalesced: { unit: 'Count', meaning: 'Events answered from the head because a later sync had covered them' },
  Deferred: { unit: 'Count', meaning: 'Events sent back to the queue with a delay that the provider asked for' },
  Throttled: { unit: 'Count', meaning: 'Provider calls answered with 429' },
  ContractBroken: { unit: 'Count', meaning: 'Events whose last attempt failed because the page could not be read' },
  AddressRefused: { unit: 'Count', meaning: 'Provider addresses or next links refused before connecting' },
  RestartsExhausted: { unit: 'Count', meaning: 'Page loops given up because the data kept changing underneath' },
  ConfigurationRefused: {
    unit: 'Count',
    meaning: 'Events that found our keys, environment or contract refused; no connection is touched',
  },
  ConsentEnded: { unit: 'Count', meaning: 'Connections that need their user again: consent expired, login required' },
  Quarantined: { unit: 'Count', meaning: 'Records set aside because they could not be read exactly' },
  UnknownFields: {
    unit: 'Count',
    meaning: 'Members that our types do not name, and known ones missing or of another type',
  },
  UnknownEnums: { unit: 'Count', meaning: 'Values outside the lists that the provider has published' },
  InsightsMissed: {
    unit: 'Count',
    meaning:
      'Events whose data are stored, and whose insights are left to the next event: they could not be derived or kept',
  },
  Conflicts: { unit: 'Count', meaning: 'Commits refused because another run had won' },
  ColdStart: { unit: 'Count', meaning: 'First event of an environment' },
  DeadLettered: {
    unit: 'Count',
    meaning: 'Messages that ended in the dead-letter queue; on AWS, messages that lie there',
    // SQS counts no message as sent that it moved there itself (NumberOfMessagesSent stays 0).
    aws: {
      namespace: 'AWS/SQS',
      metricName: 'ApproximateNumberOfMessagesVisible',
      dimension: 'QueueName',
      of: 'deadLetterQueueName',
      gauge: true,
    },
  },
  PlatformErrors: {
    unit: 'Count',
    meaning: 'Invocations that ended in an error: thrown, timed out, out of memory, could not start',
    aws: { namespace: 'AWS/Lambda', metricName: 'Errors', dimension: 'FunctionName', of: 'functionNames' },
  },
  PlatformThrottles: {
    unit: 'Count',
    meaning: 'Invocations refused because no further environment was permitted',
    aws: { namespace: 'AWS/Lambda', metricName: 'Throttles', dimension: 'FunctionName', of: 'functionNames' },
  },
  // Counted on AWS alone, from the access log of API Gateway (`infra`): the sandbox has no gateway that could fail or throttle.
  GatewayFailed: {
    unit: 'Count',
    meaning: 'Requests that the gateway answered with 5xx itself, because no function gave an answer',
  },
  GatewayThrottled: {
    unit: 'Count',
    meaning: 'Requests that the gateway refused with 429, beyond the limits of a route',
  },
  Audits: { unit: 'Count', meaning: 'Audits of the stored data that ran to their end' },
  AuditDifferences: { unit: 'Count', meaning: 'Stored entries that the audit found corrupt, missing or misplaced' },
  CacheHits: {
    unit: 'Count',
    meaning: 'Item reads that the DAX cluster answered from memory',
    aws: { namespace: 'AWS/DAX', metricName: 'ItemCacheHits', dimension: 'ClusterId', of: 'daxClusterId' },
  },
  CacheMisses: {
    unit: 'Count',
    meaning: 'Item reads that the DAX cluster had to fetch from DynamoDB',
    aws: { namespace: 'AWS/DAX', metricName: 'ItemCacheMisses', dimension: 'ClusterId', of: 'daxClusterId' },
  },
  CacheFailures: { unit: 'Count', meaning: 'Reads sent to DynamoDB because DAX failed or was too slow' },
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof metrics;

type NameOfUnit<U extends MetricUnit> = {
  [Name in MetricName]: (typeof metrics)[Name]['unit'] extends U ? Name : never;
}[MetricName];

/** A metric of which percentiles exist. */
export type TimingMetric = NameOfUnit<'Milliseconds'>;
/** A metric that only adds up. */
export type CountMetric = NameOfUnit<'Count'>;

export function isBlamed(metric: MetricName): boolean {
  return (metrics[metric] as MetricDefinition).blamed === true;
}

/** Every dimension set under which a metric is emitted. */
export function dimensionSetsOf(metric: MetricName): readonly (readonly MetricDimension[])[] {
  return isBlamed(metric) ? [...metricDimensionSets, ...blameDimensionSets] : metricDimensionSets;
}

export function isTimingMetric(metric: MetricName): metric is TimingMetric {
  return metrics[metric].unit === 'Milliseconds';
}

export function isCountMetric(metric: MetricName): metric is CountMetric {
  return metrics[metric].unit === 'Count';
}

const metricNames = Object.keys(metrics) as MetricName[];
export const timingMetrics: readonly TimingMetric[] = metricNames.filter(isTimingMetric);
/** Expose each of these at 0 from the start, for every service and provider: a first increment from nothing is invisible. */
export const countMetrics: readonly CountMetric[] = metricNames.filter(isCountMetric);
