/**
 * Expressions in PromQL. Each answer is one number (or one a group with `by`), or nothing.
 *
 * What PromQL does behind the scenes, and this file accepts: `increase` extends what it saw between the first and last
 * sample to the whole window, so a count need not be whole; it sees nothing with fewer than two samples; and
 * `histogram_quantile` draws a straight line within a bucket. `live.ts` does the same, on purpose. What it avoids: division
 * by zero (a denominator that is not above 0 is filtered out, so there is no answer instead of NaN or infinity).
 */
import type { Alert, Condition } from '../alert.ts';
import type { Expression, MetricNode, Scope } from '../expression.ts';
import type { MetricDimension } from '../metrics.ts';
import {
  bucketMatcher,
  labelMatchers,
  prometheusBucketName,
  prometheusCountName,
  prometheusDuration,
  prometheusSumName,
} from './prometheus-names.ts';

export interface PromqlOptions {
  /** One answer for each value of these dimensions: a line a provider. */
  readonly by?: readonly MetricDimension[];
  /** Replaces every window, for panels whose window follows the zoom: `$__rate_interval`. */
  readonly window?: string;
  /** Further matchers as they stand in every selector: `provider=~"$provider"`. */
  readonly matchers?: readonly string[];
}

function over(name: string, scope: Scope, options: PromqlOptions, more: readonly string[] = []): string {
  const matchers = [...labelMatchers(scope.where ?? {}), ...(options.matchers ?? []), ...more];
  const selector = matchers.length === 0 ? name : `${name}{${matchers.join(',')}}`;
  return `${selector}[${options.window ?? prometheusDuration(scope.windowMs)}]`;
}

function total(inner: string, { by = [] }: PromqlOptions, more: readonly string[] = []): string {
  const labels = [...more, ...by];
  return labels.length === 0 ? `sum(${inner})` : `sum by (${labels.join(', ')}) (${inner})`;
}

function leaf(node: MetricNode, options: PromqlOptions): string {
  const { scope } = node;
  switch (node.op) {
    case 'percentile': {
      const buckets = total(`rate(${over(prometheusBucketName(node.metric), scope, options)})`, options, ['le']);
      return `histogram_quantile(${node.percentile}, ${buckets})`;
    }
    case 'mean': {
      const sum = total(`increase(${over(prometheusSumName(node.metric), scope, options)})`, options);
      return quotient(sum, total(`increase(${over(prometheusCountName(node.metric), scope, options)})`, options));
    }
    case 'sum':
      return total(`increase(${over(prometheusSumName(node.metric), scope, options)})`, options);
    case 'count':
      return total(`increase(${over(prometheusCountName(node.metric), scope, options)})`, options);
    case 'ratePerMinute':
      return `60 * ${total(`rate(${over(prometheusCountName(node.metric), scope, options)})`, options)}`;
    case 'countUpTo': {
      const bucket = over(prometheusBucketName(node.metric), scope, options, [bucketMatcher(node.boundMs)]);
      return total(`increase(${bucket})`, options);
    }
    case 'countOver': {
      const all = leaf({ op: 'count', metric: node.metric, scope }, options);
      return `clamp_min(${all} - ${leaf({ ...node, op: 'countUpTo' }, options)}, 0)`;
    }
  }
}

function quotient(left: string, right: string): string {
  return `(${left} / (${right} > 0))`;
}

/** @returns PromQL; its answer is one number, one a group with `by`, or nothing */
export function toPromql({ node }: Expression, options: PromqlOptions = {}): string {
  switch (node.op) {
    case 'ratio':
      return quotient(toPromql(node.left, options), toPromql(node.right, options));
    case 'share':
      return `clamp(${quotient(toPromql(node.left, options), toPromql(node.right, options))}, 0, 1)`;
    case 'plus':
      return `(${toPromql(node.left, options)} + ${toPromql(node.right, options)})`;
    case 'budgetBurn':
      return `(${toPromql(node.share, options)} / ${node.budget})`;
    case 'budgetLeft':
      return `(1 - ${toPromql(node.share, options)} / ${node.budget})`;
    default:
      return leaf(node, options);
  }
}

const COMPARISON = { above: '>', below: '<' } as const;

/** @returns PromQL that answers (with the expression's value) while the condition holds, and nothing while it does not */
export function conditionToPromql(condition: Condition, options: PromqlOptions = {}): string {
  const { expression, comparison, bound, whenAbsent } = condition;
  // "no answer" is a breach: put a value in its place that is one
  const absent = comparison === 'below' ? bound - 1 : bound + 1;
  const value = toPromql(expression, options);
  const present = whenAbsent === 'breach' ? `(${value} or vector(${absent}))` : value;
  return `${present} ${COMPARISON[comparison]} ${bound}`;
}

/** @returns PromQL that answers while all conditions of the alert hold; the value is that of its first condition */
export function alertToPromql(alert: Pick<Alert, 'when'>): string {
  return alert.when.map((condition) => `(${conditionToPromql(condition)})`).join(' and ');
}
