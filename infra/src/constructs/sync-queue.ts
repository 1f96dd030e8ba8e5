/** The queue of one provider, and where its messages end that nobody could work off. */
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

export interface SyncQueueProps {
  readonly queueName: string;
  readonly deadLetterQueueName: string;
  readonly handlerTimeoutSeconds: number;
}

export class SyncQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, props: SyncQueueProps) {
    super(scope, id);
    // Messages name a connection and hold no data of it: SQS's own key is enough, and no caller needs rights on it.
    const shared = { enforceSSL: true, encryption: QueueEncryption.SQS_MANAGED };
    this.deadLetterQueue = new Queue(this, 'Dead', {
      ...shared,
      queueName: props.deadLetterQueueName,
      retentionPeriod: Duration.days(14),
    });
    this.queue = new Queue(this, 'Queue', {
      ...shared,
      // A dead letter's age counts from its first day on this queue: what is left of the 14 days is the time to redrive it.
      retentionPeriod: Duration.days(7),
      queueName: props.queueName,
      visibilityTimeout: Duration.seconds(6 * props.handlerTimeoutSeconds), // AWS Lambda developer guide: six times
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount },
    });
  }

  /**
   * @param concurrency invocations at once, 2 to 1,000: what the provider can take
   * @param minimumPollers 0: Lambda adds pollers as messages come. Otherwise the bound is made of pollers, since an event
   *   source takes one of the two: the next multiple of ten, and 20 at least
   */
  deliverTo(
    handler: IFunction,
    { concurrency, minimumPollers }: { concurrency: number; minimumPollers: number },
  ): void {
    const maximumPollers = Math.max(fewestPollers, minimumPollers, Math.ceil(concurrency / invocationsPerPoller));
    handler.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize,
        reportBatchItemFailures: true,
        ...(minimumPollers === 0
          ? { maxConcurrency: concurrency }
          : { provisionedPollerConfig: { minimumPollers, maximumPollers } }),
      }),
    );
  }
}
