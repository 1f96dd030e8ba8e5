/** Holds panels, objectives and the catalogue in step. Tests call it; it takes its lists, so a test can plant a gap. */
import { leavesOf, metrics } from '@quartersec/sla';
import { isMeasured, type Panel } from './panel.ts';

export interface PanelLists {
  readonly objectives: Readonly<Record<string, unknown>>;
  readonly panels: readonly Panel[];
  /** Objective to the reason why it has no panel. */
  readonly withoutPanel: Readonly<Record<string, string>>;
}

function metricsOf(panel: Panel): readonly string[] {
  return isMeasured(panel)
    ? panel.lines.flatMap(({ expression }) => leavesOf(expression).map(({ metric }) => metric))
    : [];
}

/** @returns one sentence for each thing that is out of step; empty when all is well */
export function panelGaps({ objectives, panels, withoutPanel }: PanelLists): readonly string[] {
  const shown = new Set(panels.flatMap((panel) => (isMeasured(panel) && panel.objective ? [panel.objective] : [])));
  const objectiveGaps = Object.keys(objectives).flatMap((name) => {
    const excused = (withoutPanel[name] ?? '').trim() !== '';
    if (shown.has(name) && excused) return [`objective ${name} has a panel and a reason to have none`];
    return shown.has(name) || excused ? [] : [`objective ${name} has no panel and no reason why not`];
  });
  const unknown = [...shown, ...Object.keys(withoutPanel)].filter((name) => !Object.hasOwn(objectives, name));
  const asked = new Set(panels.flatMap(metricsOf));
  return [
    ...objectiveGaps,
    ...unknown.map((name) => `${name} is no objective`),
    ...[...asked].filter((name) => !Object.hasOwn(metrics, name)).map((name) => `${name} is not in the catalogue`),
    ...Object.keys(metrics)
      .filter((name) => !asked.has(name))
      .map((name) => `metric ${name} is on no panel`),
  ];
}
