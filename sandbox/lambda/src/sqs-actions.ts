/**
 * The actions of SQS, each from its input to its output.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html
 */
import { HostError } from './host-error.ts';
import { type MessageAttributes, md5OfAttributes } from './message-attributes.ts';
import type { ReceivedMessage } from './message-queue.ts';
import { MAX_MESSAGE_BYTES, type Queues } from './queues.ts';
import { queueArn, readQueueAttributes, writeQueueAttributes } from './sqs-attributes.ts';
import {
  type Input,
  type Outgoing,
  readEntries,
  readInteger,
  readNames,
  readOutgoing,
  readQueueName,
  readText,
  selectAttributes,
} from './sqs-input.ts';

export interface SqsDeps {
  readonly queues: Queues;
  readonly region: string;
  readonly accountId: string;
  readonly queueUrl: (name: string) => string;
}

/** `signal` ends a long poll whose client has gone. */
export type SqsAction = (input: Input, signal: AbortSignal) => object | Promise<object>;

export function createSqsActions({
  queues,
  region,
  accountId,
  queueUrl,
}: SqsDeps): Readonly<Record<string, SqsAction>> {
  const arn = (name: string) => queueArn(region, accountId, name);

  function sent(name: string, outgoing: Outgoing) {
    const { body, attributes, delayMs, traceHeader } = outgoing;
    const message = queues.send(name, body, attributes, delayMs, traceHeader);
    const trace: MessageAttributes =
      traceHeader === undefined ? {} : { AWSTraceHeader: { DataType: 'String', StringValue: traceHeader } };
    return {
      MessageId: message.messageId,
      MD5OfMessageBody: message.md5OfBody,
      MD5OfMessageAttributes: md5OfAttributes(attributes),
      MD5OfMessageSystemAttributes: md5OfAttributes(trace),
    };
  }

  /** Carries out each entry; what fails is listed, the rest goes on. */
  function eachEntry(entries: ReturnType<typeof readEntries>, act: (entry: Input) => object) {
    const Successful: object[] = [];
    const Failed: object[] = [];
    for (const entry of entries) {
      try {
        Successful.push({ Id: entry.Id, ...act(entry) });
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
        const SenderFault = error.code !== 'InternalError';
        Failed.push({ Id: entry.Id, Code: error.code, Message: error.message, SenderFault });
      }
    }
    return { Successful, Failed };
  }

  const changeVisibility = (name: string, input: Input) => {
    const seconds = readInteger(input, 'VisibilityTimeout', 0, 43_200);
    if (seconds === undefined)
      throw new HostError('MissingParameter', 'The request must contain the parameter VisibilityTimeout.');
    queues.get(name).changeVisibility(readText(input, 'ReceiptHandle'), seconds * 1_000);
    return {};
  };
  const deleteMessage = (name: string, input: Input) => {
    queues.get(name).delete(readText(input, 'ReceiptHandle'));
    return {};
  };

  return {
    SendMessage(input) {
      const name = readQueueName(input);
      return sent(name, readOutgoing(input, queues.get(name).settings.maxMessageBytes));
    },
    SendMessageBatch(input) {
      const name = readQueueName(input);
      const { maxMessageBytes } = queues.get(name).settings;
      const entries = readEntries(input);
      const bytes = entries.reduce((sum, entry) => sum + Buffer.byteLength(String(entry.MessageBody ?? '')), 0);
      if (bytes > MAX_MESSAGE_BYTES) {
        throw new HostError(
          'BatchRequestTooLong',
          `Batch requests cannot be longer than ${MAX_MESSAGE_BYTES} bytes. You have sent ${bytes} bytes.`,
        );
      }
      return eachEntry(entries, (entry) => sent(name, readOutgoing(entry, maxMessageBytes)));
    },
    async ReceiveMessage(input, signal) {
      const queue = queues.get(readQueueName(input));
      const waitSeconds = readInteger(input, 'WaitTimeSeconds', 0, 20);
      const visibilitySeconds = readInteger(input, 'VisibilityTimeout', 0, 43_200);
      const received = await queue.receive({
        maxMessages: readInteger(input, 'MaxNumberOfMessages', 1, 10) ?? 1,
        waitMs: waitSeconds === undefined ? queue.settings.receiveWaitMs : waitSeconds * 1_000,
        ...(visibilitySeconds === undefined ? {} : { visibilityTimeoutMs: visibilitySeconds * 1_000 }),
        signal,
      });
      const systemNames = readNames(input, 'AttributeNames', 'MessageSystemAttributeNames');
      const attributeNames = readNames(input, 'MessageAttributeNames');
      if (received.length === 0) return {};
      return { Messages: received.map((one) => writeMessage(one, systemNames, attributeNames, accountId, arn)) };
    },
    DeleteMessage: (input) => deleteMessage(readQueueName(input), input),
    DeleteMessageBatch(input) {
      const { name } = queues.get(readQueueName(input));
      return eachEntry(readEntries(input), (entry) => deleteMessage(name, entry));
    },
    ChangeMessageVisibility: (input) => changeVisibility(readQueueName(input), input),
    ChangeMessageVisibilityBatch(input) {
      const { name } = queues.get(readQueueName(input));
      return eachEntry(readEntries(input), (entry) => changeVisibility(name, entry));
    },
    GetQueueUrl: (input) => ({ QueueUrl: queueUrl(queues.get(readText(input, 'QueueName')).name) }),
    GetQueueAttributes(input) {
      const queue = queues.get(readQueueName(input));
      return { Attributes: writeQueueAttributes(queue, arn, readNames(input, 'AttributeNames')) };
    },
    SetQueueAttributes(input) {
      queues.configure(readQueueName(input), readQueueAttributes((input.Attributes ?? {}) as Record<string, string>));
      return {};
    },
    PurgeQueue(input) {
      queues.get(readQueueName(input)).purge();
      return {};
    },
    ListQueues(input) {
      const prefix = String(input.QueueNamePrefix ?? '');
      const names = queues.names().filter((name) => name.startsWith(prefix));
      return { QueueUrls: names.map(queueUrl) };
    },
    CreateQueue(input) {
      const settings = readQueueAttributes((input.Attributes ?? {}) as Record<string, string>);
      if (settings.redrive !== undefined) queues.get(settings.redrive.deadLetterQueue);
      const { redrive, ...rest } = settings;
      const definition = { name: readText(input, 'QueueName'), ...rest, ...(redrive === undefined ? {} : { redrive }) };
      return { QueueUrl: queueUrl(queues.create(definition).name) };
    },
    DeleteQueue(input) {
      queues.remove(readQueueName(input));
      return {};
    },
    StartMessageMoveTask(input) {
      const destination = input.DestinationArn;
      queues.redrive(
        nameInArn(readText(input, 'SourceArn')),
        typeof destination === 'string' ? nameInArn(destination) : undefined,
      );
      return { TaskHandle: queues.moveTasks[0]?.taskHandle };
    },
    ListMessageMoveTasks(input) {
      const source = nameInArn(readText(input, 'SourceArn'));
      const tasks = queues.moveTasks
        .filter((task) => task.source === source)
        .slice(0, readInteger(input, 'MaxResults', 1, 10) ?? 1);
      return {
        Results: tasks.map((task) => ({
          Status: 'COMPLETED',
          SourceArn: arn(source),
          DestinationArn: task.destination === undefined ? undefined : arn(task.destination),
          ApproximateNumberOfMessagesMoved: task.moved,
          ApproximateNumberOfMessagesToMove: task.moved,
          StartedTimestamp: task.startedEpochMs,
        })),
      };
    },
  };
}

function nameInArn(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1);
}

function writeMessage(
  { message, receiptHandle }: ReceivedMessage,
  systemNames: readonly string[],
  attributeNames: readonly string[],
  accountId: string,
  arn: (name: string) => string,
) {
  const attributes = selectAttributes(message.attributes, attributeNames);
  const system = Object.entries(systemAttributes({ message, receiptHandle }, accountId, arn));
  const asked = systemNames.includes('All') ? system : system.filter(([name]) => systemNames.includes(name));
  return {
    MessageId: message.messageId,
    ReceiptHandle: receiptHandle,
    MD5OfBody: message.md5OfBody,
    Body: message.body,
    ...(asked.length === 0 ? {} : { Attributes: Object.fromEntries(asked) }),
    ...(Object.keys(attributes).length === 0
      ? {}
      : { MessageAttributes: attributes, MD5OfMessageAttributes: md5OfAttributes(attributes) }),
  };
}

/** What SQS itself says of a message; all of it text. */
export function systemAttributes(
  { message }: ReceivedMessage,
  accountId: string,
  arn: (name: string) => string,
): Record<string, string> {
  return {
    ApproximateReceiveCount: String(message.receiveCount),
    ...(message.traceHeader === undefined ? {} : { AWSTraceHeader: message.traceHeader }),
    SentTimestamp: String(message.sentEpochMs),
    SenderId: accountId,
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedEpochMs),
    ...(message.deadLetterSource === undefined ? {} : { DeadLetterQueueSourceArn: arn(message.deadLetterSource) }),
  };
}
