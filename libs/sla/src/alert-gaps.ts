/** Holds objectives, alerts and the catalogue in step. Tests call it; it takes its lists, so a test can plant a gap. */
import type { Alert } from './alert.ts';
import { alertDelayMs, cadence, scrapesPerWindowAtLeast } from './cadence.ts';
import { leavesOf } from './expression.ts';
import { metrics } from './metrics.ts';

export interface AlertLists {
  readonly objectives: Readonly<Record<string, unknown>>;
  readonly alerts: readonly Alert[];
  /** Objective to the reason why it has no alert. */
  readonly withoutAlert: Readonly<Record<string, string>>;
}

function repeated(values: readonly string[]): readonly string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

function objectiveGaps({ objectives, alerts, withoutAlert }: AlertLists): readonly string[] {
  const guarded = new Set(alerts.flatMap(({ objective }) => (objective === undefined ? [] : [objective])));
  const gaps = Object.keys(objectives).flatMap((name) => {
    const excused = (withoutAlert[name] ?? '').trim() !== '';
    if (guarded.has(name) && excused) return [`objective ${name} has an alert and a reason to have none`];
    return guarded.has(name) || excused ? [] : [`objective ${name} has no alert and no reason why not`];
  });
  const unknown = [...guarded, ...Object.keys(withoutAlert)].filter((name) => !Object.hasOwn(objectives, name));
  return [...gaps, ...unknown.map((name) => `${name} is no objective`)];
}

function gapsOf(alert: Alert): readonly string[] {
  const leaves = alert.when.flatMap(({ expression }) => leavesOf(expression));
  const gaps = leaves
    .filter(({ metric }) => !Object.hasOwn(metrics, metric))
    .map(({ metric }) => `alert ${alert.name} refers to ${metric}, which is not in the catalogue`);
  const shortestMs = Math.min(...leaves.map(({ scope }) => scope.windowMs));
  if (shortestMs < scrapesPerWindowAtLeast * cadence.scrapeMs) gaps.push(`alert ${alert.name} has too short a window`);
  if (alert.kind === 'event' && shortestMs < alert.latchMs + 2 * alertDelayMs) {
    gaps.push(`alert ${alert.name} would clear before its latch ends`);
  }
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(alert.runbook)) gaps.push(`alert ${alert.name} has no usable runbook anchor`);
  if (alert.whatToDo.trim() === '') gaps.push(`alert ${alert.name} does not say what to do`);
  return gaps;
}

/** @returns one sentence for each thing that is out of step; empty when all is well */
export function alertGaps(lists: AlertLists): readonly string[] {
  return [
    ...objectiveGaps(lists),
    ...lists.alerts.flatMap(gapsOf),
    ...repeated(lists.alerts.map(({ runbook }) => runbook)).map((anchor) => `runbook ${anchor} is used twice`),
    ...repeated(lists.alerts.map(({ name }) => name)).map((name) => `alert ${name} is defined twice`),
  ];
}
