/**
 * The promise of the system as data: what is promised (`objectives`), what is measured (`metrics`), what is asked of the
 * measurements (`expression.ts`), who is told when (`alerts`), and how each tool says it (`targets/`). Pure, without
 * dependencies; also loaded by k6, so nothing here may need Node.
 *
 * ```ts
 * const p95 = percentile('RoundTrip', objectives.roundTrip.percentile, { windowMs: 60_000 });
 * toPromql(p95); // a panel of Grafana
 * toCloudWatch(p95); // new MathExpression({ ...thereof })
 * evaluateLive(p95, series, nowEpochMs); // ms, or undefined where there is no answer
 * states = nextAlertStates(alerts, states, series, nowEpochMs); // the alert list of the board
 * ```
 */
export {
  type Alert,
  above,
  badEvents,
  badEventsAtLeast,
  badShare,
  below,
  budgetWindowMs,
  burnAlerts,
  burnRates,
  type Comparison,
  type Condition,
  deadManAlert,
  eventAlert,
  eventWindowMs,
  latencyAlert,
  percentileFloor,
  platformAlert,
  type Severity,
} from './alert.ts';
export { causesOf, consequencesOf, explanationsOf } from './alert-causes.ts';
export { type AlertLists, alertGaps } from './alert-gaps.ts';
export {
  alerts,
  alertsOfObjectives,
  cacheHitRate,
  cacheReads,
  cacheReadsAtLeast,
  objectivesWithoutAlert,
} from './alerts.ts';
export { alertDelayMs, cadence, scrapesPerWindowAtLeast } from './cadence.ts';
export { createDeadline, type Deadline } from './deadline.ts';
export {
  attemptTimeoutMs,
  type DeadlineBudget,
  deadlineBudget,
  longestWaitMs,
  patientTimeoutMs,
  waitFits,
} from './deadline-budget.ts';
export {
  type BudgetNode,
  budgetBurn,
  budgetLeft,
  count,
  countOver,
  countUpTo,
  type DimensionFilter,
  type Expression,
  type ExpressionNode,
  isBudget,
  isPair,
  leavesOf,
  type MetricNode,
  mean,
  type PairNode,
  percentile,
  plus,
  ratePerMinute,
  ratio,
  type Scope,
  share,
  sum,
  type Unit,
} from './expression.ts';
export { bucketBoundsMs, bucketIndex, bucketIndexOfBound, objectiveBoundsMs } from './histogram-buckets.ts';
export {
  type AwsSource,
  type Blame,
  blameDimensionSets,
  blames,
  type CountMetric,
  countMetrics,
  dimensionSetsOf,
  isBlamed,
  isCountMetric,
  isTimingMetric,
  type MetricDefinition,
  type MetricDimension,
  type MetricName,
  type MetricUnit,
  metricDimensionSets,
  metricDimensions,
  metricNamespace,
  metrics,
  type Service,
  services,
  type TimingMetric,
  timingMetrics,
} from './metrics.ts';
export {
  errorBudget,
  type FigureObjective,
  isLatencyObjective,
  isShareObjective,
  type LatencyObjective,
  maxAttempts,
  type Objective,
  type ObjectiveName,
  objectives,
  type ShareObjective,
} from './objectives.ts';
export { SlaError, type SlaErrorCode } from './sla-error.ts';
export {
  type CloudWatchExpression,
  type CloudWatchMetric,
  type CloudWatchOptions,
  type MetricDataQuery,
  toCloudWatch,
  toMetricDataQueries,
} from './targets/cloudwatch.ts';
export {
  type AlarmMetricQuery,
  type CloudWatchAlarm,
  type CloudWatchAlarmOptions,
  type CloudWatchAlarms,
  type CloudWatchCompositeAlarm,
  cloudWatchAlarms,
} from './targets/cloudwatch-alarms.ts';
export {
  type K6Load,
  type K6Thresholds,
  type K6Trend,
  k6SampleFloor,
  k6Thresholds,
  k6Trends,
  objectivesWithoutK6Gate,
} from './targets/k6.ts';
export {
  type CounterSample,
  type CounterSeries,
  evaluateLive,
  type HistogramSample,
  type HistogramSeries,
  type LiveSeries,
  percentileOf,
} from './targets/live.ts';
export { type AlertState, type AlertStatus, nextAlertState, nextAlertStates } from './targets/live-alerts.ts';
export { type ParsedExposition, parseExposition } from './targets/parse-exposition.ts';
export { counterLines, histogramLines, prometheusExposition } from './targets/prometheus-exposition.ts';
export {
  bucketLabel,
  bucketMatcher,
  labelMatchers,
  prometheusBucketName,
  prometheusCountName,
  prometheusDuration,
  prometheusName,
  prometheusSumName,
} from './targets/prometheus-names.ts';
export {
  type PrometheusRule,
  type PrometheusRuleFile,
  type PrometheusRuleGroup,
  prometheusRules,
  prometheusRulesFile,
  runbookPage,
} from './targets/prometheus-rules.ts';
export { alertToPromql, conditionToPromql, type PromqlOptions, toPromql } from './targets/promql.ts';
export { runbookLink } from './targets/runbook-link.ts';
export { SeriesHistory, samplesPerSeriesAtMost, seriesPerMetricAtMost } from './targets/series-history.ts';
