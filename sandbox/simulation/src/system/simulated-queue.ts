/** A standard queue in virtual time: at least once, in any order, with a delay, a visibility timeout and dead letters. */
import type { SQSRecord } from 'aws-lambda';
import type { Dice } from '../bank/dice.ts';
import type { Trace } from './trace.ts';

export interface QueuedMessage {
  readonly id: string;
  readonly body: string;
  readonly sentEpochMs: number;
  firstReceivedEpochMs: number | undefined;
  receives: number;
  visibleEpochMs: number;
}

const receivesMost = 5;
const visibilityMs = 60_000;

export interface SimulatedQueue {
  readonly dead: QueuedMessage[];
  /** By body: how often it was handed to the queue. */
  send(body: string, delayMs: number): void;
  /** Up to so many that can be seen, in any order. @param isImpatient they show again after a second, long before a slow run ends */
  receive(most: number, isImpatient?: boolean): readonly QueuedMessage[];
  /** Worked on. Without effect on one that has been handed out again since. */
  delete(message: QueuedMessage): void;
  redrive(): number;
  /** When the next message shows; `undefined`: there is none. */
  nextEpochMs(): number | undefined;
  readonly size: number;
  drop(isDropped: (message: QueuedMessage) => boolean): void;
}

export function createSimulatedQueue(world: {
  readonly dice: Dice;
  readonly trace: Trace;
  /** The queue's own clock. */
  readonly nowEpochMs: () => number;
}): SimulatedQueue {
  const { dice, trace, nowEpochMs } = world;
  let messages: QueuedMessage[] = [];
  const dead: QueuedMessage[] = [];
  let sent = 0;

  const add = (body: string, delayMs: number) => {
    sent += 1;
    messages.push({
      id: `message-${sent}`,
      body,
      sentEpochMs: nowEpochMs(),
      firstReceivedEpochMs: undefined,
      receives: 0,
      visibleEpochMs: nowEpochMs() + Math.min(900_000, Math.ceil(delayMs / 1_000) * 1_000),
    });
    trace.note(`queue takes message-${sent} in ${delayMs} ms: ${body}`);
  };

  return {
    dead,
    send: add,
    receive(most, isImpatient = false) {
      const taken: QueuedMessage[] = [];
      const visible = messages.filter(({ visibleEpochMs }) => visibleEpochMs <= nowEpochMs());
      while (taken.length < most && visible.length > 0) {
        const at = dice.roll(visible.length);
        if (at > 0) trace.saw(26);
        const [message] = visible.splice(at, 1);
        if (message === undefined) break;
        if (message.receives >= receivesMost) {
          messages = messages.filter((other) => other !== message);
          dead.push(message);
          trace.note(`queue buries ${message.id}`);
          continue;
        }
        message.receives += 1;
        message.firstReceivedEpochMs ??= nowEpochMs();
        message.visibleEpochMs = nowEpochMs() + (isImpatient ? 1_000 : visibilityMs);
        taken.push(message);
      }
      return taken;
    },
    delete(message) {
      messages = messages.filter((other) => other !== message);
    },
    redrive() {
      const letters = dead.splice(0);
      for (const { body } of letters) add(body, 0);
      return letters.length;
    },
    nextEpochMs: () =>
      messages.length === 0 ? undefined : Math.min(...messages.map(({ visibleEpochMs }) => visibleEpochMs)),
    get size() {
      return messages.length;
    },
    drop(isDropped) {
      messages = messages.filter((message) => !isDropped(message));
    },
  };
}

export function sqsRecord({
  id,
  body,
  sentEpochMs,
  firstReceivedEpochMs = sentEpochMs,
  receives,
}: QueuedMessage): SQSRecord {
  return {
    messageId: id,
    receiptHandle: `${id}#${receives}`,
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: String(sentEpochMs),
      SenderId: 'simulation',
      ApproximateFirstReceiveTimestamp: String(firstReceivedEpochMs),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:000000000000:sync',
    awsRegion: 'eu-west-1',
  };
}
