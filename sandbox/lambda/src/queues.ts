import type { Clock } from './clock.ts';
import { HostError } from './host-error.ts';
import type { MessageAttributes } from './message-attributes.ts';
import {
  type DeadLetter,
  MessageQueue,
  type QueueMessage,
  type QueueNeighbours,
  type QueueSettings,
  type QueueStats,
} from './message-queue.ts';

/** A standard queue. What is absent has the default of SQS. */
export interface QueueDefinition {
  readonly name: string;
  /** Default 30 000. */
  readonly visibilityTimeoutMs?: number;
  /** Delay of every message that asks for none. Default 0. */
  readonly delayMs?: number;
  /** Wait of every receive that asks for none. Default 0. */
  readonly receiveWaitMs?: number;
  /** Default 4 days. */
  readonly retentionMs?: number;
  /** Default 1 MiB, also the most. */
  readonly maxMessageBytes?: number;
  readonly redrive?: { readonly deadLetterQueue: string; readonly maxReceiveCount: number };
}

export const MAX_MESSAGE_BYTES = 1_048_576; // SQS, since August 2025
const MAX_VISIBILITY_MS = 43_200_000; // 12 hours

const DEFAULTS: QueueSettings = {
  visibilityTimeoutMs: 30_000,
  delayMs: 0,
  receiveWaitMs: 0,
  retentionMs: 345_600_000,
  maxMessageBytes: MAX_MESSAGE_BYTES,
  redrive: undefined,
};

export interface MoveTask {
  readonly taskHandle: string;
  readonly source: string;
  readonly destination: string | undefined;
  readonly moved: number;
  readonly startedEpochMs: number;
}

/** Every queue of a host. */
export class Queues {
  readonly moveTasks: MoveTask[] = [];
  readonly #clock: Clock;
  readonly #neighbours: QueueNeighbours;
  readonly #queues = new Map<string, MessageQueue>();
  readonly #sendFaults = new Map<string, (body: string) => boolean>();

  /** @param onDeadLetter is told of every message that moves to a dead-letter queue; must not throw */
  constructor(clock: Clock, onDeadLetter: (letter: DeadLetter) => void = () => {}) {
    this.#clock = clock;
    this.#neighbours = { findQueue: (name) => this.#queues.get(name), onDeadLetter };
  }

  /** @throws {HostError} `InvalidParameterValue`, `QueueNameExists` when one of that name has other settings */
  create(definition: QueueDefinition): MessageQueue {
    const { name, ...given } = definition;
    if (!/^[\w-]{1,80}$/.test(name)) {
      const reason = name.endsWith('.fifo')
        ? 'The host has standard queues only.'
        : 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.';
      throw new HostError('InvalidParameterValue', `Queue ${JSON.stringify(name)}: ${reason}`);
    }
    const settings = checkedSettings(name, { ...DEFAULTS, ...given });
    const existing = this.#queues.get(name);
    if (existing === undefined) {
      const queue = new MessageQueue(name, settings, this.#clock, this.#neighbours);
      this.#queues.set(name, queue);
      return queue;
    }
    if (JSON.stringify(existing.settings) !== JSON.stringify(settings)) {
      throw new HostError('QueueNameExists', `A queue named ${name} already exists with other attributes.`);
    }
    return existing;
  }

  /** @throws {HostError} `InvalidParameterValue` */
  configure(name: string, changes: Partial<QueueSettings>): void {
    const queue = this.get(name);
    queue.settings = checkedSettings(name, { ...queue.settings, ...changes });
    if (changes.redrive !== undefined) this.assertDeadLetterQueues();
  }

  /** @throws {HostError} `QueueDoesNotExist` */
  get(name: string): MessageQueue {
    const queue = this.#queues.get(name);
    if (queue === undefined)
      throw new HostError('QueueDoesNotExist', `The specified queue does not exist: ${JSON.stringify(name)}.`);
    return queue;
  }

  names(): string[] {
    return [...this.#queues.keys()];
  }

  remove(name: string): void {
    const queue = this.get(name);
    queue.purge();
    queue.close();
    this.#queues.delete(name);
  }

  /** @throws {HostError} `InvalidParameterValue` when a dead-letter queue is missing */
  assertDeadLetterQueues(): void {
    for (const { name, settings } of this.#queues.values()) {
      const target = settings.redrive?.deadLetterQueue;
      if (target === undefined || this.#queues.has(target)) continue;
      throw new HostError('InvalidParameterValue', `Queue ${name}: its dead-letter queue ${target} does not exist.`);
    }
  }

  /** @throws {HostError} `QueueDoesNotExist`, `InternalError` when a fault is planted */
  send(
    name: string,
    body: string,
    attributes: MessageAttributes,
    delayMs?: number,
    traceHeader?: string,
  ): QueueMessage {
    const queue = this.get(name);
    if (this.#sendFaults.get(name)?.(body))
      throw new HostError('InternalError', 'We encountered an internal error. Please try again.');
    return queue.send(body, attributes, delayMs, traceHeader);
  }

  /** Plants a fault: sends to the queue fail while `fails` says so for their body. `undefined` takes it away. */
  setSendFault(name: string, fails: ((body: string) => boolean) | undefined): void {
    if (fails === undefined) this.#sendFaults.delete(name);
    else this.#sendFaults.set(name, fails);
  }

  /**
   * Sends the messages of a dead-letter queue again: as new messages, with a new id, count and age, as SQS does.
   * @param destination name of a queue; without it each returns to the queue that it came from
   * @returns how many; what somebody has in hand stays
   * @throws {HostError} `ResourceNotFound` when the queue is no dead-letter queue
   */
  redrive(deadLetterQueue: string, destination?: string): number {
    const sources = [...this.#queues.values()].filter(
      (queue) => queue.settings.redrive?.deadLetterQueue === deadLetterQueue,
    );
    if (!this.#queues.has(deadLetterQueue) || sources.length === 0) {
      throw new HostError('ResourceNotFound', `${deadLetterQueue} is not the dead-letter queue of any queue.`);
    }
    if (destination !== undefined) this.get(destination);
    const messages = this.get(deadLetterQueue).drainVisible();
    for (const message of messages) {
      const target = destination ?? message.deadLetterSource ?? sources[0]?.name ?? '';
      this.get(target).send(message.body, message.attributes, 0, message.traceHeader);
    }
    this.moveTasks.unshift({
      taskHandle: Buffer.from(`${deadLetterQueue}:${this.moveTasks.length + 1}`).toString('base64'),
      source: deadLetterQueue,
      destination,
      moved: messages.length,
      startedEpochMs: this.#clock.nowEpochMs(),
    });
    return messages.length;
  }

  stats(): Record<string, QueueStats> {
    return Object.fromEntries([...this.#queues].map(([name, queue]) => [name, queue.stats()]));
  }

  close(): void {
    for (const queue of this.#queues.values()) queue.close();
  }
}

function checkedSettings(name: string, settings: QueueSettings): QueueSettings {
  const ranges = {
    visibilityTimeoutMs: [0, MAX_VISIBILITY_MS],
    delayMs: [0, 900_000],
    receiveWaitMs: [0, 20_000],
    retentionMs: [60_000, 1_209_600_000],
    maxMessageBytes: [1_024, MAX_MESSAGE_BYTES],
  } as const;
  for (const [key, [least, most]] of Object.entries(ranges)) {
    const value = settings[key as keyof typeof ranges];
    if (value >= least && value <= most) continue;
    throw new HostError('InvalidParameterValue', `Queue ${name}: ${key} must be ${least} to ${most}, not ${value}.`);
  }
  if (settings.redrive?.deadLetterQueue === name) {
    throw new HostError('InvalidParameterValue', `Queue ${name} cannot be its own dead-letter queue.`);
  }
  const maxReceiveCount = settings.redrive?.maxReceiveCount ?? 1;
  if (!(Number.isInteger(maxReceiveCount) && maxReceiveCount >= 1 && maxReceiveCount <= 1_000)) {
    throw new HostError('InvalidParameterValue', `Queue ${name}: maxReceiveCount must be an integer from 1 to 1000.`);
  }
  return settings;
}
