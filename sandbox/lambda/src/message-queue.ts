/**
 * One standard queue: at least once, nearly in order, no deduplication. In memory; its only notion of time is the clock.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/welcome.html
 */
import { hash, randomUUID } from 'node:crypto';
import type { Clock } from './clock.ts';
import { DueHeap } from './due-heap.ts';
import { HostError } from './host-error.ts';
import type { MessageAttributes } from './message-attributes.ts';

export interface QueueSettings {
  readonly visibilityTimeoutMs: number;
  readonly delayMs: number;
  readonly receiveWaitMs: number;
  readonly retentionMs: number;
  readonly maxMessageBytes: number;
  readonly redrive: RedrivePolicy | undefined;
}

export interface RedrivePolicy {
  /** Name of the queue that takes what was received too often. */
  readonly deadLetterQueue: string;
  readonly maxReceiveCount: number;
}

export interface QueueMessage {
  readonly messageId: string;
  readonly body: string;
  readonly md5OfBody: string;
  readonly attributes: MessageAttributes;
  /** The message system attribute `AWSTraceHeader`. */
  readonly traceHeader: string | undefined;
  readonly sentEpochMs: number;
  receiveCount: number;
  firstReceivedEpochMs: number | undefined;
  /** Where it came from, in a dead-letter queue. */
  deadLetterSource: string | undefined;
  state: 'visible' | 'delayed' | 'inFlight' | 'gone';
  dueEpochMs: number;
}

/** A message that was received too often, and where it is now. */
export interface DeadLetter {
  readonly sourceQueue: string;
  readonly deadLetterQueue: string;
  readonly messageId: string;
  readonly body: string;
}

/** What a queue knows of the others. */
export interface QueueNeighbours {
  findQueue(name: string): MessageQueue | undefined;
  /** Called once a message, after its move. */
  onDeadLetter(letter: DeadLetter): void;
}

export interface ReceivedMessage {
  readonly message: QueueMessage;
  readonly receiptHandle: string;
}

export interface QueueStats {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
  readonly sent: number;
  readonly deleted: number;
  /** Moved to the dead-letter queue since the start. */
  readonly deadLettered: number;
  /** Older than the retention period when their turn came. */
  readonly expired: number;
  /** Of the oldest message that is neither deleted nor held back by a delay; 0 while there is none. */
  readonly oldestMs: number;
}

export interface ReceiveOptions {
  readonly maxMessages: number;
  /** How long to wait for a first message; `Infinity` waits until `signal`. */
  readonly waitMs: number;
  readonly visibilityTimeoutMs?: number;
  /** Ends the wait with nothing. */
  readonly signal?: AbortSignal;
}

interface Waiter {
  readonly options: ReceiveOptions;
  readonly finish: (messages: ReceivedMessage[]) => void;
}

export class MessageQueue {
  readonly name: string;
  readonly createdEpochMs: number;
  settings: QueueSettings;
  readonly #clock: Clock;
  readonly #neighbours: QueueNeighbours;
  readonly #messages = new Map<string, QueueMessage>();
  readonly #due = new DueHeap<QueueMessage>();
  readonly #waiters = new Set<Waiter>();
  readonly #counts = { visible: 0, inFlight: 0, delayed: 0, gone: 0, sent: 0, deleted: 0, deadLettered: 0, expired: 0 };
  #visible: QueueMessage[] = [];
  #visibleFrom = 0;
  #cancelAlarm: () => void = () => {};
  #alarmEpochMs = Number.POSITIVE_INFINITY;

  constructor(name: string, settings: QueueSettings, clock: Clock, neighbours: QueueNeighbours) {
    this.name = name;
    this.settings = settings;
    this.createdEpochMs = clock.nowEpochMs();
    this.#clock = clock;
    this.#neighbours = neighbours;
  }

  send(body: string, attributes: MessageAttributes, delayMs: number | undefined, traceHeader?: string): QueueMessage {
    const nowEpochMs = this.#clock.nowEpochMs();
    const message: QueueMessage = {
      messageId: randomUUID(),
      body,
      md5OfBody: hash('md5', body),
      attributes,
      traceHeader,
      sentEpochMs: nowEpochMs,
      receiveCount: 0,
      firstReceivedEpochMs: undefined,
      deadLetterSource: undefined,
      state: 'gone',
      dueEpochMs: 0,
    };
    this.#counts.sent += 1;
    this.adopt(message, delayMs ?? this.settings.delayMs);
    return message;
  }

  /** Takes over a message as it is: a dead letter keeps its id, its age and its count. */
  adopt(message: QueueMessage, delayMs = 0): void {
    this.#messages.set(message.messageId, message);
    this.#counts.gone += 1; // it enters as `gone`, and #move takes it from there
    if (delayMs > 0) this.#hide(message, 'delayed', delayMs);
    else this.#show(message);
    this.#serveWaiters();
  }

  /** Takes up to `maxMessages` and hides them; waits for the first if there is none. Order: nearly that of arrival. */
  receive(options: ReceiveOptions): Promise<ReceivedMessage[]> {
    const messages = this.#take(options);
    if (messages.length > 0 || options.waitMs <= 0 || options.signal?.aborted) return Promise.resolve(messages);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        options,
        finish: (found) => {
          this.#waiters.delete(waiter);
          cancelWait();
          options.signal?.removeEventListener('abort', giveUp);
          resolve(found);
        },
      };
      const giveUp = () => waiter.finish([]);
      const cancelWait = Number.isFinite(options.waitMs) ? this.#clock.schedule(options.waitMs, giveUp) : () => {};
      options.signal?.addEventListener('abort', giveUp);
      this.#waiters.add(waiter);
      this.#setAlarm();
    });
  }

  /**
   * Forgets a message. Without effect when it is gone already, or was received again since.
   * @throws {HostError} `ReceiptHandleIsInvalid`
   */
  delete(receiptHandle: string): void {
    const message = this.#held(receiptHandle);
    if (message === undefined) return;
    this.#forget(message);
    this.#counts.deleted += 1;
  }

  /**
   * Shows a received message again in `timeoutMs` from now.
   * @throws {HostError} `ReceiptHandleIsInvalid`, `InvalidParameterValue`, `MessageNotInflight`
   */
  changeVisibility(receiptHandle: string, timeoutMs: number): void {
    this.#promote();
    const message = this.#held(receiptHandle);
    if (message === undefined) {
      const reason = 'Message does not exist or is not available for visibility timeout change.';
      throw new HostError(
        'InvalidParameterValue',
        `Value ${receiptHandle} for parameter ReceiptHandle is invalid. Reason: ${reason}`,
      );
    }
    if (message.state !== 'inFlight') {
      throw new HostError('MessageNotInflight', 'The specified message is not in flight.');
    }
    if (timeoutMs > 0) this.#hide(message, 'inFlight', timeoutMs);
    else this.#show(message);
    this.#serveWaiters();
  }

  /** Forgets every message. */
  purge(): void {
    for (const message of [...this.#messages.values()]) this.#forget(message);
  }

  /** Takes out every message that nobody has in hand, oldest first. */
  drainVisible(): QueueMessage[] {
    this.#promote();
    const messages = this.#visible.slice(this.#visibleFrom).filter((message) => message.state === 'visible');
    for (const message of messages) this.#forget(message);
    return messages;
  }

  stats(): QueueStats {
    this.#promote();
    const { gone: _gone, ...stats } = this.#counts;
    return { ...stats, oldestMs: this.#oldestMs() };
  }

  /**
   * As SQS tells it (ApproximateAgeOfOldestMessage): a message that was received three times or more counts no longer.
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
   */
  #oldestMs(): number {
    for (const { state, receiveCount, sentEpochMs } of this.#messages.values()) {
      // In the order in which they came: the first is the oldest
      if (state !== 'delayed' && receiveCount < 3) return Math.max(0, this.#clock.nowEpochMs() - sentEpochMs);
    }
    return 0;
  }

  /** Answers whoever waits with nothing. */
  close(): void {
    for (const waiter of [...this.#waiters]) waiter.finish([]);
    this.#cancelAlarm();
  }

  #take(options: ReceiveOptions): ReceivedMessage[] {
    this.#promote();
    const taken: ReceivedMessage[] = [];
    while (taken.length < options.maxMessages) {
      const message = this.#nextVisible();
      if (message === undefined) break;
      const { redrive, retentionMs } = this.settings;
      const nowEpochMs = this.#clock.nowEpochMs();
      if (nowEpochMs - message.sentEpochMs >= retentionMs) {
        this.#forget(message);
        this.#counts.expired += 1;
        continue;
      }
      const isDead = redrive !== undefined && message.receiveCount >= redrive.maxReceiveCount;
      const deadLetterQueue = isDead ? this.#neighbours.findQueue(redrive.deadLetterQueue) : undefined;
      if (deadLetterQueue !== undefined) {
        this.#forget(message);
        this.#counts.deadLettered += 1;
        message.deadLetterSource = this.name;
        deadLetterQueue.adopt(message);
        const { messageId, body } = message;
        this.#neighbours.onDeadLetter({
          sourceQueue: this.name,
          deadLetterQueue: deadLetterQueue.name,
          messageId,
          body,
        });
      } else {
        // A dead letter whose queue was deleted is delivered on: better too often than lost.
        message.receiveCount += 1;
        message.firstReceivedEpochMs ??= nowEpochMs;
        this.#hide(message, 'inFlight', options.visibilityTimeoutMs ?? this.settings.visibilityTimeoutMs);
        taken.push({ message, receiptHandle: `${message.messageId}#${message.receiveCount}` });
      }
    }
    return taken;
  }

  #nextVisible(): QueueMessage | undefined {
    for (;;) {
      const message = this.#visible[this.#visibleFrom];
      if (message === undefined) return undefined;
      this.#visibleFrom += 1;
      if (this.#visibleFrom > 1_024 && this.#visibleFrom * 2 > this.#visible.length) {
        this.#visible = this.#visible.slice(this.#visibleFrom);
        this.#visibleFrom = 0;
      }
      if (message.state === 'visible') return message; // otherwise it was deleted while it was here
    }
  }

  /** Shows what has become visible by now. */
  #promote(): void {
    const nowEpochMs = this.#clock.nowEpochMs();
    for (let entry = this.#due.popDue(nowEpochMs); entry !== undefined; entry = this.#due.popDue(nowEpochMs)) {
      const { item: message, dueEpochMs } = entry;
      const isHidden = message.state === 'inFlight' || message.state === 'delayed';
      // An entry is stale when its message was deleted, or hidden anew until another time.
      if (isHidden && message.dueEpochMs === dueEpochMs && this.#messages.has(message.messageId)) this.#show(message);
    }
  }

  #show(message: QueueMessage): void {
    this.#move(message, 'visible');
    this.#visible.push(message);
  }

  #hide(message: QueueMessage, state: 'inFlight' | 'delayed', forMs: number): void {
    this.#move(message, state);
    message.dueEpochMs = this.#clock.nowEpochMs() + forMs;
    this.#due.push(message.dueEpochMs, message);
  }

  #forget(message: QueueMessage): void {
    this.#move(message, 'gone');
    this.#counts.gone -= 1;
    this.#messages.delete(message.messageId);
  }

  #move(message: QueueMessage, state: QueueMessage['state']): void {
    this.#counts[message.state] -= 1;
    this.#counts[state] += 1;
    message.state = state;
  }

  #held(receiptHandle: string): QueueMessage | undefined {
    const [, messageId = '', receiveCount] = /^([0-9a-f-]{36})#(\d+)$/.exec(receiptHandle) ?? [];
    if (receiveCount === undefined) {
      throw new HostError(
        'ReceiptHandleIsInvalid',
        `The input receipt handle "${receiptHandle}" is not a valid receipt handle.`,
      );
    }
    const message = this.#messages.get(messageId);
    return message?.receiveCount === Number(receiveCount) ? message : undefined;
  }

  #serveWaiters(): void {
    for (const waiter of this.#waiters) {
      const messages = this.#take(waiter.options);
      if (messages.length === 0) break;
      waiter.finish(messages);
    }
    this.#setAlarm();
  }

  /** Wakes up when the next hidden message shows, but only while somebody waits: an idle queue costs nothing. */
  #setAlarm(): void {
    const dueEpochMs = this.#waiters.size === 0 ? undefined : this.#due.earliestEpochMs;
    if (dueEpochMs === this.#alarmEpochMs) return;
    this.#cancelAlarm();
    this.#alarmEpochMs = dueEpochMs ?? Number.POSITIVE_INFINITY;
    if (dueEpochMs === undefined) {
      this.#cancelAlarm = () => {};
      return;
    }
    this.#cancelAlarm = this.#clock.schedule(Math.max(0, dueEpochMs - this.#clock.nowEpochMs()), () => {
      this.#alarmEpochMs = Number.POSITIVE_INFINITY;
      this.#serveWaiters();
    });
  }
}
