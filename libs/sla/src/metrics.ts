/** Every metric that the functions emit. A name that is not here cannot be emitted: the telemetry takes `MetricName`. */

export type MetricUnit = 'Milliseconds' | 'Count';

export interface MetricDefinition {
  readonly unit: MetricUnit;
  /** What one value says, for the people who read a panel. */
  readonly meaning: string;
}

/** CloudWatch namespace of all metrics. */
export const metricNamespace = 'quartersec';

/** Dimensions that every metric carries. `service` is the function (process, query), `provider` the data provider. */
export const metricDimensions = ['service', 'provider'] as const;

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
  Quarantined: { unit: 'Count', meaning: 'Records set aside because they could not be read exactly' },
  UnknownFields: { unit: 'Count', meaning: 'Members that the provider sent and our types do not name' },
  UnknownEnums: { unit: 'Count', meaning: 'Values outside the lists that the provider has published' },
  Conflicts: { unit: 'Count', meaning: 'Commits refused because another run had won' },
  ColdStart: { unit: 'Count', meaning: 'First event of an environment' },
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof metrics;
