import type { Clock } from './clock.ts';
import type { EnvironmentPool } from './environment-pool.ts';
import { HostError } from './host-error.ts';
import type { MessageQueue, ReceivedMessage } from './message-queue.ts';
import { failedMessageIds, type SqsEventPlace, sqsEvent } from './sqs-event.ts';

/** A queue that invokes a function. */
export interface EventSourceDefinition {
  readonly queue: string;
  readonly function: string;
  /** 1 to 10 000, default 10. More than 10 needs a window of 1 000 ms or more, as on AWS. */
  readonly batchSize?: number;
  /** How long to gather a batch that is not full yet, 0 to 300 000; default 0: a batch is what is there. */
  readonly maximumBatchingWindowMs?: number;
  /** Invocations at once; default: as many as the function may have. */
  readonly maximumConcurrency?: number;
  /** Whether the function answers with `batchItemFailures`. Default false. */
  readonly reportBatchItemFailures?: boolean;
}

export interface EventSourceDeps {
  readonly queue: MessageQueue;
  readonly pool: EnvironmentPool;
  readonly clock: Clock;
  readonly place: SqsEventPlace;
}

const MAX_BATCH_BYTES = 5_500_000; // the event, records' own fields included, must fit into a payload of 6 MB
const THROTTLED_RETRY_MS = 100;

/**
 * @throws {HostError} `InvalidParameterValueException`
 */
export function checkEventSource(
  definition: EventSourceDefinition,
  visibilityTimeoutMs: number,
  functionTimeoutMs: number,
): void {
  const { batchSize = 10, maximumBatchingWindowMs = 0, maximumConcurrency = 1 } = definition;
  const refuse = (reason: string): never => {
    throw new HostError(
      'InvalidParameterValueException',
      `Event source ${definition.queue} -> ${definition.function}: ${reason}`,
    );
  };
  const isWithin = (value: number, least: number, most: number) =>
    Number.isInteger(value) && value >= least && value <= most;
  if (!isWithin(batchSize, 1, 10_000)) refuse('batchSize must be 1 to 10000.');
  if (!isWithin(maximumBatchingWindowMs, 0, 300_000)) refuse('maximumBatchingWindowMs must be 0 to 300000.');
  if (!isWithin(maximumConcurrency, 1, 1_000)) refuse('maximumConcurrency must be 1 to 1000.');
  if (batchSize > 10 && maximumBatchingWindowMs < 1_000) {
    refuse('a batchSize above 10 needs a maximumBatchingWindowMs of at least 1000.');
  }
  if (visibilityTimeoutMs < functionTimeoutMs) {
    refuse(
      `the queue's visibility timeout, ${visibilityTimeoutMs} ms, is less than the function's timeout, ${functionTimeoutMs} ms.`,
    );
  }
}

/** Takes batches off a queue and has the function process them, until it is stopped. */
export class EventSource {
  readonly #definition: EventSourceDefinition;
  readonly #deps: EventSourceDeps;
  #stop = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #carried: ReceivedMessage[] = [];
  #done: Promise<void> = Promise.resolve();

  constructor(definition: EventSourceDefinition, deps: EventSourceDeps) {
    this.#definition = definition;
    this.#deps = deps;
  }

  /** Also after `stop`. */
  start(): void {
    this.#stop = new AbortController();
    this.#done = this.#run();
  }

  /** Takes no more messages; resolves when the batches in hand are done. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#done;
    await Promise.all(this.#running);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const limit = this.#definition.maximumConcurrency ?? this.#deps.pool.concurrency;
      if (this.#running.size >= limit) {
        await Promise.race(this.#running);
        continue;
      }
      const batch = await this.#gather();
      if (batch.length === 0) continue;
      const work: Promise<void> = this.#process(batch).finally(() => this.#running.delete(work));
      this.#running.add(work);
    }
  }

  /** Waits for a first message, then for more until the batch is full, in count or bytes, or the window has passed. */
  async #gather(): Promise<ReceivedMessage[]> {
    const { batchSize = 10, maximumBatchingWindowMs = 0 } = this.#definition;
    const { queue, clock } = this.#deps;
    const { signal } = this.#stop;
    let batch = this.#carried;
    this.#carried = [];
    if (batch.length === 0)
      batch = await queue.receive({ maxMessages: batchSize, waitMs: Number.POSITIVE_INFINITY, signal });
    const untilEpochMs = clock.nowEpochMs() + maximumBatchingWindowMs;
    let bytes = eventBytes(batch);
    while (batch.length > 0 && batch.length < batchSize && bytes < MAX_BATCH_BYTES && !signal.aborted) {
      const waitMs = untilEpochMs - clock.nowEpochMs();
      const more = await queue.receive({ maxMessages: batchSize - batch.length, waitMs, signal });
      if (more.length === 0) break;
      bytes += eventBytes(more);
      batch.push(...more);
    }
    if (bytes <= MAX_BATCH_BYTES) return batch;
    // What would make the event too large is kept for the next one.
    let keptBytes = 0;
    const cutAt = batch.findIndex((received, index) => {
      keptBytes += eventBytes([received]);
      return keptBytes > MAX_BATCH_BYTES && index > 0;
    });
    this.#carried = cutAt === -1 ? [] : batch.splice(cutAt);
    return batch;
  }

  async #process(batch: readonly ReceivedMessage[]): Promise<void> {
    const { queue, pool, place } = this.#deps;
    const event = sqsEvent(batch, place);
    const startedEpochMs = this.#deps.clock.nowEpochMs();
    for (;;) {
      try {
        const result = await pool.invoke(event);
        const messageIds = batch.map(({ message }) => message.messageId);
        const failed = failedMessageIds(result, messageIds, this.#definition.reportBatchItemFailures ?? false);
        // What failed stays hidden until its visibility timeout ends, and is then received again.
        for (const { message, receiptHandle } of batch) if (!failed.has(message.messageId)) queue.delete(receiptHandle);
        return;
      } catch (error) {
        const isThrottled = error instanceof HostError && error.code === 'TooManyRequestsException';
        const hiddenForMs = this.#deps.clock.nowEpochMs() - startedEpochMs;
        // Refused for good, or for so long that the messages show again: the queue has them either way.
        if (!isThrottled || hiddenForMs >= queue.settings.visibilityTimeoutMs || this.#stop.signal.aborted) return;
        await this.#pause(THROTTLED_RETRY_MS);
      }
    }
  }

  /** Waits, but no longer than until the source is stopped. */
  #pause(forMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#deps.clock.schedule(forMs, resolve);
      const giveUp = () => {
        cancel();
        resolve();
      };
      this.#stop.signal.addEventListener('abort', giveUp, { once: true });
    });
  }
}

/** At most this many bytes of an event. */
function eventBytes(batch: readonly ReceivedMessage[]): number {
  let bytes = 0;
  // Twice the body: JSON in JSON escapes every quote. 1 000 for the record's own fields.
  for (const { message } of batch) bytes += 2 * Buffer.byteLength(message.body) + 1_000;
  return bytes;
}
