/** Panels drawn from Prometheus. */

import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as TablePanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { type MetricDimension, type PromqlOptions, prometheusCountName, toPromql } from '@quartersec/sla';
import { type DataSource, refIdOf } from './data-source.ts';
import { asksByProvider, type Line, type MeasuredPanel } from './panel.ts';

const ref = { type: 'prometheus', uid: '$datasource' };

const windows: Readonly<Record<Line['window'], string | undefined>> = {
  zoom: '$__rate_interval',
  range: '$__range',
  own: undefined,
};

/** As the panel's editor shows it, Grafana's variables included. */
export function promqlOf(panel: MeasuredPanel, { expression, window }: Line): string {
  const inPlace = windows[window];
  const chosen: PromqlOptions =
    panel.kind === 'provider-lines'
      ? { by: ['provider'], matchers: ['provider=~"$provider"', 'service=~"$service"'] }
      : {};
  return toPromql(expression, { ...chosen, ...(inPlace !== undefined && { window: inPlace }) });
}

/** Several, or all; all of them at the start. */
function choiceOf(dimension: MetricDimension): QueryVariableBuilder {
  const query = `label_values(${prometheusCountName('RoundTrip')}, ${dimension})`;
  return new QueryVariableBuilder(dimension)
    .label(dimension)
    .datasource(ref)
    .query({ query, refId: dimension })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ selected: true, text: ['All'], value: ['$__all'] });
}

export const prometheusSource: DataSource = {
  name: 'prometheus',
  title: 'Prometheus',
  refresh: '10s',
  ref,

  variables(dashboard) {
    const choices = asksByProvider(dashboard) ? [choiceOf('service'), choiceOf('provider')] : [];
    return [new DatasourceVariableBuilder('datasource').label('data source').type('prometheus'), ...choices];
  },

  queries(panel, line, index) {
    const label = panel.kind === 'provider-lines' ? `{{provider}} ${line.label}` : line.label;
    const query = new DataqueryBuilder()
      .refId(refIdOf(index))
      .datasource(ref)
      .expr(promqlOf(panel, line))
      .legendFormat(label);
    return [panel.kind === 'figure' || panel.kind === 'totals' ? query.instant() : query.range()];
  },

  reducer: () => 'lastNotNull', // an instant answer is one number already

  timeFrom: () => undefined,

  silence: () => undefined, // a counter that is watched is exposed at 0 from the start

  errors({ meaningWithoutLogs }) {
    const query = new DataqueryBuilder()
      .refId(refIdOf(0))
      .datasource(ref)
      .expr('ALERTS{alertstate="firing"}')
      .format(PromQueryFormat.Table)
      .instant();
    return { meaning: meaningWithoutLogs, builder: new TablePanelBuilder().withTarget(query) };
  },
};
