/**
 * One figure for each objective: kept or not. They follow from the objectives and their alerts, so that a new latency or
 * share objective, or any other that has an alert, brings its panel with it.
 */
import {
  type Alert,
  badShare,
  budgetLeft,
  budgetWindowMs,
  type Condition,
  errorBudget,
  isLatencyObjective,
  isShareObjective,
  type LatencyObjective,
  leavesOf,
  type Objective,
  type ObjectiveName,
  objectives,
  percentile,
  ratePerMinute,
  type ShareObjective,
} from '@quartersec/sla';
import type { Bound, MeasuredPanel } from './panel.ts';

const FIGURE_WINDOW_MS = 300_000;
const DAY_MS = 86_400_000;

/** Objectives without a panel, each with its reason. */
export const objectivesWithoutPanel = {
  alert: 'Measured by `npm run perf -- alert`: the time from a fault to its alert is not a metric of the system',
  reads: 'Of warm reads, which only a load run knows: elsewhere a cold environment reads a whole journal first',
  coverage: 'A gate of the build',
  setUp: 'Measured on a fresh clone by the build',
} as const satisfies Partial<Record<ObjectiveName, string>>;

/** 0.95 -> p95 */
function percentileLabel(share: number): string {
  return `p${Number((share * 100).toFixed(3))}`;
}

function runbookOf(name: string, alerts: readonly Alert[]): string {
  return alerts.find(({ objective }) => objective === name)?.runbook ?? 'alerts';
}

function latencyFigure(name: string, objective: LatencyObjective, alerts: readonly Alert[]): MeasuredPanel {
  const { metric, percentile: share, underMs, title } = objective;
  const label = percentileLabel(share);
  return {
    kind: 'figure',
    objective: name,
    title: `${title} ${label}`,
    meaning: `${label} of the last 5 minutes; promised: under ${underMs} ms.`,
    runbook: runbookOf(name, alerts),
    lines: [{ label, expression: percentile(metric, share, { windowMs: FIGURE_WINDOW_MS }), window: 'own' }],
    bounds: [{ value: underMs, good: 'below', severity: 'critical' }],
  };
}

function shareFigure(name: string, objective: ShareObjective, alerts: readonly Alert[]): MeasuredPanel {
  const days = budgetWindowMs / DAY_MS;
  const left = budgetLeft(badShare(objective, budgetWindowMs), errorBudget(objective));
  return {
    kind: 'figure',
    objective: name,
    title: `${objective.title}: budget left`,
    meaning: `What is left of the error budget of ${days} days; promised: ${objective.shareAtLeast * 100} % of the events. Below 0 the promise is broken.`,
    runbook: runbookOf(name, alerts),
    lines: [{ label: `of ${days} days`, expression: left, window: 'own' }],
    bounds: [{ value: 0, good: 'above', severity: 'critical' }],
  };
}

/** Where the colour changes. An event counts as soon as there is half of one, since counts need not be whole. */
function boundOf({ expression, comparison, bound }: Condition, severity: Bound['severity']): Bound {
  const value = expression.unit === 'Count' && comparison === 'above' ? bound + 0.5 : bound;
  return { value, good: comparison === 'above' ? 'below' : 'above', severity };
}

function alertFigure(name: string, { title, when, runbook, severity }: Alert): MeasuredPanel {
  const [condition] = when;
  const [leaf] = leavesOf(condition.expression);
  const label = condition.expression.unit === 'Ratio' ? 'share' : (leaf?.metric ?? name);
  return {
    kind: 'figure',
    objective: name,
    title: name.charAt(0).toUpperCase() + name.slice(1),
    meaning: `Red means: ${title.charAt(0).toLowerCase()}${title.slice(1)} (${condition.comparison} ${condition.bound}).`,
    runbook,
    lines: [{ label, expression: condition.expression, window: 'own' }],
    bounds: [boundOf(condition, severity)],
  };
}

/** The figures that follow from objectives and alerts alone. */
export function objectiveFigures(
  all: Readonly<Record<string, Objective>>,
  alerts: readonly Alert[],
): readonly MeasuredPanel[] {
  return Object.entries(all).flatMap(([name, objective]) => {
    if (isLatencyObjective(objective)) return [latencyFigure(name, objective, alerts)];
    if (isShareObjective(objective)) return [shareFigure(name, objective, alerts)];
    const guard = alerts.find((alert) => alert.objective === name);
    return guard === undefined ? [] : [alertFigure(name, guard)];
  });
}

/** Load is what arrives, so this figure has no colour: little of it breaks nothing. */
export const throughputFigure: MeasuredPanel = {
  kind: 'figure',
  objective: 'throughput',
  title: 'Events a minute',
  meaning: `Of the last 5 minutes. ${objectives.throughput.atLeastPerMinute} must be carried with the latencies kept, which \`npm run perf\` proves.`,
  runbook: 'no-metrics',
  lines: [{ label: 'a minute', expression: ratePerMinute('Events', { windowMs: FIGURE_WINDOW_MS }), window: 'own' }],
  bounds: [],
};
