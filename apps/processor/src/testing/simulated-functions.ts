/**
 * For simulations: the four functions at their handlers, joined as `compose-*.ts` joins them, over ports that the simulation owns. One
 * call makes one environment, with caches of its own.
 */
import {
  type Connector,
  createBerlinConnector,
  createObukConnector,
  createPlaidConnector,
  createPlaidLinkCalls,
  createWebhookKeys,
  type HttpClient,
  isExpired,
  reactToPlaidWebhook,
  replayKeyOf,
  verifyPlaidWebhook,
} from '@quartersec/providers';
import { createDeadline, deadlineBudget } from '@quartersec/sla';
import {
  createExchangeRecords,
  createFoldMemory,
  createJournal,
  createPendingLinks,
  endErasures,
  eraseBrokenOffLink,
  forgetConnection,
  joinGets,
  linkConnection,
  putAllQuarantined,
  putFeedback,
  readAside,
  readChanges,
  readConnectionIds,
  readItemLink,
  readListed,
  readTransactionPage,
  readUser,
  removeAside,
  type Table,
} from '@quartersec/storage';
import { createEventLog, createEventMetrics, noTracing } from '@quartersec/telemetry';
import { type ApiDependencies, type ApiHandler, createApiHandler } from '../api/api-handler.ts';
import { createTokenVerifier } from '../api/token-verifier.ts';
import type { ConnectDependencies } from '../connect/connect-dependencies.ts';
import { connectDeadlineMs, connectProblemOf, createConnectOperations } from '../connect/connect-operations.ts';
import { createPlaidLinks } from '../connect/link-plaid.ts';
import { handlerLimits } from '../handler-limits.ts';
import { insightsOver } from '../insights/insights-over.ts';
import { readDerivedOrWhole } from '../insights/read-derived.ts';
import { rememberDerived } from '../insights/remember-derived.ts';
import { createProcessHandler, type ProcessHandler } from '../process-handler.ts';
import type { QueryDependencies } from '../read/query-dependencies.ts';
import { createQueryOperations } from '../read/query-operations.ts';
import { rememberAssessments } from '../read/remember-assessments.ts';
import { rememberLast } from '../remember-last.ts';
import { askDue, type ScheduleDependencies } from '../schedule-due.ts';
import { createSeenWebhooks } from '../seen-webhooks.ts';
import type { SyncQueue } from '../sync-queue.ts';
import { createWebhookHandler, type WebhookHandler, webhookBodyAtMost } from '../webhook-handler.ts';

/** What an environment has of the world. */
export interface FunctionPorts {
  readonly table: Table;
  /** In front of the same table; what it gives may be old. */
  readonly cache: Table;
  readonly queue: SyncQueue;
  /** To every provider. */
  readonly http: HttpClient;
  /** Base URLs below which the simulator answers. */
  readonly banks: {
    readonly plaid: string;
    readonly openBankingUk: string;
    readonly berlinGroup: string;
  };
  readonly plaidKeys: { readonly clientId: string; readonly secret: string };
  /** Signs the tokens of the API's users, HS256. */
  readonly tokenSecret: Uint8Array;
  /** Bound to the connection. A random nonce would make each history another one. */
  seal(text: string, connectionId: string): string;
  /** @throws {StorageError} `TOKEN_UNREADABLE` */
  open(sealed: string, connectionId: string): string;
  nowMs(): number;
  nowEpochMs(): number;
  sleep(ms: number): Promise<void>;
  afterMs(ms: number): { readonly elapsed: Promise<void>; cancel(): void };
  random(): number;
  newId(): string;
  writeLine(line: string): void;
  /** Work that the simulation's clock cannot see: signatures are verified on other threads. */
  outside<Result>(work: () => Promise<Result>): Promise<Result>;
  /** The part of such work that its clock does see. */
  inside<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Each connection is asked at least so often. */
export const simulatedScheduleMs: number = 6 * 3_600_000;
/** Beyond every history that a simulated bank has. */
const wholeHistoryDays = 4_000;
const foldMemoryBytes = 1_000_000;

const once = () => {
  let cold = true;
  return () => {
    const first = cold;
    cold = false;
    return first;
  };
};

export function createSimulatedProcess(ports: FunctionPorts): ProcessHandler {
  const { table, cache, http, queue, banks, plaidKeys, nowEpochMs, newId } = ports;
  const journal = createJournal({ table, cache });
  const log = createEventLog('processor.process', ports);
  const plaid: Connector = createPlaidConnector({ baseUrl: banks.plaid, ...plaidKeys, http, count: 10 });
  const lists = { http, nowEpochMs, newId, overlapDays: wholeHistoryDays };
  const schedule: ScheduleDependencies = {
    ...{ log, newId, nowEpochMs, everyMs: simulatedScheduleMs },
    listed: (page, deadline) => readListed(table, page, { deadline }),
    readHead: (connectionId, deadline) => journal.readHead(connectionId, { deadline }),
    eraseBrokenOff: (connectionId, deadline) =>
      eraseBrokenOffLink(table, connectionId, { deadline, nowEpochMs: nowEpochMs() }),
    endErasures: (shard, deadline) => endErasures(table, shard, { deadline, cache }),
    goOn: queue.sendDue,
    ask: (event, provider) => queue.send(event, provider, 0),
  };
  const deps = {
    ...ports,
    ...{ journal, log, tracing: noTracing, maxPagesPerRun: 4, takeColdStart: once() },
    metrics: createEventMetrics('process', ports.writeLine),
    insights: insightsOver({ cache, entries: table }),
    askDue: (message: Parameters<typeof askDue>[0], deadline: Parameters<typeof askDue>[1]) =>
      askDue(message, deadline, schedule),
    connectorFor(provider: string, institutionId: string): Connector | undefined {
      if (provider === 'plaid') return plaid;
      if (provider === 'openbanking-uk') return createObukConnector({ ...lists, baseUrl: banks.openBankingUk });
      if (provider === 'berlin-group')
        return createBerlinConnector({ ...lists, institutionId, baseUrl: banks.berlinGroup });
      return undefined;
    },
    openToken: (head: { readonly sealedToken: string; readonly connectionId: string }) =>
      ports.open(head.sealedToken, head.connectionId),
    async quarantine(...[connectionId, records, receivedEpochMs, deadline]: Parameters<QuarantineOf>) {
      const seal = (original: string) => ports.seal(original, connectionId);
      await putAllQuarantined(table, connectionId, records, { receivedEpochMs, deadline, seal });
    },
    readAside: (...[connectionId, deadline]: Parameters<ReadAsideOf>) =>
      readAside(table, connectionId, (sealed) => ports.open(sealed, connectionId), { deadline }),
    removeAside: (...[records, deadline]: Parameters<RemoveAsideOf>) => removeAside(table, records, { deadline }),
  };
  return createProcessHandler(deps, handlerLimits);
}

type Process = Parameters<typeof createProcessHandler>[0];
type QuarantineOf = Process['quarantine'];
type ReadAsideOf = Process['readAside'];
type RemoveAsideOf = Process['removeAside'];

function apiOf(ports: FunctionPorts, service: 'connect' | 'query', hardDeadlineMs: number) {
  const claims = { audience: 'quartersec', issuer: undefined };
  const verify = createTokenVerifier({ kind: 'secret', secrets: [ports.tokenSecret] }, claims, ports.nowEpochMs);
  const authorise: ApiDependencies['authorise'] = (authorization, deadline) =>
    ports.outside(() => verify(authorization, deadline));
  return {
    ...ports,
    ...{ authorise, hardDeadlineMs, basePath: '', provider: service === 'connect' ? 'plaid' : 'unknown' },
    log: createEventLog(`processor.${service}`, ports),
    metrics: createEventMetrics(service, ports.writeLine),
    takeColdStart: once(),
  };
}

function linkCallsOf(ports: FunctionPorts) {
  const { http, banks, plaidKeys, sleep, random } = ports;
  return createPlaidLinkCalls({ baseUrl: banks.plaid, ...plaidKeys, http, freshHttp: () => http, sleep, random });
}

export function createSimulatedConnect(ports: FunctionPorts): ApiHandler {
  const { table, cache, queue, nowEpochMs, newId } = ports;
  const journal = createJournal({ table, cache });
  const deps: ConnectDependencies & ApiDependencies = {
    ...apiOf(ports, 'connect', connectDeadlineMs),
    problemOf: connectProblemOf,
    measure: (ConnectTime, isFailed) => ({ ConnectTime, ...(isFailed && { ConnectFailed: 1 }) }),
    calls: linkCallsOf(ports),
    settings: {
      ...{ clientName: 'App', language: 'en', countryCodes: ['US'], daysRequested: 730 },
      ...{ webhookUrl: undefined, redirectUri: undefined },
    },
    ...{ journal, queue, newId, nowEpochMs },
    exchanges: createExchangeRecords(table, { newId, nowEpochMs }),
    pending: createPendingLinks(table, { newId, nowEpochMs }),
    link: (request, deadline) => linkConnection({ journal, table }, request, { deadline }),
    connectionIdsOf: (userId, deadline) => readConnectionIds(table, userId, { deadline, fresh: true }),
    keepFeedback: (userId, feedback, deadline) => putFeedback(table, userId, feedback, { deadline }),
    forget: (connectionId, deadline) => forgetConnection(table, connectionId, { deadline, cache }),
    sealToken: ports.seal,
    openToken: ports.open,
  };
  const links = createPlaidLinks(deps);
  return createApiHandler(createConnectOperations({ ...deps, links: new Map([[links.provider, links]]) }), deps);
}

export function createSimulatedQuery(ports: FunctionPorts): ApiHandler {
  const { table, cache } = ports;
  const memory = createFoldMemory(foldMemoryBytes);
  const deps: QueryDependencies & ApiDependencies = {
    ...apiOf(ports, 'query', handlerLimits.hardDeadlineMs),
    revision: '1',
    measure: (ReadTime, isFailed) => ({ ReadTime, ...(isFailed && { ReadsFailed: 1 }) }),
    journal: createJournal({ table, cache }),
    connectionIdsOf: (userId, deadline) => readConnectionIds(table, userId, { deadline, fresh: true }),
    readPage: (head, page, deadline) => readTransactionPage(cache, head, { ...page, deadline, memory }),
    readChanges: (head, from, limit, deadline) => readChanges(cache, head, from, { limit, deadline, memory }),
    readDerived: rememberDerived((head, deadline, kept) =>
      readDerivedOrWhole({ cache, entries: cache }, joinGets(table), head, deadline, kept),
    ),
    assessments: rememberAssessments(),
    idsReadLast: rememberLast(10),
    userOf: (userId, deadline) => readUser(table, userId, { deadline, fresh: true }),
  };
  return createApiHandler(createQueryOperations(deps), deps);
}

export function createSimulatedWebhook(ports: FunctionPorts): WebhookHandler {
  const { table, queue, newId, nowMs, nowEpochMs } = ports;
  const calls = linkCallsOf(ports);
  const keys = createWebhookKeys({
    isExpired,
    lookUp: (keyId) => ports.inside(() => calls.lookUpKey(keyId, createDeadline(deadlineBudget.hardMs, nowMs))),
  });
  const plaid = {
    tokenHeader: 'plaid-verification',
    takenStatus: 200 as const,
    verify: (token: string | undefined, body: Uint8Array, epochMs: number) =>
      ports.outside(() => verifyPlaidWebhook({ token, body }, keys, epochMs)),
    react: reactToPlaidWebhook,
    replayKeyOf,
  };
  return createWebhookHandler(
    {
      ...{ queue, newId, nowMs, nowEpochMs, takeColdStart: once(), seen: createSeenWebhooks() },
      providerFor: (name) => (name === 'plaid' ? plaid : undefined),
      findConnection: (provider, itemId, deadline) => readItemLink(table, { provider, itemId }, { deadline }),
      log: createEventLog('processor.webhook', ports),
      metrics: createEventMetrics('webhook', ports.writeLine),
    },
    { ...handlerLimits, bodyAtMost: webhookBodyAtMost },
  );
}
