/** Joins the libraries into the `connect` function. */
import { randomUUID } from 'node:crypto';
import { createHttpClient, createPlaidLinkCalls } from '@quartersec/providers';
import {
  createExchangeRecords,
  createJournal,
  createPendingLinks,
  forgetConnection,
  linkConnection,
  putFeedback,
  readConnectionIds,
  sealToken,
} from '@quartersec/storage';
import { createEventMetrics } from '@quartersec/telemetry';
import type { ApiDependencies } from './api/api-handler.ts';
import { composeAuthorise } from './api/compose-authorise.ts';
import { createCacheFailures } from './cache-failures.ts';
import { redirectLinksOf } from './compose-banks.ts';
import { type ConnectDependencies, type LinkDependencies, linkProvider } from './connect/connect-dependencies.ts';
import { connectDeadlineMs, connectProblemOf } from './connect/connect-operations.ts';
import { createPlaidLinks } from './connect/link-plaid.ts';
import { createRedirectLinks } from './connect/redirect-links.ts';
import { clock, createCredentials, createTable, openCache, openLog, openQueue, sleep, writeLine } from './edge.ts';
import type { ConnectEnvironment } from './environment.ts';
import { createRenewal } from './renewal.ts';
import { openRenewed, perKeys, type Rotating, renewedLinkCalls } from './renewed-plaid.ts';

export function composeConnect(
  environment: ConnectEnvironment,
  /** The settings as they are now, read again when one of them is refused; default: they never change. */
  readAgain: () => Promise<Rotating> = async () => environment,
): LinkDependencies & ApiDependencies {
  const credentials = createCredentials(environment);
  const table = createTable(environment, credentials);
  const cacheFailures = createCacheFailures();
  const cache = openCache(environment, credentials, table, cacheFailures.count);
  const journal = createJournal({ table, cache });
  const client = () =>
    createHttpClient({ provider: 'plaid', allowedOrigins: [environment.plaid.baseUrl], nowEpochMs: clock.nowEpochMs });
  const log = openLog('processor.connect');
  const renewal = createRenewal<Rotating>(environment, {
    read: readAgain,
    nowMs: clock.nowMs,
    onFailure: () => log.write('error', 'secrets not read again', {}),
  });
  const http = client();
  const callsFor = perKeys((access) =>
    createPlaidLinkCalls({ ...access, http, freshHttp: client, sleep, random: Math.random }),
  );
  let cold = true;
  const deps: ConnectDependencies = {
    nowEpochMs: clock.nowEpochMs,
    newId: randomUUID,
    calls: renewedLinkCalls(renewal, callsFor),
    settings: environment.link,
    journal,
    exchanges: createExchangeRecords(table, { newId: randomUUID, nowEpochMs: clock.nowEpochMs }),
    pending: createPendingLinks(table, { newId: randomUUID, nowEpochMs: clock.nowEpochMs }),
    queue: openQueue(environment, credentials),
    link: (request, deadline) => linkConnection({ journal, table }, request, { deadline }),
    connectionIdsOf: (userId, deadline) => readConnectionIds(table, userId, { deadline, fresh: true }),
    keepFeedback: (userId, feedback, deadline) => putFeedback(table, userId, feedback, { deadline }),
    forget: (connectionId, deadline) => forgetConnection(table, connectionId, { deadline, cache }),
    sealToken: (token, connectionId) => sealToken(token, { tokenKeys: renewal.current().tokenKey, connectionId }),
    openToken: (sealed, connectionId) => openRenewed(renewal, sealed, connectionId),
    log,
  };
  const byRedirect = redirectLinksOf(environment).map((options) => createRedirectLinks(options, deps));
  const providers = [createPlaidLinks(deps), ...byRedirect];
  return {
    ...deps,
    ...clock,
    links: new Map(providers.map((links) => [links.provider, links])),
    authorise: composeAuthorise(environment.tokens, clock),
    basePath: environment.basePath,
    hardDeadlineMs: connectDeadlineMs,
    problemOf: connectProblemOf,
    measure: (ConnectTime, isFailed) => ({ ConnectTime, ...(isFailed && { ConnectFailed: 1 }) }),
    provider: linkProvider,
    metrics: cacheFailures.addTo(createEventMetrics('connect', writeLine)),
    takeColdStart() {
      const first = cold;
      cold = false;
      return first;
    },
  };
}
