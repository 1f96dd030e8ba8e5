/** Joins the libraries into the functions' dependencies. The one place that touches clock, randomness and environment. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleepMs } from 'node:timers/promises';
import { type Connector, createHttpClient, createPlaidConnector } from '@quartersec/providers';
import {
  createDynamoDbTable,
  createJournal,
  createSignedSend,
  openDaxTable,
  openToken,
  putQuarantined,
  readTransactions,
  type Table,
} from '@quartersec/storage';
import { createEventLog, createEventMetrics, loadTracing } from '@quartersec/telemetry';
import { createCacheFailures } from './cache-failures.ts';
import type { ProcessEnvironment, QueryEnvironment, TableEnvironment } from './environment.ts';
import type { ProcessDependencies } from './process-event.ts';
import type { QueryDependencies } from './query-handler.ts';
import { createLineWriter } from './stdout-lines.ts';
import { createSyncQueue } from './sync-queue.ts';

const sleep = async (ms: number): Promise<void> => {
  await sleepMs(ms);
};
const writeLine = createLineWriter((text) => process.stdout.write(text));
const providerUnknown = 'unknown';
const clock = { nowMs: () => performance.now(), nowEpochMs: () => Date.now() };

export async function composeProcess(
  environment: ProcessEnvironment,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<ProcessDependencies> {
  const table = createTable(environment);
  const cacheFailures = createCacheFailures();
  const client = (transport: 'got' | 'node') =>
    createHttpClient({
      provider: 'plaid',
      allowedOrigins: [environment.plaid.baseUrl],
      nowEpochMs: clock.nowEpochMs,
      transport,
    });
  const connectors: Readonly<Record<string, Connector | undefined>> = {
    plaid: createPlaidConnector({ ...environment.plaid, http: client('got'), pageHttp: client('node') }),
  };
  let cold = true;
  return {
    ...clock,
    random: Math.random,
    sleep,
    newId: randomUUID,
    afterMs(ms) {
      // A bare timer: cancelling `timers/promises` builds an AbortError with its stack, once an event.
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, ms);
      return { elapsed: promise, cancel: () => clearTimeout(timer) };
    },
    journal: createJournal({ table, cache: openCache(environment, table, cacheFailures.count) }),
    queue: createSyncQueue({
      queueUrl: environment.queueUrl,
      endpoint: environment.sqsEndpoint,
      region: environment.region,
    }),
    connectorFor: (provider) => (Object.hasOwn(connectors, provider) ? connectors[provider] : undefined),
    openToken: (head) =>
      openToken(head.sealedToken, { keyBase64: environment.tokenKey, connectionId: head.connectionId }),
    async quarantine(connectionId, records, receivedEpochMs, deadline) {
      await Promise.all(
        records.map((record) => putQuarantined(table, connectionId, record, { receivedEpochMs, deadline })),
      );
    },
    log: createEventLog('processor.process', { ...clock, writeLine }),
    metrics: cacheFailures.addTo(createEventMetrics('process', writeLine)),
    maxPagesPerRun: 20,
    tracing: await loadTracing('process', variables),
    takeColdStart() {
      const first = cold;
      cold = false;
      return first;
    },
  };
}

export function composeQuery(environment: QueryEnvironment): QueryDependencies {
  const table = createTable(environment);
  const metrics = createEventMetrics('query', writeLine);
  const cache = openCache(environment, table, () => {
    metrics.write({ CacheFailures: 1 }, providerUnknown, clock.nowEpochMs()); // the one metric of a query
  });
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
  };
}

function createTable(environment: TableEnvironment): Table {
  const { tableName, region, credentials, dynamoDbEndpoint } = environment;
  const send = createSignedSend({
    region,
    credentials,
    nowEpochMs: clock.nowEpochMs,
    ...(dynamoDbEndpoint === undefined ? {} : { endpoint: dynamoDbEndpoint }),
  });
  return createDynamoDbTable({ tableName, send, random: Math.random, sleep });
}

/** @returns `table` itself where no DAX is configured: its client is never loaded then */
function openCache(environment: TableEnvironment, table: Table, onFailure: () => void): Table {
  const { tableName, region, credentials, daxEndpoint } = environment;
  if (daxEndpoint === undefined) return table;
  return openDaxTable({
    endpoint: daxEndpoint,
    region,
    credentials,
    tableName,
    direct: table,
    nowMs: clock.nowMs,
    random: Math.random,
    onFailure,
  });
}
