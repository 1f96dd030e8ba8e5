export type { AsyncStats } from './async-invocations.ts';
export { type Clock, createManualClock, type ManualClock, systemClock } from './clock.ts';
export type { PoolStats } from './environment-pool.ts';
export type { EventSourceDefinition } from './event-source.ts';
export type { BinaryFunction, FunctionDefinition, NodeFunction } from './function-definition.ts';
export { HostError, type HostErrorCode } from './host-error.ts';
export type { HttpApiDefinition, HttpApiRoute } from './http-api.ts';
export type { EndReason, FunctionError, InvokeOptions, InvokeResult, PlatformReport } from './invocation.ts';
export {
  type EnvironmentInfo,
  type LambdaHost,
  type LambdaHostOptions,
  type LambdaHostStats,
  startLambdaHost,
} from './lambda-host.ts';
export type { DeadLetter, QueueStats } from './message-queue.ts';
export type { QueueDefinition } from './queues.ts';
