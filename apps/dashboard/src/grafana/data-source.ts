/** What a dashboard needs of the place that its values come from. */
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import type {
  DashboardLink,
  Panel as GrafanaPanel,
  GridPos,
  VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { DashboardDefinition, ErrorsPanel, Line, MeasuredPanel } from './panel.ts';

export interface DataSource {
  readonly name: 'prometheus' | 'cloudwatch';
  /** In titles. */
  readonly title: string;
  /** How often an open dashboard asks again, as `10s`. */
  readonly refresh: string;
  /** The one that is chosen above the dashboard. */
  readonly ref: DataSourceRef;
  /** Data source, region, provider ...: only those that the dashboard's panels use. */
  variables(dashboard: DashboardDefinition): readonly Builder<VariableModel>[];
  /** The queries that draw one line of a panel; `index` tells the lines of a panel apart. */
  queries(panel: MeasuredPanel, line: Line, index: number): readonly Builder<Dataquery>[];
  /** How the points of a line become the one number of a figure or total. */
  reducer(panel: MeasuredPanel): 'lastNotNull' | 'sum';
  /** How far back a panel asks whatever time is chosen, as `15m`; `undefined` for the chosen time. */
  timeFrom(panel: MeasuredPanel): string | undefined;
  /** What no point at all means for a number; `undefined` where that is not known. */
  silence(panel: MeasuredPanel): string | undefined;
  /** The errors as this source can show them. */
  errors(panel: ErrorsPanel): ErrorsView;
}

export interface ErrorsView {
  readonly meaning: string;
  readonly builder: AnyPanelBuilder;
}

/** What the SDK's panel builders have in common, whatever they draw. */
export interface AnyPanelBuilder extends Builder<GrafanaPanel> {
  id(id: number): this;
  title(title: string): this;
  description(description: string): this;
  datasource(datasource: DataSourceRef): this;
  gridPos(gridPos: GridPos): this;
  links(links: Builder<DashboardLink>[]): this;
}

/** Name of a panel's queries by their index: A, B ... */
export function refIdOf(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}
