/**
 * Puts events on the queue of their provider: what is asked for, continuations of a long loop, and events that have to wait. Each
 * provider has a queue of its own, so that a slow one holds up no other.
 */
import { type AwsCallOptions, AwsError, callInTime, createAwsCall } from '@quartersec/aws';
import { createDeadline } from '@quartersec/sla';
import { ProcessorError } from './processor-error.ts';
import type { ScheduleDue } from './schedule-due.ts';
import type { SyncRequested } from './sync-event.ts';

/** SQS holds a message back for 15 minutes at most; longer waits are taken in steps of it. */
export const maxQueueDelayMs = 900_000;

export interface SyncQueue {
  /**
   * @param provider of the event's connection; one without a queue of its own, as an unknown one, shares the first provider's
   * @param delayMs held back for so long, rounded up to seconds, `maxQueueDelayMs` at most
   * @throws {ProcessorError} `QUEUE_UNAVAILABLE` when the queue has not confirmed the message
   */
  send(event: SyncRequested, provider: string, delayMs: number): Promise<void>;
  /** The schedule's own message, at once. @throws {ProcessorError} as `send` */
  sendDue(message: ScheduleDue): Promise<void>;
}

/** Far beyond what SQS takes, and two more attempts: still within a function's time. */
const attemptTimeoutMs = 1_000;
const deadlineMs = 3 * attemptTimeoutMs;

/**
 * A message whose confirmation was lost is sent again: it may arrive twice, which events are made for.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function createSyncQueue(
  settings: Omit<AwsCallOptions, 'service' | 'targetPrefix'> & {
    /** Of the first provider, Plaid, and of the schedule. */
    readonly queueUrl: string;
    readonly queueUrls: Readonly<Record<string, string>>;
    /** Monotonic. */
    readonly nowMs: () => number;
    readonly sleep: (ms: number) => Promise<void>;
    readonly random: () => number;
  },
): SyncQueue {
  const { queueUrl, queueUrls, nowMs, sleep, random } = settings;
  const queueOf = new Map(Object.entries(queueUrls));
  const call = createAwsCall({ ...settings, service: 'sqs', targetPrefix: 'AmazonSQS' });

  async function confirmed(body: object, url: string, delayMs: number, correlationId: string): Promise<void> {
    const message = {
      QueueUrl: url,
      MessageBody: JSON.stringify(body),
      DelaySeconds: Math.ceil(Math.min(delayMs, maxQueueDelayMs) / 1_000),
    };
    const deadline = createDeadline(deadlineMs, nowMs);
    const attempt = (signal: AbortSignal) => call('SendMessage', message, signal);
    try {
      await callInTime({ sleep, random, attemptTimeoutMs }, { deadline, attempt });
    } catch (cause) {
      throw new ProcessorError('QUEUE_UNAVAILABLE', { correlationId, ...reasonIn(cause) }, { cause });
    }
  }

  return {
    send: (event, provider, delayMs) =>
      confirmed(event, queueOf.get(provider) ?? queueUrl, delayMs, event.correlationId),
    sendDue: (message) => confirmed(message, queueUrl, 0, 'schedule'),
  };
}

function reasonIn(error: unknown): { readonly reason?: string } {
  return error instanceof AwsError ? error.facts : {};
}
