/**
 * Expressions in CloudWatch metric math, as plain objects: `toCloudWatch` has the parts that `MathExpression` of aws-cdk-lib
 * takes (`expression`, `usingMetrics`), `toMetricDataQueries` the form of GetMetricData.
 *
 * CloudWatch answers a period at a time, so the window becomes the period and all windows of one expression must be equal.
 * It computes percentiles and counts over a bound from the values themselves (`p95`, `TC(...)`), not from buckets, and
 * counts are whole: on AWS the figures are exact where Prometheus interpolates.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
 */
import {
  type DimensionFilter,
  type Expression,
  type ExpressionNode,
  leavesOf,
  type MetricNode,
} from '../expression.ts';
import {
  type AwsSource,
  dimensionSetsOf,
  isTimingMetric,
  type MetricDefinition,
  type MetricName,
  metricNamespace,
  metrics,
} from '../metrics.ts';
import { SlaError } from '../sla-error.ts';

export interface CloudWatchMetric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensionsMap: Readonly<Record<string, string>>;
  /** `p95`, `Sum`, `SampleCount`, `Average`, `TC(lower:upper)` */
  readonly statistic: string;
}

export interface CloudWatchExpression {
  /** Metric math over the ids of `usingMetrics`. */
  readonly expression: string;
  readonly usingMetrics: Readonly<Record<string, CloudWatchMetric>>;
  readonly periodSeconds: number;
}

export interface CloudWatchOptions {
  /** The DAX cluster's name: hits and misses are its own metrics, not ours. */
  readonly daxClusterId?: string;
  /** The queues' names. Without them what SQS counts is asked for under our own names, as everywhere but on AWS. */
  readonly deadLetterQueueName?: string;
  /** One for each provider: of a level the highest counts. */
  readonly syncQueueNames?: readonly string[];
  /** Of each service, the function's name: errors and throttles are Lambda's own metrics. Without: our own names. */
  readonly functionNames?: Readonly<Record<string, string>>;
  /** Instead of the window: alarms that look at several short periods. */
  readonly periodSeconds?: number;
  /**
   * Counts are those of the whole time that is asked for, whatever the period. A period as long as 30 days would begin on
   * CloudWatch's own calendar, and so never mean the last 30 days. Every point of the answer has the same value.
   */
  readonly overRange?: boolean;
}

function dimensionsOf(metric: MetricName, where: DimensionFilter): Readonly<Record<string, string>> {
  const asked = Object.keys(where).sort().join();
  if (dimensionSetsOf(metric).some((set) => [...set].sort().join() === asked)) return where;
  throw new SlaError('SLA_DIMENSIONS_NOT_EMITTED', { dimensions: asked });
}

/** Where AWS counts and not our functions, as far as the options say whom to ask. */
export function awsSourceOf(metric: MetricName, options: CloudWatchOptions): AwsSource | undefined {
  const { aws }: MetricDefinition = metrics[metric];
  return aws?.of !== 'daxClusterId' && aws !== undefined && options[aws.of] === undefined ? undefined : aws;
}

/** @throws {SlaError} `SLA_SOURCE_UNKNOWN`: no name was given, or it is not said of which service */
function awsNamesOf(
  { of }: AwsSource,
  { metric, scope }: MetricNode,
  options: CloudWatchOptions,
): readonly [string, ...string[]] {
  const [name, ...others] = namesIn(options[of], scope.where?.service ?? '');
  if (name === undefined) throw new SlaError('SLA_SOURCE_UNKNOWN', { metric, needs: of });
  return [name, ...others];
}

function namesIn(named: CloudWatchOptions[AwsSource['of']], service: string): readonly string[] {
  if (named === undefined) return [];
  if (typeof named === 'string') return [named];
  if (isList(named)) return named;
  const name = named[service];
  return name === undefined ? [] : [name];
}

const isList = (named: object): named is readonly string[] => Array.isArray(named);

/** Several where AWS counts apart what is one here. */
function sourcesOf(node: MetricNode, options: CloudWatchOptions): readonly [CloudWatchMetric, ...CloudWatchMetric[]] {
  const aws = awsSourceOf(node.metric, options);
  if (aws === undefined) {
    return [
      {
        namespace: metricNamespace,
        metricName: node.metric,
        dimensionsMap: dimensionsOf(node.metric, node.scope.where ?? {}),
        statistic: statisticOf(node),
      },
    ];
  }
  const sourceAt = (name: string): CloudWatchMetric => ({
    namespace: aws.namespace,
    metricName: aws.metricName,
    dimensionsMap: { [aws.dimension]: name },
    statistic: aws.gauge ? 'Maximum' : statisticOf(node),
  });
  const [name, ...others] = awsNamesOf(aws, node, options);
  return [sourceAt(name), ...others.map(sourceAt)];
}

/** 0.95 -> 95, 0.999 -> 99.9, past the noise of binary fractions. */
export function percentOf(share: number): number {
  return Number((share * 100).toFixed(6));
}

function statisticOf(node: MetricNode): string {
  switch (node.op) {
    case 'percentile':
      return `p${percentOf(node.percentile)}`;
    case 'mean':
      return 'Average';
    case 'sum':
      return 'Sum';
    case 'countUpTo':
      return `TC(:${node.boundMs})`;
    case 'countOver':
      return `TC(${node.boundMs}:)`; // the lower bound is exclusive
    default:
      return isTimingMetric(node.metric) ? 'SampleCount' : 'Sum';
  }
}

/** Collects the metrics that a formula refers to; the same metric asked twice is one. */
class Metrics {
  readonly used: Record<string, CloudWatchMetric> = {};
  readonly options: CloudWatchOptions;
  constructor(options: CloudWatchOptions) {
    this.options = options;
  }

  /** @returns the id of its metric, or of several the formula of the highest */
  idOf(node: MetricNode): string {
    const ids = sourcesOf(node, this.options).map((metric) => this.#idOf(metric));
    return ids.length === 1 ? ids.join() : `MAX([${ids.join(', ')}])`;
  }

  #idOf(metric: CloudWatchMetric): string {
    const known = Object.entries(this.used).find(([, other]) => JSON.stringify(other) === JSON.stringify(metric));
    if (known !== undefined) return known[0];
    const id = `m${Object.keys(this.used).length}`;
    this.used[id] = metric;
    return id;
  }

  /** A counter is silent while nothing is counted: where something is computed with it, silence is 0. */
  filled(expression: Expression): string {
    const { node } = expression;
    if (!isCounted(node)) return this.formula(expression);
    const value = `FILL(${this.idOf(node)}, 0)`;
    return this.options.overRange === true ? `SUM(${value})` : value;
  }

  /** @throws {SlaError} `SLA_RANGE_NOT_COUNTED` */
  leaf(node: MetricNode): string {
    const id = this.idOf(node);
    const { scale } = awsSourceOf(node.metric, this.options) ?? {};
    if (this.options.overRange !== true) return scale === undefined ? id : `(${id} * ${scale})`;
    if (!isCounted(node)) throw new SlaError('SLA_RANGE_NOT_COUNTED', { metric: node.metric, op: node.op });
    return `SUM(${id})`;
  }

  formula({ node }: Expression): string {
    switch (node.op) {
      case 'share': // its counts are whole, so none is larger than the whole
      case 'ratio': // metric math has no data point where the divisor is 0
        return `(${this.filled(node.left)} / ${this.formula(node.right)})`;
      case 'plus':
        return `(${this.filled(node.left)} + ${this.filled(node.right)})`;
      case 'budgetBurn':
        return `(${this.formula(node.share)} / ${node.budget})`;
      case 'budgetLeft':
        return `(1 - ${this.formula(node.share)} / ${node.budget})`;
      case 'ratePerMinute': {
        const id = this.idOf(node);
        return `(${id} / PERIOD(${id}) * 60)`;
      }
      default:
        return this.leaf(node);
    }
  }
}

type CountedNode = Extract<MetricNode, { op: 'count' | 'countUpTo' | 'countOver' }>;

function isCounted(node: ExpressionNode): node is CountedNode {
  return node.op === 'count' || node.op === 'countUpTo' || node.op === 'countOver';
}

/** @throws {SlaError} `SLA_WINDOWS_MIXED` */
function commonWindowMs(expressions: readonly Expression[]): number {
  const windows = new Set(expressions.flatMap(leavesOf).map(({ scope }) => scope.windowMs));
  const [windowMs = 0] = windows;
  if (windows.size !== 1) throw new SlaError('SLA_WINDOWS_MIXED', { windowsMs: [...windows].join() });
  return windowMs;
}

/**
 * Several expressions of one window as one formula.
 * @param combine joins the formulas of the expressions, in their order
 * @throws {SlaError} `SLA_WINDOWS_MIXED`, `SLA_DIMENSIONS_NOT_EMITTED`, `SLA_SOURCE_UNKNOWN`, `SLA_RANGE_NOT_COUNTED`
 */
export function combineForCloudWatch(
  expressions: readonly Expression[],
  combine: (formulas: readonly string[]) => string,
  options: CloudWatchOptions = {},
): CloudWatchExpression {
  const found = new Metrics(options);
  const value = combine(expressions.map((one) => found.formula(one)));
  // A number is no answer, only a series is; the last metric is what is divided by, so there are points where it has any.
  const expression = options.overRange === true ? `${value} + 0 * ${Object.keys(found.used).at(-1)}` : value;
  const periodSeconds = options.periodSeconds ?? commonWindowMs(expressions) / 1_000;
  return { expression, usingMetrics: found.used, periodSeconds };
}

/**
 * @returns what `new MathExpression({ expression, usingMetrics, period })` takes, its metrics as plain objects
 * @throws as `combineForCloudWatch`
 */
export function toCloudWatch(expression: Expression, options: CloudWatchOptions = {}): CloudWatchExpression {
  return combineForCloudWatch([expression], (formulas) => formulas.join(), options);
}

/** One entry of `MetricDataQueries`; Period in seconds. */
export interface MetricDataQuery {
  readonly Id: string;
  readonly Label?: string;
  readonly ReturnData: boolean;
  readonly Expression?: string;
  readonly MetricStat?: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
    };
    readonly Period: number;
    readonly Stat: string;
  };
}

/**
 * The form of GetMetricData: the metrics, and the one query that returns data.
 * @param id of that query, lower-case first letter; ids of one request must differ
 */
export function toMetricDataQueries(
  expression: Expression,
  id: string,
  options: CloudWatchOptions = {},
): readonly MetricDataQuery[] {
  const { expression: formula, usingMetrics, periodSeconds } = toCloudWatch(expression, options);
  const entries = Object.entries(usingMetrics);
  const queries = entries.map(([metricId, metric]) => ({
    Id: `${id}_${metricId}`,
    ReturnData: false,
    MetricStat: {
      Metric: {
        Namespace: metric.namespace,
        MetricName: metric.metricName,
        Dimensions: Object.entries(metric.dimensionsMap).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: periodSeconds,
      Stat: metric.statistic,
    },
  }));
  const prefixed = formula.replaceAll(/\bm\d+\b/g, (metricId) => `${id}_${metricId}`);
  return [...queries, { Id: id, ReturnData: true, Expression: prefixed }];
}
