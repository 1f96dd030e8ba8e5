/** Joins the libraries into the `process` function. */
import { randomUUID } from 'node:crypto';
import { type Connector, createHttpClient, createPlaidConnector } from '@quartersec/providers';
import type { Deadline } from '@quartersec/sla';
import {
  createGrantRecords,
  createJournal,
  endErasures,
  eraseBrokenOffLink,
  openToken,
  putAllQuarantined,
  readAside,
  readListed,
  removeAside,
  sealToken,
} from '@quartersec/storage';
import { createEventMetrics, loadTracing } from '@quartersec/telemetry';
import { createCacheFailures } from './cache-failures.ts';
import { connectorsOfBanks, consentCallsOf } from './compose-banks.ts';
import { clock, createCredentials, createTable, openCache, openLog, openQueue, sleep, writeLine } from './edge.ts';
import type { ProcessEnvironment } from './environment.ts';
import { insightsOver } from './insights/insights-over.ts';
import { createAccessKeeper } from './keep-access.ts';
import type { ProcessHandlerDependencies } from './process-handler.ts';
import { createRenewal, withRenewal } from './renewal.ts';
import { isUnreadable, openRenewed, perKeys, type Rotating, renewedConnector } from './renewed-plaid.ts';
import { askDue, isTick, type ScheduleDependencies } from './schedule-due.ts';

export async function composeProcess(
  environment: ProcessEnvironment,
  variables: Readonly<Record<string, string | undefined>>,
  /** The settings as they are now, read again when one of them is refused; default: they never change. */
  readAgain: () => Promise<Rotating> = async () => environment,
): Promise<ProcessHandlerDependencies> {
  const credentials = createCredentials(environment);
  const table = createTable(environment, credentials);
  const cacheFailures = createCacheFailures();
  const client = (transport: 'got' | 'node') =>
    createHttpClient({
      provider: 'plaid',
      allowedOrigins: [environment.plaid.baseUrl],
      nowEpochMs: clock.nowEpochMs,
      transport,
    });
  const log = openLog('processor.process');
  const renewal = createRenewal<Rotating>(environment, {
    read: readAgain,
    nowMs: clock.nowMs,
    onFailure: () => log.write('error', 'secrets not read again', {}),
  });
  const [http, pageHttp] = [client('got'), client('node')];
  const plaid = perKeys((access) =>
    createPlaidConnector({ ...access, daysRequested: environment.historyDays, http, pageHttp }),
  );
  const plaidConnector: Connector = renewedConnector(renewal, plaid);
  const banks = connectorsOfBanks(environment);
  const queue = openQueue(environment, credentials);
  const cache = openCache(environment, credentials, table, cacheFailures.count);
  const journal = createJournal({ table, cache });
  const schedule: ScheduleDependencies = {
    listed: (page, deadline) => readListed(table, page, { deadline }),
    readHead: (connectionId, deadline) => journal.readHead(connectionId, { deadline }),
    eraseBrokenOff: (connectionId, deadline) =>
      eraseBrokenOffLink(table, connectionId, { deadline, nowEpochMs: clock.nowEpochMs() }),
    endErasures: (shard, deadline) => endErasures(table, shard, { deadline, cache }),
    goOn: queue.sendDue,
    ask: (event, provider) => queue.send(event, provider, 0),
    everyMs: environment.scheduleEveryMs,
    log,
    newId: randomUUID,
    nowEpochMs: clock.nowEpochMs,
  };
  const consentCalls = consentCallsOf(environment);
  const access = createAccessKeeper({
    grants: createGrantRecords(table, { newId: randomUUID }),
    callsOf: consentCalls,
    open: (sealed, connectionId) => openRenewed(renewal, sealed, connectionId),
    seal: (text, connectionId) => sealToken(text, { tokenKeys: renewal.current().tokenKey, connectionId }),
    sleep,
    random: Math.random,
    nowEpochMs: clock.nowEpochMs,
  });
  const hasPolled = Object.keys(environment.openBankingUk.eventUrls).length > 0;
  /** Loaded with the first tick: no event needs what verifies tokens. */
  let pollEvents: Promise<(deadline: Deadline) => Promise<void>> | undefined;
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
    journal,
    insights: insightsOver({ cache, entries: table }),
    queue,
    async askDue(message, deadline) {
      const pass = await askDue(message, deadline, schedule);
      if (!hasPolled || !isTick(message)) return pass;
      pollEvents ??= import('./compose-bank-events.ts').then(({ bankPolling }) =>
        bankPolling(environment.openBankingUk, { table, queue, log }),
      );
      await (await pollEvents)(deadline);
      return pass;
    },
    connectorFor(provider, institutionId) {
      if (provider === plaidConnector.provider) return plaidConnector;
      return banks.get(provider)?.get(institutionId);
    },
    openToken: (head, deadline, refused) =>
      head.provider === plaidConnector.provider
        ? openRenewed(renewal, head.sealedToken, head.connectionId)
        : access.tokenOf(head, deadline, refused),
    async quarantine(connectionId, records, receivedEpochMs, deadline) {
      const seal = (original: string) => sealToken(original, { tokenKeys: renewal.current().tokenKey, connectionId });
      await putAllQuarantined(table, connectionId, records, { receivedEpochMs, deadline, seal });
    },
    readAside(connectionId, deadline) {
      const openWith = (tokenKeys: string) => (sealed: string) => openToken(sealed, { tokenKeys, connectionId });
      const read = ({ tokenKey }: Rotating) => readAside(table, connectionId, openWith(tokenKey), { deadline });
      return withRenewal(renewal, read, isUnreadable);
    },
    removeAside: (records, deadline) => removeAside(table, records, { deadline }),
    log,
    metrics: cacheFailures.addTo(createEventMetrics('process', writeLine)),
    maxPagesPerRun: 20,
    tracing: await loadTracing('process', variables, (reason) => log.write('error', 'tracing is off', { reason })),
    takeColdStart() {
      const first = cold;
      cold = false;
      return first;
    },
  };
}
