/** Messages of a queue as the event of a function, and the function's answer as what becomes of them. Pure. */
import type { InvokeResult } from './invocation.ts';
import type { MessageAttributes } from './message-attributes.ts';
import type { ReceivedMessage } from './message-queue.ts';
import { systemAttributes } from './sqs-actions.ts';
import { queueArn } from './sqs-attributes.ts';

export interface SqsEventPlace {
  readonly queueName: string;
  readonly region: string;
  readonly accountId: string;
}

/**
 * @returns the event, JSON text
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export function sqsEvent(
  messages: readonly ReceivedMessage[],
  { queueName, region, accountId }: SqsEventPlace,
): string {
  const arn = (name: string) => queueArn(region, accountId, name);
  const eventSourceARN = arn(queueName);
  return JSON.stringify({
    Records: messages.map((received) => ({
      messageId: received.message.messageId,
      receiptHandle: received.receiptHandle,
      body: received.message.body,
      attributes: systemAttributes(received, accountId, arn),
      messageAttributes: eventAttributes(received.message.attributes),
      md5OfBody: received.message.md5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN,
      awsRegion: region,
    })),
  });
}

function eventAttributes(attributes: MessageAttributes) {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      {
        stringValue: StringValue,
        binaryValue: BinaryValue,
        stringListValues: [],
        binaryListValues: [],
        dataType: DataType,
      },
    ]),
  );
}

/**
 * Which messages of a batch were not processed.
 *
 * Whole success: no answer, `{}`, `batchItemFailures` null or empty. Whole failure: the function failed, the answer is not
 * JSON or not an object, or an `itemIdentifier` is missing, null, empty or of no message of this batch.
 * @param partial whether the function reports partial failures; without it every answer is a success
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export function failedMessageIds(
  result: InvokeResult,
  messageIds: readonly string[],
  partial: boolean,
): ReadonlySet<string> {
  const all = new Set(messageIds);
  if (result.functionError !== undefined) return all;
  if (!partial || result.payload === '') return new Set();
  let answer: unknown;
  try {
    answer = JSON.parse(result.payload);
  } catch {
    return all;
  }
  if (answer === null) return new Set();
  if (typeof answer !== 'object' || Array.isArray(answer)) return all;
  const failures = (answer as { readonly batchItemFailures?: unknown }).batchItemFailures ?? [];
  if (!Array.isArray(failures)) return all;
  const ids = failures.map((failure: { readonly itemIdentifier?: unknown } | null) => failure?.itemIdentifier);
  return ids.every((id) => typeof id === 'string' && all.has(id)) ? new Set(ids as string[]) : all;
}
