/** Joins the libraries into the `connect` function. */
import { randomUUID } from 'node:crypto';
import { createHttpClient, createPlaidLinkCalls } from '@quartersec/providers';
import {
  createExchangeRecords,
  createJournal,
  forgetConnection,
  linkConnection,
  openToken,
  readConnectionIds,
  sealToken,
} from '@quartersec/storage';
import { createEventLog, createEventMetrics } from '@quartersec/telemetry';
import { createCacheFailures } from './cache-failures.ts';
import type { ConnectHandlerDependencies } from './connect-handler.ts';
import { clock, createTable, openCache, sleep, writeLine } from './edge.ts';
import type { ConnectEnvironment } from './environment.ts';
import { createSyncQueue } from './sync-queue.ts';

export function composeConnect(environment: ConnectEnvironment): ConnectHandlerDependencies {
  const { plaid, tokenKey } = environment;
  const table = createTable(environment);
  const cacheFailures = createCacheFailures();
  const cache = openCache(environment, table, cacheFailures.count);
  const journal = createJournal({ table, cache });
  const client = () =>
    createHttpClient({ provider: 'plaid', allowedOrigins: [plaid.baseUrl], nowEpochMs: clock.nowEpochMs });
  let cold = true;
  return {
    ...clock,
    newId: randomUUID,
    calls: createPlaidLinkCalls({ ...plaid, http: client(), freshHttp: client, sleep, random: Math.random }),
    settings: environment.link,
    journal,
    exchanges: createExchangeRecords(table, { newId: randomUUID, nowEpochMs: clock.nowEpochMs }),
    queue: createSyncQueue({
      queueUrl: environment.queueUrl,
      endpoint: environment.sqsEndpoint,
      region: environment.region,
      credentials: environment.credentials,
      nowEpochMs: clock.nowEpochMs,
      random: Math.random,
      sleep,
    }),
    link: (request, deadline) => linkConnection({ journal, table }, request, { deadline }),
    connectionIdsOf: (userId, deadline) => readConnectionIds(table, userId, { deadline, fresh: true }),
    forget: (connectionId, deadline) => forgetConnection(table, connectionId, { deadline, cache }),
    sealToken: (token, connectionId) => sealToken(token, { tokenKeys: tokenKey, connectionId }),
    openToken: (sealed, connectionId) => openToken(sealed, { tokenKeys: tokenKey, connectionId }),
    readTokenKey: Buffer.from(environment.readTokenKey, 'base64'),
    log: createEventLog('processor.connect', { ...clock, writeLine }),
    metrics: cacheFailures.addTo(createEventMetrics('connect', writeLine)),
    takeColdStart() {
      const first = cold;
      cold = false;
      return first;
    },
  };
}
