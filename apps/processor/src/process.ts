/** Entry point of the `process` function. */
import { composeProcess } from './compose-process.ts';
import { optionalSecrets, processSecrets, readProcessEnvironment } from './environment.ts';
import { handlerLimits } from './handler-limits.ts';
import { letHeapGrow } from './heap-growth.ts';
import { createProcessHandler } from './process-handler.ts';
import { withSecrets } from './secrets.ts';

const names = [...processSecrets, ...optionalSecrets];
const variables = await withSecrets(names, process.env);

letHeapGrow();

export const handler = createProcessHandler(
  await composeProcess(readProcessEnvironment(variables), variables, async () =>
    readProcessEnvironment(await withSecrets(names, process.env)),
  ),
  handlerLimits,
);
