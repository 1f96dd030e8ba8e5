export { createEventLog, type EventLog, type LogFields, type LogLevel, type LogSinks } from './event-log.ts';
export { createEventMetrics, type EventMetrics, type MetricValues } from './event-metrics.ts';
export { loadTracing, noTracing, type Tracing } from './tracing.ts';
