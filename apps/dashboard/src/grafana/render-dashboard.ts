/** A dashboard as the JSON that Grafana imports, from either data source. */
import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { metricNamespace } from '@quartersec/sla';
import { jsonText } from '../json-text.ts';
import type { DataSource } from './data-source.ts';
import { placeSections } from './layout.ts';
import type { DashboardDefinition } from './panel.ts';
import { renderPanel } from './render-panel.ts';

/** Stable, so that a dashboard that is imported again replaces its former self. */
export function dashboardUid({ name }: DashboardDefinition, source: DataSource): string {
  return `${metricNamespace}-${name}-${source.name}`;
}

/**
 * @param runbookUrl as `runbookLink` takes it
 * @returns text, the same for the same definition
 */
export function renderDashboard(definition: DashboardDefinition, source: DataSource, runbookUrl: string): string {
  const tag = `${metricNamespace}-${source.name}`;
  const others = new DashboardLinkBuilder(`${metricNamespace}: all dashboards`)
    .type(DashboardLinkType.Dashboards)
    .tags([tag])
    .asDropdown(true)
    .keepTime(true);
  const dashboard = new DashboardBuilder(`${definition.title} (${source.title})`)
    .uid(dashboardUid(definition, source))
    .description(definition.about)
    .tags([metricNamespace, tag])
    .tooltip(DashboardCursorSync.Crosshair)
    .refresh(source.refresh)
    .time({ from: 'now-1h', to: 'now' })
    .link(others)
    .variables([...source.variables(definition)]);
  let id = 0;
  const nextId = () => {
    id += 1;
    return id;
  };
  for (const { title, place, panels } of placeSections(definition.sections)) {
    dashboard.withRow(new RowBuilder(title).id(nextId()).gridPos(place).collapsed(false));
    for (const one of panels) dashboard.withPanel(renderPanel(one.panel, source, nextId(), one.place, runbookUrl));
  }
  return jsonText(dashboard.build());
}
