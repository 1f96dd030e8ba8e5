/** Puts events back on the queue: continuations of a long loop and events that have to wait. */
import type { SendMessageCommandInput } from '@aws-sdk/client-sqs';
import { ProcessorError } from './processor-error.ts';
import type { SyncRequested } from './sync-event.ts';

/** SQS holds a message back for 15 minutes at most; longer waits are taken in steps of it. */
export const maxQueueDelayMs = 900_000;

export interface SyncQueue {
  /**
   * @param delayMs held back for so long, rounded up to seconds, `maxQueueDelayMs` at most
   * @throws {ProcessorError} `QUEUE_UNAVAILABLE` when the queue has not confirmed the message
   */
  send(event: SyncRequested, delayMs: number): Promise<void>;
}

/** The SDK client is loaded with the first message: the usual event sends none and its cold start should not pay for it. */
export function createSyncQueue(settings: {
  queueUrl: string;
  endpoint: string | undefined;
  region: string;
}): SyncQueue {
  let sender: Promise<(message: SendMessageCommandInput) => Promise<unknown>> | undefined;
  const load = async () => {
    const { SendMessageCommand, SQSClient } = await import('@aws-sdk/client-sqs');
    const { region, endpoint } = settings;
    const client = new SQSClient({ region, ...(endpoint === undefined ? {} : { endpoint }) });
    return (message: SendMessageCommandInput) => client.send(new SendMessageCommand(message));
  };
  return {
    async send(event, delayMs) {
      try {
        sender ??= load();
        const sendMessage = await sender;
        await sendMessage({
          QueueUrl: settings.queueUrl,
          MessageBody: JSON.stringify(event),
          DelaySeconds: Math.ceil(Math.min(delayMs, maxQueueDelayMs) / 1_000),
        });
      } catch (cause) {
        throw new ProcessorError('QUEUE_UNAVAILABLE', { correlationId: event.correlationId }, { cause });
      }
    },
  };
}
