/** Entry point of the `webhook` function. */
import { composeWebhook } from './compose-webhook.ts';
import { readWebhookEnvironment, webhookSecrets } from './environment.ts';
import { handlerLimits } from './handler-limits.ts';
import { withSecrets } from './secrets.ts';
import { createWebhookHandler, webhookBodyAtMost } from './webhook-handler.ts';

const variables = await withSecrets(webhookSecrets, process.env);

const compose = () =>
  composeWebhook(readWebhookEnvironment(variables), async () =>
    readWebhookEnvironment(await withSecrets(webhookSecrets, process.env)),
  );

export const handler = createWebhookHandler(compose(), { ...handlerLimits, bodyAtMost: webhookBodyAtMost });
