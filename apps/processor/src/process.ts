/** Entry point of the `process` function. */
import { composeProcess } from './compose-process.ts';
import { readProcessEnvironment } from './environment.ts';
import { handlerLimits } from './handler-limits.ts';
import { createProcessHandler } from './process-handler.ts';

export const handler = createProcessHandler(
  await composeProcess(readProcessEnvironment(process.env), process.env),
  handlerLimits,
);
