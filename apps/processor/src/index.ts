export { composeProcess } from './compose-process.ts';
export { readProcessEnvironment } from './environment.ts';
export { handlerLimits } from './handler-limits.ts';
export { type ProcessDependencies, processEvent } from './process-event.ts';
export { createProcessHandler } from './process-handler.ts';
export type { SyncRequested } from './sync-event.ts';
