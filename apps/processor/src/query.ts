/** Entry point of the `query` function. */
import { createApiHandler } from './api/api-handler.ts';
import { composeQuery } from './compose-query.ts';
import { querySecrets, readQueryEnvironment } from './environment.ts';
import { letHeapGrow } from './heap-growth.ts';
import { createQueryOperations } from './read/query-operations.ts';
import { withSecrets } from './secrets.ts';

const variables = await withSecrets(querySecrets, process.env);
const deps = composeQuery(readQueryEnvironment(variables));

letHeapGrow();

export const handler = createApiHandler(createQueryOperations(deps), deps);
