/**
 * The algebra over metrics: what a panel shows, what an alert compares. An expression is plain data; `targets/` say it in
 * PromQL, in CloudWatch metric math, and answer it over series in memory.
 *
 * It is typed by unit, so that nonsense does not compile: no percentile of a counter, no milliseconds added to a count.
 *
 * ```ts
 * const hitRate = ratio(count('CacheHits', last5m), plus(count('CacheHits', last5m), count('CacheMisses', last5m)));
 * const p95 = percentile('RoundTrip', 0.95, { windowMs: 60_000, where: { provider: 'plaid' } });
 * ```
 */
import { bucketIndexOfBound } from './histogram-buckets.ts';
import type { MetricDimension, MetricName, TimingMetric } from './metrics.ts';
import { SlaError } from './sla-error.ts';

export type Unit = 'Milliseconds' | 'Count' | 'PerMinute' | 'Ratio';

/** Values of dimensions; a dimension that is not named may have any value. */
export type DimensionFilter = Readonly<Partial<Record<MetricDimension, string>>>;

/** The stretch of time that ends now, and whose values count. */
export interface Scope {
  /** Whole seconds. Give it at least four scrapes: fewer than two samples are no answer. */
  readonly windowMs: number;
  readonly where?: DimensionFilter;
}

export type MetricNode =
  | { readonly op: 'percentile'; readonly metric: TimingMetric; readonly percentile: number; readonly scope: Scope }
  | { readonly op: 'mean'; readonly metric: TimingMetric; readonly scope: Scope }
  | { readonly op: 'sum'; readonly metric: TimingMetric; readonly scope: Scope }
  | { readonly op: 'count'; readonly metric: MetricName; readonly scope: Scope }
  | { readonly op: 'ratePerMinute'; readonly metric: MetricName; readonly scope: Scope }
  | { readonly op: 'countUpTo'; readonly metric: TimingMetric; readonly boundMs: number; readonly scope: Scope }
  | { readonly op: 'countOver'; readonly metric: TimingMetric; readonly boundMs: number; readonly scope: Scope };

export interface PairNode {
  readonly op: 'ratio' | 'share' | 'plus';
  readonly left: Expression;
  readonly right: Expression;
}

/** A share of bad events, in terms of what may go wrong: how fast the budget goes, and what is left of it. */
export interface BudgetNode {
  readonly op: 'budgetBurn' | 'budgetLeft';
  readonly share: Expression<'Ratio'>;
  readonly budget: number;
}

export type ExpressionNode = MetricNode | PairNode | BudgetNode;

export interface Expression<U extends Unit = Unit> {
  readonly unit: U;
  readonly node: ExpressionNode;
}

export function isPair(node: ExpressionNode): node is PairNode {
  return node.op === 'ratio' || node.op === 'share' || node.op === 'plus';
}

export function isBudget(node: ExpressionNode): node is BudgetNode {
  return node.op === 'budgetBurn' || node.op === 'budgetLeft';
}

function checked(scope: Scope): Scope {
  const { windowMs } = scope;
  if (!(windowMs > 0 && Number.isInteger(windowMs / 1_000))) throw new SlaError('SLA_WINDOW_INVALID', { windowMs });
  return scope;
}

/**
 * The value under which a share of the timings lies.
 * @param share 0 to 1, both exclusive: 0.95 for p95
 * @throws {SlaError} `SLA_PERCENTILE_INVALID`, `SLA_WINDOW_INVALID`
 */
export function percentile(metric: TimingMetric, share: number, scope: Scope): Expression<'Milliseconds'> {
  if (!(share > 0 && share < 1)) throw new SlaError('SLA_PERCENTILE_INVALID', { share });
  return { unit: 'Milliseconds', node: { op: 'percentile', metric, percentile: share, scope: checked(scope) } };
}

/** Arithmetic mean of the timings. */
export function mean(metric: TimingMetric, scope: Scope): Expression<'Milliseconds'> {
  return { unit: 'Milliseconds', node: { op: 'mean', metric, scope: checked(scope) } };
}

/** All the timings added up. */
export function sum(metric: TimingMetric, scope: Scope): Expression<'Milliseconds'> {
  return { unit: 'Milliseconds', node: { op: 'sum', metric, scope: checked(scope) } };
}

/** How many: the values of a timing (events), or what a counter has counted. */
export function count(metric: MetricName, scope: Scope): Expression<'Count'> {
  return { unit: 'Count', node: { op: 'count', metric, scope: checked(scope) } };
}

/** `count` as a rate. */
export function ratePerMinute(metric: MetricName, scope: Scope): Expression<'PerMinute'> {
  return { unit: 'PerMinute', node: { op: 'ratePerMinute', metric, scope: checked(scope) } };
}

/**
 * Events that took at most so long.
 * @throws {SlaError} `SLA_BOUND_NOT_A_BUCKET`, `SLA_WINDOW_INVALID`
 */
export function countUpTo(metric: TimingMetric, boundMs: number, scope: Scope): Expression<'Count'> {
  bucketIndexOfBound(boundMs);
  return { unit: 'Count', node: { op: 'countUpTo', metric, boundMs, scope: checked(scope) } };
}

/** Events that took longer; throws as `countUpTo` does. */
export function countOver(metric: TimingMetric, boundMs: number, scope: Scope): Expression<'Count'> {
  bucketIndexOfBound(boundMs);
  return { unit: 'Count', node: { op: 'countOver', metric, boundMs, scope: checked(scope) } };
}

/** One over the other, of the same unit; no answer (rather than infinity or NaN) while the second is not above 0. */
export function ratio<U extends Unit>(left: Expression<U>, right: Expression<NoInfer<U>>): Expression<'Ratio'> {
  return { unit: 'Ratio', node: { op: 'ratio', left, right } };
}

/**
 * A part of a whole, 0 to 1: a `ratio` that never leaves these bounds, whatever the counts. Two counters that are extended to
 * the window's edges each by its own amount can otherwise give 100.2 %.
 */
export function share<U extends Unit>(part: Expression<U>, whole: Expression<NoInfer<U>>): Expression<'Ratio'> {
  return { unit: 'Ratio', node: { op: 'share', left: part, right: whole } };
}

/** Both together, of the same unit; no answer unless both have one. */
export function plus<U extends Unit>(left: Expression<U>, right: Expression<NoInfer<U>>): Expression<U> {
  return { unit: left.unit, node: { op: 'plus', left, right } };
}

function ofBudget(op: BudgetNode['op'], share: Expression<'Ratio'>, budget: number): Expression<'Ratio'> {
  if (!(budget > 0 && budget < 1)) throw new SlaError('SLA_BUDGET_INVALID', { budget });
  return { unit: 'Ratio', node: { op, share, budget } };
}

/**
 * How fast an error budget goes: at 1 it is used up exactly when the budget's time is over, at 2 after half of it.
 * @param budget share of events that may go wrong, as `errorBudget` gives it; 0 to 1, both exclusive
 * @throws {SlaError} `SLA_BUDGET_INVALID`
 */
export function budgetBurn(share: Expression<'Ratio'>, budget: number): Expression<'Ratio'> {
  return ofBudget('budgetBurn', share, budget);
}

/** What is left of an error budget: 1 untouched, 0 used up, below 0 overdrawn; throws as `budgetBurn` does. */
export function budgetLeft(share: Expression<'Ratio'>, budget: number): Expression<'Ratio'> {
  return ofBudget('budgetLeft', share, budget);
}

/** The leaves, left to right: what must be in the catalogue, which windows are asked for. */
export function leavesOf({ node }: Expression): readonly MetricNode[] {
  if (isBudget(node)) return leavesOf(node.share);
  return isPair(node) ? [...leavesOf(node.left), ...leavesOf(node.right)] : [node];
}
