/** The queues of the sandbox: one for each provider, and one for what nobody could work off. */
import type { DeadLetter, LambdaHost, QueueDefinition } from '@quartersec/sandbox-lambda';

const deadLetterQueue = 'sync-dead';
/** Plaid's also takes the schedule's message, and what names no provider. */
const syncQueues = {
  plaid: 'sync-plaid',
  'openbanking-uk': 'sync-openbanking-uk',
  'berlin-group': 'sync-berlin-group',
} as const;

/** Plaid's, and that of the dead letters of all. */
export const queueNames = { sync: syncQueues.plaid, dead: deadLetterQueue } as const;

export interface QueueSettings {
  readonly visibilityTimeoutSeconds: number;
  readonly maxReceiveCount: number;
  readonly batchSize: number;
}

/** Six times the function's timeout, as AWS advises for an SQS source; short, because so is everything here. */
export const queueDefaults: QueueSettings = { visibilityTimeoutSeconds: 30, maxReceiveCount: 3, batchSize: 10 };

export function queueDefinitions({ visibilityTimeoutSeconds, maxReceiveCount }: QueueSettings): QueueDefinition[] {
  const visibilityTimeoutMs = visibilityTimeoutSeconds * 1_000;
  const sync = Object.values(syncQueues).map((name) => ({
    name,
    visibilityTimeoutMs,
    redrive: { deadLetterQueue, maxReceiveCount },
  }));
  return [{ name: deadLetterQueue }, ...sync];
}

export function providerOfLetter({ sourceQueue }: DeadLetter): string {
  const [provider = 'unknown'] = Object.entries(syncQueues).find(([, name]) => name === sourceQueue) ?? [];
  return provider;
}

/** Variables of the functions that send. */
export function queueEnvironment(host: Pick<LambdaHost, 'queueUrl' | 'url'>): Readonly<Record<string, string>> {
  const { plaid, ...others } = syncQueues;
  const queueUrls = Object.entries(others).map(([provider, name]) => `${provider}=${host.queueUrl(name)}`);
  return { QUEUE_URL: host.queueUrl(plaid), QUEUE_URLS: queueUrls.join(','), SQS_ENDPOINT: host.url };
}

export function deliverToProcess(host: Pick<LambdaHost, 'addEventSource'>, { batchSize }: QueueSettings): void {
  for (const queue of Object.values(syncQueues))
    host.addEventSource({ queue, function: 'process', batchSize, reportBatchItemFailures: true });
}

/** Messages of all queues, those that are under way and those that are held back apart. */
export function countMessages(host: Pick<LambdaHost, 'stats'>): { readonly pending: number; readonly delayed: number } {
  const { queues } = host.stats();
  let [pending, delayed] = [0, 0];
  for (const name of Object.values(syncQueues)) {
    const queue = queues[name];
    pending += (queue?.visible ?? 0) + (queue?.inFlight ?? 0);
    delayed += queue?.delayed ?? 0;
  }
  return { pending, delayed };
}

/** Of the queue that is furthest behind. */
export function oldestMessage(host: Pick<LambdaHost, 'stats'>): {
  readonly provider: string;
  readonly oldestMs: number;
} {
  const { queues } = host.stats();
  return Object.entries(syncQueues)
    .map(([provider, name]) => ({ provider, oldestMs: queues[name]?.oldestMs ?? 0 }))
    .reduce((oldest, one) => (one.oldestMs > oldest.oldestMs ? one : oldest));
}

/** Of every provider. */
export const syncQueueUrls = (host: Pick<LambdaHost, 'queueUrl'>): readonly string[] =>
  Object.values(syncQueues).map((name) => host.queueUrl(name));
