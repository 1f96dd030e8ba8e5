/** Joins the libraries into the `webhook` function: it reads the links of Items, sends to the queue, and can open no token. */
import { randomUUID } from 'node:crypto';
import {
  createHttpClient,
  createPlaidLinkCalls,
  createWebhookKeys,
  type EventIssuer,
  eventIdOf,
  isExpired,
  reactToEvent,
  reactToPlaidWebhook,
  replayKeyOf,
  verifyEvent,
  verifyPlaidWebhook,
} from '@quartersec/providers';
import { createDeadline, deadlineBudget } from '@quartersec/sla';
import { readItemLink } from '@quartersec/storage';
import { createEventMetrics } from '@quartersec/telemetry';
import { issuersOf } from './compose-bank-events.ts';
import { clock, createCredentials, createTable, openLog, openQueue, sleep, writeLine } from './edge.ts';
import type { WebhookEnvironment } from './environment.ts';
import { createRenewal } from './renewal.ts';
import { perKeys, renewedLinkCalls } from './renewed-plaid.ts';
import { createSeenWebhooks } from './seen-webhooks.ts';
import type { WebhookDependencies, WebhookProvider } from './webhook-handler.ts';

export function composeWebhook(
  environment: WebhookEnvironment,
  /** The settings as they are now, read again when Plaid refuses our keys; default: they never change. */
  readAgain: () => Promise<WebhookEnvironment> = async () => environment,
): WebhookDependencies {
  const credentials = createCredentials(environment);
  const table = createTable(environment, credentials);
  const issuers = issuersOf(environment.banks);
  const providers: Readonly<Record<string, WebhookProvider>> = {
    plaid: plaidWebhooks(environment, readAgain),
    ...(issuers.length > 0 && { 'openbanking-uk': bankEvents(issuers) }),
  };
  let cold = true;
  return {
    ...clock,
    newId: randomUUID,
    providerFor: (name) => (Object.hasOwn(providers, name) ? providers[name] : undefined),
    findConnection: (provider, itemId, deadline) => readItemLink(table, { provider, itemId }, { deadline }),
    queue: openQueue(environment, credentials),
    seen: createSeenWebhooks(),
    log: openLog('processor.webhook'),
    metrics: createEventMetrics('webhook', writeLine),
    takeColdStart() {
      const first = cold;
      cold = false;
      return first;
    },
  };
}

function plaidWebhooks(environment: WebhookEnvironment, readAgain: () => Promise<WebhookEnvironment>): WebhookProvider {
  const { baseUrl } = environment.plaid;
  const client = () => createHttpClient({ provider: 'plaid', allowedOrigins: [baseUrl], nowEpochMs: clock.nowEpochMs });
  const http = client();
  const renewal = createRenewal(environment, { read: readAgain, nowMs: clock.nowMs });
  const callsFor = perKeys((access) =>
    createPlaidLinkCalls({ ...access, http, freshHttp: client, sleep, random: Math.random }),
  );
  const calls = renewedLinkCalls(renewal, callsFor);
  const lookUp = (keyId: string) => calls.lookUpKey(keyId, createDeadline(deadlineBudget.hardMs, clock.nowMs));
  const keys = createWebhookKeys({ lookUp, isExpired });
  return {
    tokenHeader: 'plaid-verification',
    takenStatus: 200,
    verify: (token, body, nowEpochMs) => verifyPlaidWebhook({ token, body }, keys, nowEpochMs),
    react: reactToPlaidWebhook,
    replayKeyOf,
  };
}

/** Their body is the token. */
function bankEvents(issuers: readonly EventIssuer[]): WebhookProvider {
  return {
    takenStatus: 202,
    echoedHeader: 'x-fapi-interaction-id',
    verify: (token = '', _body, nowEpochMs) => verifyEvent(token, issuers, nowEpochMs),
    react: (body) => reactToEvent(Buffer.from(body).toString()),
    replayKeyOf: eventIdOf,
  };
}
