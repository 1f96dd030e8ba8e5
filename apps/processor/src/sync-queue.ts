/** Puts events back on the queue: continuations of a long loop and events that have to wait. */
import { createSignedCall, type SignedCallOptions } from '@quartersec/storage';
import { ProcessorError } from './processor-error.ts';
import type { ScheduleDue } from './schedule-due.ts';
import type { SyncRequested } from './sync-event.ts';

/** SQS holds a message back for 15 minutes at most; longer waits are taken in steps of it. */
export const maxQueueDelayMs = 900_000;

export interface SyncQueue {
  /**
   * @param delayMs held back for so long, rounded up to seconds, `maxQueueDelayMs` at most
   * @throws {ProcessorError} `QUEUE_UNAVAILABLE` when the queue has not confirmed the message
   */
  send(event: SyncRequested, delayMs: number): Promise<void>;
  /** The schedule's own message, at once. @throws {ProcessorError} as `send` */
  sendDue(message: ScheduleDue): Promise<void>;
}

const attempts = 3;
/** Far beyond what SQS takes; three of them still fit a function's time. */
const attemptTimeoutMs = 1_000;

/**
 * A message whose confirmation was lost is sent again: it may arrive twice, which events are made for.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function createSyncQueue(
  settings: Omit<SignedCallOptions, 'service' | 'targetPrefix'> & {
    readonly queueUrl: string;
    readonly sleep: (ms: number) => Promise<void>;
    readonly random: () => number;
  },
): SyncQueue {
  const call = createSignedCall({ ...settings, service: 'sqs', targetPrefix: 'AmazonSQS' });
  const waitMs = (failures: number) => settings.random() * 50 * 2 ** failures;

  async function sendMessage(message: object, failures = 0): Promise<void> {
    try {
      await call('SendMessage', message, AbortSignal.timeout(attemptTimeoutMs));
    } catch (error) {
      if (failures + 1 === attempts || isFinal(error)) throw error;
      await settings.sleep(waitMs(failures + 1));
      await sendMessage(message, failures + 1);
    }
  }

  async function confirmed(body: object, delayMs: number, correlationId: string): Promise<void> {
    try {
      await sendMessage({
        QueueUrl: settings.queueUrl,
        MessageBody: JSON.stringify(body),
        DelaySeconds: Math.ceil(Math.min(delayMs, maxQueueDelayMs) / 1_000),
      });
    } catch (cause) {
      throw new ProcessorError('QUEUE_UNAVAILABLE', { correlationId }, { cause });
    }
  }

  return {
    send: (event, delayMs) => confirmed(event, delayMs, event.correlationId),
    sendDue: (message) => confirmed(message, 0, 'schedule'),
  };
}

/** Refused for what it is, and it would be again; throttling and the service's own failures pass. */
function isFinal(error: unknown): boolean {
  const status = (error as { $metadata?: { httpStatusCode: number } }).$metadata?.httpStatusCode ?? 0;
  const throttled = status === 429 || /throttl/i.test((error as Error).name);
  return status >= 400 && status < 500 && !throttled;
}
