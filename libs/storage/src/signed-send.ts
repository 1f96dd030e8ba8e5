/** The table's requests, signed here. Retries, deadlines and the meaning of failures are the table's, whoever sends. */
import { type AwsCallOptions, createAwsCall } from '@quartersec/aws';
import { toJsonAttributes } from './attribute-values.ts';
import type { DynamoDbAnswer, DynamoDbRequest } from './dynamodb-requests.ts';
import type { DynamoDbSend } from './dynamodb-table.ts';

export type SignedSendOptions = Omit<AwsCallOptions, 'service' | 'targetPrefix' | 'jsonVersion'>;

export function createSignedSend(options: SignedSendOptions): DynamoDbSend {
  const call = createAwsCall({ ...options, service: 'dynamodb', targetPrefix: 'DynamoDB_20120810' });
  return (request, signal) => call(request.operation, jsonInput(request), signal) as Promise<DynamoDbAnswer>;
}

/** Only puts carry bytes: keys are texts. */
function jsonInput(request: DynamoDbRequest): object {
  if (request.operation !== 'PutItem') return request.input;
  const { Item, ExpressionAttributeValues, ...input } = request.input;
  const values = ExpressionAttributeValues && {
    ExpressionAttributeValues: toJsonAttributes(ExpressionAttributeValues),
  };
  return { ...input, Item: toJsonAttributes(Item), ...values };
}
