/** Entry point of the `query` function. */
import { composeQuery } from './compose-query.ts';
import { readQueryEnvironment } from './environment.ts';
import { handlerLimits } from './handler-limits.ts';
import { createQueryHandler } from './query-handler.ts';

export const handler = createQueryHandler(composeQuery(readQueryEnvironment(process.env)), handlerLimits);
