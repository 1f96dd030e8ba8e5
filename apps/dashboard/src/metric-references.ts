/** Whether what was rendered asks only for what is really emitted. It reads the texts, not the code that wrote them. */
import {
  dimensionSetsOf,
  isTimingMetric,
  type MetricDefinition,
  type MetricName,
  metricNamespace,
  metrics,
  prometheusBucketName,
  prometheusCountName,
  prometheusSumName,
} from '@quartersec/sla';
import type { RenderedFile } from './rendered-files.ts';

const metricNames = Object.keys(metrics) as MetricName[];

const exposed = new Set(
  metricNames.flatMap((metric) => [
    prometheusCountName(metric),
    ...(isTimingMetric(metric) ? [prometheusBucketName(metric), prometheusSumName(metric)] : []),
  ]),
);

function unknownPrometheusNames({ path, text }: RenderedFile): readonly string[] {
  const named = new Set(text.match(new RegExp(`\\b${metricNamespace}_[a-z0-9_]+`, 'g')));
  return [...named]
    .filter((name) => !exposed.has(name))
    .map((name) => `${path} asks for ${name}, which nobody exposes`);
}

/** The parts of a CloudWatch query that say which metric it is; a list of choices names one dimension alone. */
interface MetricQuery {
  readonly namespace?: string;
  readonly metricName: string;
  readonly dimensions?: Readonly<Record<string, unknown>>;
  readonly dimensionKey?: string;
}

interface Published {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: readonly string[];
}

const published: readonly Published[] = Object.entries<MetricDefinition>(metrics).flatMap<Published>(
  ([metricName, { aws }]) =>
    aws === undefined
      ? dimensionSetsOf(metricName as MetricName).map((dimensions) => ({
          namespace: metricNamespace,
          metricName,
          dimensions,
        }))
      : [{ namespace: aws.namespace, metricName: aws.metricName, dimensions: [aws.dimension] }],
);

/** Of every query anywhere in the text: targets of panels, and what the choices above them list. */
function metricQueriesOf(value: unknown): readonly MetricQuery[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(metricQueriesOf);
  return 'metricName' in value ? [value as MetricQuery, ...inside] : inside;
}

function isPublished({ namespace, metricName, dimensions = {}, dimensionKey }: MetricQuery): boolean {
  const same = published.filter((one) => one.namespace === namespace && one.metricName === metricName);
  if (dimensionKey !== undefined) return same.some((one) => one.dimensions.includes(dimensionKey));
  const asked = Object.keys(dimensions).sort().join();
  return same.some((one) => [...one.dimensions].sort().join() === asked);
}

function unpublishedMetrics({ path, text }: RenderedFile): readonly string[] {
  const missing = metricQueriesOf(JSON.parse(text)).filter((query) => !isPublished(query));
  const names = missing.map(({ namespace, metricName, dimensions = {}, dimensionKey }) => {
    const by = dimensionKey ?? Object.keys(dimensions).sort().join(', ');
    return `${path} asks for ${namespace} ${metricName} by {${by}}, which nobody publishes`;
  });
  return [...new Set(names)];
}

/** @returns one sentence for each metric that does not exist; empty when all do */
export function unknownMetrics(files: readonly RenderedFile[]): readonly string[] {
  return files.flatMap((file) => [...unknownPrometheusNames(file), ...unpublishedMetrics(file)]);
}
