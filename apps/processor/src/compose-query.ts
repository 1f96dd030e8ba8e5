/** Joins the libraries into the `query` function: apart from `process`, whose connectors and queue it must not load. */
import { createJournal, readTransactions } from '@quartersec/storage';
import { createEventLog, createEventMetrics } from '@quartersec/telemetry';
import { createCacheFailures } from './cache-failures.ts';
import { clock, createTable, openCache, writeLine } from './edge.ts';
import type { QueryEnvironment } from './environment.ts';
import type { QueryDependencies } from './query-handler.ts';

export function composeQuery(environment: QueryEnvironment): QueryDependencies {
  const table = createTable(environment);
  const cacheFailures = createCacheFailures();
  const cache = openCache(environment, table, cacheFailures.count);
  let cold = true;
  return {
    ...clock,
    journal: createJournal({ table, cache }),
    async readTransactions(head, limit, deadline) {
      // From the query cache: the head's version is in the bounds, and what lies below it never changes.
      const { transactions } = await readTransactions(cache, head, { limit, deadline });
      return transactions.slice(0, limit).map(({ transaction }) => transaction);
    },
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
