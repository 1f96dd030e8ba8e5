/** A panel as Grafana's own model, from either data source. */
import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  DashboardLinkBuilder,
  DashboardLinkType,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as StatPanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesPanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { runbookLink, type Unit } from '@quartersec/sla';
import type { AnyPanelBuilder, DataSource } from './data-source.ts';
import type { Place } from './layout.ts';
import { type Bound, isMeasured, type MeasuredPanel, type Panel } from './panel.ts';

/** Grafana's names of the units. */
const units: Readonly<Record<Unit, string>> = {
  Milliseconds: 'ms',
  Count: 'short',
  PerMinute: 'cpm',
  Ratio: 'percentunit',
};

const colors = { good: 'green', warning: 'orange', critical: 'red' } as const;

/** Colours from the lowest value up: a bound has good on the one side of it and bad on the other. */
function thresholdsOf(bounds: readonly Bound[]): ThresholdsConfigBuilder {
  const rising = bounds.toSorted((a, b) => a.value - b.value);
  const [lowest] = rising;
  const below = lowest?.good === 'above' ? colors[lowest.severity] : colors.good;
  const steps = rising.map(({ value, good, severity }) => ({
    value,
    color: good === 'above' ? colors.good : colors[severity],
  }));
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([{ value: null, color: bounds.length === 0 ? 'text' : below }, ...steps]);
}

function linesOf(panel: MeasuredPanel): TimeseriesPanelBuilder {
  const legend = new VizLegendOptionsBuilder()
    .displayMode(LegendDisplayMode.Table)
    .placement(LegendPlacement.Bottom)
    .showLegend(true)
    .calcs(['lastNotNull', 'max']);
  const limits = panel.bounds.length === 0 ? GraphThresholdsStyleMode.Off : GraphThresholdsStyleMode.Dashed;
  return new TimeseriesPanelBuilder()
    .legend(legend)
    .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(limits))
    .fillOpacity(5)
    .axisSoftMin(0);
}

function numbersOf(panel: MeasuredPanel, source: DataSource): StatPanelBuilder {
  const builder = new StatPanelBuilder()
    .reduceOptions(new ReduceDataOptionsBuilder().calcs([source.reducer(panel)]).values(false))
    .colorMode(panel.bounds.length === 0 ? BigValueColorMode.None : BigValueColorMode.Background)
    .graphMode(BigValueGraphMode.None)
    .textMode(BigValueTextMode.ValueAndName);
  const silence = source.silence(panel);
  return silence === undefined ? builder : builder.noValue(silence);
}

function measured(panel: MeasuredPanel, source: DataSource): AnyPanelBuilder {
  const isNumber = panel.kind === 'figure' || panel.kind === 'totals';
  const builder = isNumber ? numbersOf(panel, source) : linesOf(panel);
  const unit = panel.lines[0]?.expression.unit ?? 'Count';
  builder.unit(units[unit]).thresholds(thresholdsOf(panel.bounds));
  if (unit === 'Count') builder.decimals(0);
  for (const [index, line] of panel.lines.entries()) {
    for (const query of source.queries(panel, line, index)) builder.withTarget(query);
  }
  const timeFrom = source.timeFrom(panel);
  if (timeFrom !== undefined) builder.timeFrom(timeFrom).hideTimeOverride(true);
  return builder;
}

/** @param runbookUrl as `runbookLink` takes it */
export function renderPanel(
  panel: Panel,
  source: DataSource,
  id: number,
  place: Place,
  runbookUrl: string,
): AnyPanelBuilder {
  const { builder, meaning } = isMeasured(panel)
    ? { builder: measured(panel, source), meaning: panel.meaning }
    : source.errors(panel);
  const runbook = new DashboardLinkBuilder('Runbook')
    .type(DashboardLinkType.Link)
    .url(runbookLink(runbookUrl, panel.runbook))
    .targetBlank(true);
  return builder.id(id).title(panel.title).description(meaning).datasource(source.ref).gridPos(place).links([runbook]);
}
