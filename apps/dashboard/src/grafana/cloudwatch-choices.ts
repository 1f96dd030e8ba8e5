/** What is chosen above a dashboard of CloudWatch, and the names under which its queries refer to that. */
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import {
  type AwsSource,
  leavesOf,
  type MetricDefinition,
  type MetricDimension,
  metricNamespace,
  metrics,
} from '@quartersec/sla';
import { asksByProvider, type DashboardDefinition, isMeasured, panelsOf } from './panel.ts';

export const chosen = {
  dataSource: { type: 'cloudwatch', uid: '$datasource' },
  region: '$region',
  dimensions: { service: '$service', provider: '$provider' },
  daxClusterId: '$ClusterId',
  deadLetterQueueName: '$QueueName',
  syncQueueNames: ['$SyncQueueName'],
  functionNames: {
    process: '$ProcessFunction',
    query: '$QueryFunction',
    connect: '$ConnectFunction',
    webhook: '$WebhookFunction',
  },
  logGroup: '$loggroup',
} as const;

function dimensionChoice(
  dimension: string,
  namespace: string,
  metricName: string,
  name = dimension,
): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(name)
    .datasource(chosen.dataSource)
    .query({
      refId: dimension,
      queryType: 'dimensionValues',
      region: chosen.region,
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
  const choices = asked.flatMap(({ metric, scope }) => {
    const { aws }: MetricDefinition = metrics[metric];
    if (aws === undefined) return [];
    return [{ ...aws, name: referenceOf(aws.of, scope.where?.service ?? '').replace('$', '') }];
  });
  return [...new Map(choices.map((choice) => [choice.name, choice])).values()].map(
    ({ dimension, namespace, metricName, name }) => dimensionChoice(dimension, namespace, metricName, name),
  );
}

function referenceOf(of: AwsSource['of'], service: string): string {
  if (of !== 'functionNames') return [chosen[of]].flat().join();
  const names: Readonly<Record<string, string>> = chosen.functionNames;
  return names[service] ?? '';
}

function logGroupChoice(): QueryVariableBuilder {
  return new QueryVariableBuilder('loggroup')
    .label('log groups')
    .datasource(chosen.dataSource)
    .query({ refId: 'loggroup', queryType: 'logGroups', region: chosen.region, logGroupPrefix: '/aws/lambda/' })
    .refresh(VariableRefresh.OnDashboardLoad)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true);
}

export function cloudWatchChoices(
  dashboard: DashboardDefinition,
): readonly (DatasourceVariableBuilder | QueryVariableBuilder)[] {
  const regions = new QueryVariableBuilder('region')
    .label('region')
    .datasource(chosen.dataSource)
    .query({ refId: 'region', queryType: 'regions' })
    .refresh(VariableRefresh.OnDashboardLoad)
    .current({ selected: true, text: 'default', value: 'default' });
  // One service: its lines would otherwise be told apart by nothing that their names say.
  const service = ownChoice('service').current({ selected: true, text: 'process', value: 'process' });
  const provider = ownChoice('provider')
    .multi(true)
    .includeAll(true)
    .allValue('*')
    .current({ selected: true, text: ['All'], value: ['$__all'] });
  return [
    new DatasourceVariableBuilder('datasource').label('data source').type('cloudwatch'),
    regions,
    ...(asksByProvider(dashboard) ? [service, provider] : []),
    ...foreignChoices(dashboard),
    ...(panelsOf(dashboard).every(isMeasured) ? [] : [logGroupChoice()]),
  ];
}
