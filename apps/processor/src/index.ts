export { composeProcess } from './compose-process.ts';
export {
  processSecrets,
  processVariables,
  querySecrets,
  queryVariables,
  readProcessEnvironment,
  readQueryEnvironment,
} from './environment.ts';
export { handlerLimits } from './handler-limits.ts';
export { createProcessHandler } from './process-handler.ts';
