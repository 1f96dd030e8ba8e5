/**
 * What a panel shows, as data: expressions of the SLA and words for the person who looks at it. It is declared once and
 * drawn twice, from Prometheus (`prometheus-source.ts`) and from CloudWatch (`cloudwatch-source.ts`).
 */
import type { Expression } from '@quartersec/sla';

interface Words {
  readonly title: string;
  /** What one sees here and what to make of it; becomes the panel's description. */
  readonly meaning: string;
  /** Anchor of its section in docs/troubleshooting.md. */
  readonly runbook: string;
}

/** A limit, drawn as a line over time or as the colour of a figure. */
export interface Bound {
  readonly value: number;
  readonly good: 'below' | 'above';
  readonly severity: 'warning' | 'critical';
}

export interface Line {
  /** Within its panel: `p95`, `last hour`. */
  readonly label: string;
  readonly expression: Expression;
  /**
   * `zoom`: as wide as one point of the graph. `own`: the expression's window, at any zoom. `range`: all of the time shown.
   */
  readonly window: 'zoom' | 'own' | 'range';
}

/**
 * `lines`: over time, of the whole system. `provider-lines`: over time, one a provider, of the chosen providers and service.
 * `figure`: one number, now. `totals`: a number each, over the time shown.
 */
export interface MeasuredPanel extends Words {
  readonly kind: 'lines' | 'provider-lines' | 'figure' | 'totals';
  readonly lines: readonly Line[];
  readonly bounds: readonly Bound[];
  /** Key in `objectives` of what it shows; `panel-gaps.ts` asks that every objective has one. */
  readonly objective?: string;
}

/** Log lines from CloudWatch Logs. Prometheus has none, and shows what it knows instead: the alerts that fire. */
export interface ErrorsPanel extends Words {
  readonly kind: 'errors';
  readonly levels: readonly string[];
  /** Columns, in the names of the log line. */
  readonly fields: readonly string[];
  readonly meaningWithoutLogs: string;
}

export type Panel = MeasuredPanel | ErrorsPanel;

/** A headline and the panels below it. */
export interface Section {
  readonly title: string;
  readonly panels: readonly Panel[];
}

export interface DashboardDefinition {
  /** Part of the address and of the file's name; kebab-case, unique. */
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly sections: readonly Section[];
}

export function isMeasured(panel: Panel): panel is MeasuredPanel {
  return panel.kind !== 'errors';
}

export function panelsOf({ sections }: DashboardDefinition): readonly Panel[] {
  return sections.flatMap(({ panels }) => panels);
}

/** Whether it has lines that follow the chosen providers. */
export function asksByProvider(dashboard: DashboardDefinition): boolean {
  return panelsOf(dashboard).some(({ kind }) => kind === 'provider-lines');
}
