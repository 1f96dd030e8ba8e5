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
import { PanelBuilder as LogsPanelBuilder } from '@grafana/grafana-foundation-sdk/logs';
import {
  type CloudWatchMetric,
  type CloudWatchOptions,
  count,
  isBudget,
  isPair,
  leavesOf,
  toCloudWatch,
} from '@quartersec/sla';
import { chosen, cloudWatchChoices } from './cloudwatch-choices.ts';
import { type DataSource, refIdOf } from './data-source.ts';
import type { Line } from './panel.ts';

const DAY_MS = 86_400_000;
const LOG_LINES_AT_MOST = 200;

/** Grafana chooses the period by the zoom. */
const AUTO_PERIOD = '';

/**
 * A line of the chosen providers. CloudWatch finds those by a search, and does no arithmetic on what it finds: not even the
 * division that makes a rate. What is counted in a minute is that rate.
 * @throws {Error} for other arithmetic
 */
function ofChosen(line: Line): Line {
  const { unit, node } = line.expression;
  if (isPair(node) || isBudget(node)) throw new Error(`no ${node.op} by provider: CloudWatch cannot compute it`);
  if (node.op !== 'ratePerMinute') {
    return { ...line, expression: { unit, node: { ...node, scope: { ...node.scope, where: chosen.dimensions } } } };
  }
  return { ...line, expression: count(node.metric, { windowMs: 60_000, where: chosen.dimensions }), window: 'own' };
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
    .datasource(chosen.dataSource)
    .queryMode(QueryMode.Metrics)
    .metricQueryType(MetricQueryType.Search)
    .region(chosen.region)
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

export const cloudWatchSource: DataSource = {
  name: 'cloudwatch',
  title: 'CloudWatch',
  refresh: '5m', // every query is paid for
  ref: chosen.dataSource,

  variables: cloudWatchChoices,

  queries(panel, declared, index) {
    const byProvider = panel.kind === 'provider-lines';
    const line = byProvider ? ofChosen(declared) : declared;
    const options: CloudWatchOptions = {
      daxClusterId: chosen.daxClusterId,
      deadLetterQueueName: chosen.deadLetterQueueName,
      syncQueueNames: chosen.syncQueueNames,
      functionNames: chosen.functionNames,
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
      .datasource(chosen.dataSource)
      .queryMode(QueryMode.Logs)
      .queryLanguage(LogsQueryLanguage.CWLI)
      .region(chosen.region)
      .logGroups([new LogGroupBuilder().arn(chosen.logGroup).name(chosen.logGroup)])
      .expression(insights);
    return { meaning, builder: new LogsPanelBuilder().withTarget(logs).showTime(true).wrapLogMessage(true) };
  },
};
