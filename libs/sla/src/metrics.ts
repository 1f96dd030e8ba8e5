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
  readonly aws?: {
    readonly namespace: string;
    readonly metricName: string;
    readonly dimension: 'ClusterId' | 'QueueName';
    /** A level, not what was added: its highest value is asked for, never a sum. */
    readonly gauge?: true;
  };
}

/** CloudWatch namespace of all metrics. */
export const metricNamespace = 'quartersec';

/** Dimensions that every metric carries. `service` is the function (process, query), `provider` the data provider. */
export const metricDimensions = ['service', 'provider'] as const;
export type MetricDimension = (typeof metricDimensions)[number];

/**
 * The dimension sets under which each metric is emitted. CloudWatch never adds up over dimension values by itself and an
 * alarm may not SEARCH, so what is asked over all providers must be emitted over all providers.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export const metricDimensionSets = [
  [],
  ['service'],
  ['service', 'provider'],
] as const satisfies readonly (readonly MetricDimension[])[];

export const metrics = {
  RoundTrip: { unit: 'Milliseconds', meaning: 'Event received to entry committed, or to the final failure' },
  Processing: {
    unit: 'Milliseconds',
    meaning: 'Validated page in hand to entry committed, the slowest page of the event',
  },
  Store: { unit: 'Milliseconds', meaning: 'The commit alone, the slowest page of the event' },
  ProviderTime: { unit: 'Milliseconds', meaning: 'Time spent waiting for the provider, all attempts of the event' },
  QueueAge: { unit: 'Milliseconds', meaning: 'Message sent to message received by the function' },
  Attempts: { unit: 'Count', meaning: 'Provider calls of the event' },
  Retries: { unit: 'Count', meaning: 'Provider calls after the first of a page' },
  RetriesExhausted: { unit: 'Count', meaning: 'Events whose last permitted attempt failed' },
  Committed: { unit: 'Count', meaning: 'Journal entries committed' },
  Failed: { unit: 'Count', meaning: 'Events that ended in an error' },
  Coalesced: { unit: 'Count', meaning: 'Events answered from the head because a later sync had covered them' },
  Deferred: { unit: 'Count', meaning: 'Events sent back to the queue with a delay that the provider asked for' },
  Throttled: { unit: 'Count', meaning: 'Provider calls answered with 429' },
  Hedged: { unit: 'Count', meaning: 'Second provider calls sent because the first was slower than usual' },
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
      gauge: true,
    },
  },
  AuditDifferences: { unit: 'Count', meaning: 'Stored entries that the audit found corrupt, missing or misplaced' },
  WebhookForged: { unit: 'Count', meaning: 'Webhooks refused because their signature, time or body did not verify' },
  CacheHits: {
    unit: 'Count',
    meaning: 'Item reads that the DAX cluster answered from memory',
    aws: { namespace: 'AWS/DAX', metricName: 'ItemCacheHits', dimension: 'ClusterId' },
  },
  CacheMisses: {
    unit: 'Count',
    meaning: 'Item reads that the DAX cluster had to fetch from DynamoDB',
    aws: { namespace: 'AWS/DAX', metricName: 'ItemCacheMisses', dimension: 'ClusterId' },
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
