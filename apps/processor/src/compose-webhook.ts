/** Joins the libraries into the `webhook` function: it reads the links of Items, sends to the queue, and can open no token. */
import { randomUUID } from 'node:crypto';
import {
  createHttpClient,
  createPlaidLinkCalls,
  createWebhookKeys,
  reactToPlaidWebhook,
  replayKeyOf,
  verifyPlaidWebhook,
} from '@quartersec/providers';
import { createDeadline, deadlineBudget } from '@quartersec/sla';
import { readItemLink } from '@quartersec/storage';
import { createEventMetrics } from '@quartersec/telemetry';
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
  const providers: Readonly<Record<string, WebhookProvider>> = { plaid: plaidWebhooks(environment, readAgain) };
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
  const keys = createWebhookKeys({ lookUp });
  return {
    tokenHeader: 'plaid-verification',
    verify: (token, body, nowEpochMs) => verifyPlaidWebhook({ token, body }, keys, nowEpochMs),
    react: reactToPlaidWebhook,
    replayKeyOf,
  };
}
