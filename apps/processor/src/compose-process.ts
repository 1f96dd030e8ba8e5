/** Joins the libraries into the `process` function. */
import { randomUUID } from 'node:crypto';
import { type Connector, createHttpClient, createPlaidConnector } from '@quartersec/providers';
import { createJournal, openToken, putQuarantined, readAside, removeAside, sealToken } from '@quartersec/storage';
import { createEventLog, createEventMetrics, loadTracing } from '@quartersec/telemetry';
import { createCacheFailures } from './cache-failures.ts';
import { clock, createTable, openCache, sleep, writeLine } from './edge.ts';
import type { ProcessEnvironment } from './environment.ts';
import type { ProcessDependencies } from './process-event.ts';
import { createSyncQueue } from './sync-queue.ts';

export async function composeProcess(
  environment: ProcessEnvironment,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<ProcessDependencies> {
  const table = createTable(environment);
  const cacheFailures = createCacheFailures();
  const client = (transport: 'got' | 'wire') =>
    createHttpClient({
      provider: 'plaid',
      allowedOrigins: [environment.plaid.baseUrl],
      nowEpochMs: clock.nowEpochMs,
      transport,
    });
  const connectors: Readonly<Record<string, Connector | undefined>> = {
    plaid: createPlaidConnector({
      ...environment.plaid,
      daysRequested: environment.historyDays,
      http: client('got'),
      pageHttp: client('wire'),
    }),
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
      credentials: environment.credentials,
      nowEpochMs: clock.nowEpochMs,
      random: Math.random,
      sleep,
    }),
    connectorFor: (provider) => (Object.hasOwn(connectors, provider) ? connectors[provider] : undefined),
    openToken: (head) =>
      openToken(head.sealedToken, { tokenKeys: environment.tokenKey, connectionId: head.connectionId }),
    async quarantine(connectionId, records, receivedEpochMs, deadline) {
      const seal = (original: string) => sealToken(original, { tokenKeys: environment.tokenKey, connectionId });
      const options = { receivedEpochMs, deadline, seal };
      await Promise.all(records.map((record) => putQuarantined(table, connectionId, record, options)));
    },
    readAside(connectionId, deadline) {
      const open = (sealed: string) => openToken(sealed, { tokenKeys: environment.tokenKey, connectionId });
      return readAside(table, connectionId, open, { deadline });
    },
    removeAside: (records, deadline) => removeAside(table, records, { deadline }),
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
