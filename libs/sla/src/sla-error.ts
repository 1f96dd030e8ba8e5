/** A figure, window or filter that no target could answer truthfully: always a mistake in the code that wrote it. */
export class SlaError extends Error {
  override readonly name = 'SlaError';
  readonly code: SlaErrorCode;
  readonly facts: Readonly<Record<string, string | number>>;
  constructor(code: SlaErrorCode, facts: SlaError['facts'], options?: ErrorOptions) {
    super(`${code} ${JSON.stringify(facts)}`, options);
    this.code = code;
    this.facts = facts;
  }
}

export type SlaErrorCode =
  /** A percentile that is not between 0 and 1, both exclusive. */
  | 'SLA_PERCENTILE_INVALID'
  /** A window that is not a whole number of seconds above 0. */
  | 'SLA_WINDOW_INVALID'
  /** An error budget that is not between 0 and 1, both exclusive: nothing could be left of it. */
  | 'SLA_BUDGET_INVALID'
  /** A bound that is no histogram bucket: counting up to it would be a guess. */
  | 'SLA_BOUND_NOT_A_BUCKET'
  /** CloudWatch answers a metric-math expression with one period; the expression has several windows. */
  | 'SLA_WINDOWS_MIXED'
  /** Over a whole time range counts can be added up; percentiles, means and rates cannot. */
  | 'SLA_RANGE_NOT_COUNTED'
  /** A filter that names dimensions under which no metric is emitted, so CloudWatch would have no data. */
  | 'SLA_DIMENSIONS_NOT_EMITTED'
  /** The target cannot say this: the expression belongs to a service whose address was not given. */
  | 'SLA_SOURCE_UNKNOWN';
