/** Joins the libraries into the `query` function: apart from `process`, whose connectors and queue it must not load. */
import {
  createFoldMemory,
  createJournal,
  joinGets,
  readChanges,
  readConnectionIds,
  readTransactionPage,
  readUser,
} from '@quartersec/storage';
import { createEventMetrics } from '@quartersec/telemetry';
import type { ApiDependencies } from './api/api-handler.ts';
import { composeAuthorise } from './api/compose-authorise.ts';
import { createCacheFailures } from './cache-failures.ts';
import { clock, createCredentials, createTable, openCache, openLog, sleep, writeLine } from './edge.ts';
import type { QueryEnvironment } from './environment.ts';
import { handlerLimits } from './handler-limits.ts';
import { readDerivedOrWhole } from './insights/read-derived.ts';
import { rememberDerived } from './insights/remember-derived.ts';
import type { QueryDependencies } from './read/query-dependencies.ts';
import { rememberAssessments } from './read/remember-assessments.ts';
import { rememberLast } from './remember-last.ts';

/** What an environment may hold of what it has read: beside the runtime and one cold read it fits the function's 512 MB. */
const foldMemoryBytes = 64 * 1024 * 1024;
/** Whose ids of connections are remembered: of five connections each some 5 MB. */
const mostUsers = 10_000;
/** Reads are of no one provider. */
const providerUnknown = 'unknown';

export function composeQuery(environment: QueryEnvironment): QueryDependencies & ApiDependencies {
  const credentials = createCredentials(environment);
  const table = createTable(environment, credentials);
  const cacheFailures = createCacheFailures();
  const cache = openCache(environment, credentials, table, cacheFailures.count);
  const memory = createFoldMemory(foldMemoryBytes);
  const joined = joinGets(table);
  let cold = true;
  return {
    ...clock,
    sleep,
    hardDeadlineMs: handlerLimits.hardDeadlineMs,
    basePath: environment.basePath,
    revision: environment.revision,
    authorise: composeAuthorise(environment.tokens, clock),
    journal: createJournal({ table, cache }),
    // Past DAX, whose query cache no write touches: a connection that was linked a moment ago is there, one that was removed is not.
    connectionIdsOf: (userId, deadline) => readConnectionIds(table, userId, { deadline, fresh: true }),
    idsReadLast: rememberLast(mostUsers),
    // From the query cache: the head's version is in the bounds, and what lies below it never changes.
    readPage: (head, page, deadline) => readTransactionPage(cache, head, { ...page, deadline, memory }),
    readChanges: (head, from, limit, deadline) => readChanges(cache, head, from, { limit, deadline, memory }),
    readDerived: rememberDerived((head, deadline, kept) =>
      readDerivedOrWhole({ cache, entries: cache }, joined, head, deadline, kept),
    ),
    assessments: rememberAssessments(),
    userOf: (userId, deadline) => readUser(table, userId, { deadline, fresh: true }),
    log: openLog('processor.query'),
    metrics: cacheFailures.addTo(createEventMetrics('query', writeLine)),
    measure: (ReadTime, isFailed) => ({ ReadTime, ...(isFailed && { ReadsFailed: 1 }) }),
    provider: providerUnknown,
    takeColdStart() {
      const first = cold;
      cold = false;
      return first;
    },
  };
}
