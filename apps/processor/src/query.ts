/** Entry point of the `query` function. */
import { composeQuery } from './compose-query.ts';
import { querySecrets, readQueryEnvironment } from './environment.ts';
import { handlerLimits } from './handler-limits.ts';
import { createQueryHandler } from './query-handler.ts';
import { withSecrets } from './secrets.ts';

const variables = await withSecrets(querySecrets, process.env);

export const handler = createQueryHandler(composeQuery(readQueryEnvironment(variables)), handlerLimits);
