/** A queue for each provider, so that a slow one holds up no other; and where the messages of all end that nobody could work off. */
import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** As in the sandbox; all of them run at once, each inside its own deadline. */
const batchSize = 10;
/** A delivery is up to four provider calls already. AWS advises five at least, so that throttling alone loses nothing. */
const maxReceiveCount = 5;
/** Calls at once by one event poller, see "Using Lambda with Amazon SQS", provisioned mode. */
const invocationsPerPoller = 10;
const fewestPollers = 2;

export interface SyncQueuesProps {
  /** By provider. The first one also takes the schedule's message, and what names no provider. */
  readonly queueNames: readonly (readonly [provider: string, queueName: string])[];
  readonly deadLetterQueueName: string;
  readonly handlerTimeoutSeconds: number;
}

export class SyncQueues extends Construct {
  readonly deadLetterQueue: Queue;
  readonly #queues: readonly { readonly provider: string; readonly queue: Queue }[];

  constructor(scope: Construct, id: string, props: SyncQueuesProps) {
    super(scope, id);
    // Messages name a connection and hold no data of it: SQS's own key is enough, and no caller needs rights on it.
    const shared = { enforceSSL: true, encryption: QueueEncryption.SQS_MANAGED };
    this.deadLetterQueue = new Queue(this, 'Dead', {
      ...shared,
      queueName: props.deadLetterQueueName,
      retentionPeriod: Duration.days(14),
    });
    this.#queues = props.queueNames.map(([provider, queueName], index) => ({
      provider,
      queue: new Queue(this, index === 0 ? 'Queue' : `Queue-${provider}`, {
        ...shared,
        // A dead letter's age counts from its first day on this queue: what is left of the 14 days is the time to redrive it.
        retentionPeriod: Duration.days(7),
        queueName,
        visibilityTimeout: Duration.seconds(6 * props.handlerTimeoutSeconds), // AWS Lambda developer guide: six times
        deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount },
      }),
    }));
  }

  get first(): Queue {
    const [first] = this.#queues;
    if (first === undefined) throw new Error('there is no queue');
    return first.queue;
  }

  /** @returns `undefined` for a provider that shares the first queue */
  of(provider: string): Queue | undefined {
    return this.#queues.slice(1).find((each) => each.provider === provider)?.queue;
  }

  get arns(): string[] {
    return this.#queues.map(({ queue }) => queue.queueArn);
  }

  /** Of the functions that send. */
  get variables(): Readonly<Record<string, string>> {
    const others = this.#queues.slice(1).map(({ provider, queue }) => `${provider}=${queue.queueUrl}`);
    return { QUEUE_URL: this.first.queueUrl, ...(others.length > 0 && { QUEUE_URLS: others.join(',') }) };
  }

  /**
   * @param concurrency invocations at once, 2 to 1,000, for each provider: what it can take
   * @param minimumPollers 0: Lambda adds pollers as messages come. Otherwise the bound is made of pollers, since an event
   *   source takes one of the two: the next multiple of ten, and 20 at least
   */
  deliverTo(
    handler: IFunction,
    { concurrency, minimumPollers }: { concurrency: number; minimumPollers: number },
  ): void {
    const maximumPollers = Math.max(fewestPollers, minimumPollers, Math.ceil(concurrency / invocationsPerPoller));
    for (const [index, { queue }] of this.#queues.entries()) {
      // Pollers are paid by the hour: the first provider's alone wait for a burst.
      const pollers = minimumPollers > 0 &&
        index === 0 && { provisionedPollerConfig: { minimumPollers, maximumPollers } };
      handler.addEventSource(
        new SqsEventSource(queue, {
          batchSize,
          reportBatchItemFailures: true,
          ...(pollers || { maxConcurrency: concurrency }),
        }),
      );
    }
  }
}
