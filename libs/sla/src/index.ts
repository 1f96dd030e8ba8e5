export { createDeadline, type Deadline } from './deadline.ts';
export {
  type MetricDefinition,
  type MetricName,
  type MetricUnit,
  metricDimensions,
  metricNamespace,
  metrics,
} from './metrics.ts';
export { type LatencyObjective, maxAttempts, objectives } from './objectives.ts';
