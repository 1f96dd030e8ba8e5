export { composeProcess } from './compose-process.ts';
export { readProcessEnvironment } from './environment.ts';
export { handlerLimits } from './handler-limits.ts';
export { createProcessHandler } from './process-handler.ts';
