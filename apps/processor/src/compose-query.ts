/** Joins the libraries into the `query` function: apart from `process`, whose connectors and queue it must not load. */
import { createFoldMemory, createJournal, readTransactionPage } from '@quartersec/storage';
import { createEventLog, createEventMetrics } from '@quartersec/telemetry';
import { createCacheFailures } from './cache-failures.ts';
import { clock, createTable, openCache, writeLine } from './edge.ts';
import type { QueryEnvironment } from './environment.ts';
import type { QueryDependencies } from './query-handler.ts';

/** What an environment may hold of what it has read: beside the runtime and one cold read it fits the function's 512 MB. */
const foldMemoryBytes = 64 * 1024 * 1024;

export function composeQuery(environment: QueryEnvironment): QueryDependencies {
  const table = createTable(environment);
  const cacheFailures = createCacheFailures();
  const cache = openCache(environment, table, cacheFailures.count);
  const memory = createFoldMemory(foldMemoryBytes);
  let cold = true;
  return {
    ...clock,
    journal: createJournal({ table, cache }),
    // From the query cache: the head's version is in the bounds, and what lies below it never changes.
    readPage: (head, query, deadline) => readTransactionPage(cache, head, { ...query, deadline, memory }),
    readTokenKey: Buffer.from(environment.readTokenKey, 'base64'),
    log: createEventLog('processor.query', { ...clock, writeLine }),
    metrics: cacheFailures.addTo(createEventMetrics('query', writeLine)),
    takeColdStart() {
      const first = cold;
      cold = false;
      return first;
    },
  };
}
