/** Panels drawn from CloudWatch: our own metrics, DAX's, and the functions' log. */
import {
  LogGroupBuilder,
  LogsQueryBuilder,
  LogsQueryLanguage,
  MetricEditorMode,
  MetricQueryType,
  MetricsQueryBuilder,
  QueryMode,
} from '@grafana/grafana-foundation-sdk/cloudwatch';
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as LogsPanelBuilder } from '@grafana/grafana-foundation-sdk/logs';
import {
  type CloudWatchMetric,
  type CloudWatchOptions,
  count,
  type DimensionFilter,
  isBudget,
  isPair,
  leavesOf,
  type MetricDefinition,
  type MetricDimension,
  metricNamespace,
  metrics,
  toCloudWatch,
} from '@quartersec/sla';
import { type DataSource, refIdOf } from './data-source.ts';
import { asksByProvider, type DashboardDefinition, isMeasured, type Line, panelsOf } from './panel.ts';

const ref = { type: 'cloudwatch', uid: '$datasource' };
const region = '$region';
const DAY_MS = 86_400_000;
const LOG_LINES_AT_MOST = 200;

/** Grafana chooses the period by the zoom. */
const AUTO_PERIOD = '';

const chosen: DimensionFilter = { service: '$service', provider: '$provider' };

/**
 * A line of the chosen providers. CloudWatch finds those by a search, and does no arithmetic on what it finds: not even the
 * division that makes a rate. What is counted in a minute is that rate.
 * @throws {Error} for other arithmetic
 */
function ofChosen(line: Line): Line {
  const { unit, node } = line.expression;
  if (isPair(node) || isBudget(node)) throw new Error(`no ${node.op} by provider: CloudWatch cannot compute it`);
  if (node.op !== 'ratePerMinute') {
    return { ...line, expression: { unit, node: { ...node, scope: { ...node.scope, where: chosen } } } };
  }
  return { ...line, expression: count(node.metric, { windowMs: 60_000, where: chosen }), window: 'own' };
}

function windowMsOf({ expression }: Line): number {
  return Math.max(...leavesOf(expression).map(({ scope }) => scope.windowMs));
}

/** Beyond a day: a period that long would start on CloudWatch's own calendar. */
const spansDays = (line: Line): boolean => line.window === 'own' && windowMsOf(line) > DAY_MS;

function periodOf(line: Line): string {
  if (line.window !== 'own') return AUTO_PERIOD;
  return String(Math.min(windowMsOf(line), DAY_MS) / 1_000);
}

function query(id: string, refId: string, period: string): MetricsQueryBuilder {
  return new MetricsQueryBuilder()
    .refId(refId)
    .id(id)
    .datasource(ref)
    .queryMode(QueryMode.Metrics)
    .metricQueryType(MetricQueryType.Search)
    .region(region)
    .period(period);
}

function metricQuery(id: string, refId: string, period: string, metric: CloudWatchMetric): MetricsQueryBuilder {
  return query(id, refId, period)
    .metricEditorMode(MetricEditorMode.Builder)
    .namespace(metric.namespace)
    .metricName(metric.metricName)
    .statistic(metric.statistic)
    .dimensions(metric.dimensionsMap)
    .matchExact(true); // none named means the set without dimensions, not any
}

function dimensionChoice(dimension: string, namespace: string, metricName: string): QueryVariableBuilder {
  return new QueryVariableBuilder(dimension)
    .label(dimension)
    .datasource(ref)
    .query({
      refId: dimension,
      queryType: 'dimensionValues',
      region,
      namespace,
      metricName,
      dimensionKey: dimension,
      dimensionFilters: {},
    })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc);
}

const ownChoice = (dimension: MetricDimension) => dimensionChoice(dimension, metricNamespace, 'RoundTrip');

/** AWS services that publish what a dashboard asks for: which cluster, which queue. One choice for each. */
function foreignChoices(dashboard: DashboardDefinition): readonly QueryVariableBuilder[] {
  const asked = panelsOf(dashboard)
    .filter(isMeasured)
    .flatMap(({ lines }) => lines.flatMap(({ expression }) => leavesOf(expression)));
  const sources = asked.flatMap(({ metric }) => {
    const { aws }: MetricDefinition = metrics[metric];
    return aws === undefined ? [] : [aws];
  });
  return [...new Map(sources.map((source) => [source.dimension, source])).values()].map(
    ({ dimension, namespace, metricName }) => dimensionChoice(dimension, namespace, metricName),
  );
}

function logGroupChoice(): QueryVariableBuilder {
  return new QueryVariableBuilder('loggroup')
    .label('log groups')
    .datasource(ref)
    .query({ refId: 'loggroup', queryType: 'logGroups', region, logGroupPrefix: '/aws/lambda/' })
    .refresh(VariableRefresh.OnDashboardLoad)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true);
}

export const cloudWatchSource: DataSource = {
  name: 'cloudwatch',
  title: 'CloudWatch',
  refresh: '5m', // every query is paid for
  ref,

  variables(dashboard) {
    const regions = new QueryVariableBuilder('region')
      .label('region')
      .datasource(ref)
      .query({ refId: 'region', queryType: 'regions' })
      .refresh(VariableRefresh.OnDashboardLoad)
      .current({ selected: true, text: 'default', value: 'default' });
    return [
      new DatasourceVariableBuilder('datasource').label('data source').type('cloudwatch'),
      regions,
      ...(asksByProvider(dashboard)
        ? [
            // One service: its lines would otherwise be told apart by nothing that their names say.
            ownChoice('service').current({ selected: true, text: 'process', value: 'process' }),
            ownChoice('provider')
              .multi(true)
              .includeAll(true)
              .allValue('*')
              .current({ selected: true, text: ['All'], value: ['$__all'] }),
          ]
        : []),
      ...foreignChoices(dashboard),
      ...(panelsOf(dashboard).every(isMeasured) ? [] : [logGroupChoice()]),
    ];
  },

  queries(panel, declared, index) {
    const byProvider = panel.kind === 'provider-lines';
    const line = byProvider ? ofChosen(declared) : declared;
    const options: CloudWatchOptions = {
      daxClusterId: '$ClusterId',
      deadLetterQueueName: '$QueueName',
      ...(spansDays(line) && { overRange: true, periodSeconds: DAY_MS / 1_000 }),
    };
    const { expression, usingMetrics } = toCloudWatch(line.expression, options);
    const label = byProvider ? `\${PROP('Dim.provider')} ${line.label}` : line.label;
    const refId = refIdOf(index);
    const id = refId.toLowerCase();
    const period = periodOf(line);
    const [first] = Object.values(usingMetrics);
    if (first !== undefined && expression === 'm0') return [metricQuery(id, refId, period, first).label(label)];
    const parts = Object.entries(usingMetrics).map(([metricId, metric]) =>
      metricQuery(`${id}_${metricId}`, `${refId}_${metricId}`, period, metric).hide(true),
    );
    const formula = expression.replaceAll(/\bm\d+\b/g, (metricId) => `${id}_${metricId}`);
    const computed = query(id, refId, period)
      .metricEditorMode(MetricEditorMode.Code)
      .expression(formula)
      .statistic('Average') // means nothing here, and without any Grafana refuses the query
      .label(label);
    return [...parts, computed];
  },

  reducer: ({ kind }) => (kind === 'totals' ? 'sum' : 'lastNotNull'),

  timeFrom({ kind, lines }) {
    if (kind !== 'figure') return undefined;
    const longestMs = Math.max(...lines.map(windowMsOf));
    // A period shows up once it is over: three hold at least one, when the last is still under way.
    return longestMs > DAY_MS ? `${longestMs / DAY_MS}d` : `${(3 * longestMs) / 60_000}m`;
  },

  /** A counter says nothing while nothing is counted. */
  silence: ({ lines }) => (lines.every(({ expression }) => expression.unit === 'Count') ? '0' : undefined),

  errors({ meaning, levels, fields }) {
    const insights = [
      `fields @timestamp, ${fields.join(', ')}`,
      `filter level in [${levels.map((level) => `"${level}"`).join(', ')}]`,
      'sort @timestamp desc',
      `limit ${LOG_LINES_AT_MOST}`,
    ].join(' | ');
    const logs = new LogsQueryBuilder()
      .refId(refIdOf(0))
      .id(refIdOf(0).toLowerCase())
      .datasource(ref)
      .queryMode(QueryMode.Logs)
      .queryLanguage(LogsQueryLanguage.CWLI)
      .region(region)
      .logGroups([new LogGroupBuilder().arn('$loggroup').name('$loggroup')])
      .expression(insights);
    return { meaning, builder: new LogsPanelBuilder().withTarget(logs).showTime(true).wrapLogMessage(true) };
  },
};
