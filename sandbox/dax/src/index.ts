export type { CacheCounters } from './cache-counters.ts';
export { checkEndpoint } from './check-endpoint.ts';
export { type DaxNode, startDaxNode } from './dax-node.ts';
export { DaxNodeError, type DaxNodeErrorCode } from './dax-node-error.ts';
export type { LatencySummary } from './latency-histogram.ts';
export type { DaxNodeOptions } from './options.ts';
export type { ConnectionStats, DaxNodeStats, OperationStats, TableReads } from './stats.ts';
