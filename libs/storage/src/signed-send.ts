/** The table's requests, signed here. Retries, deadlines and the meaning of failures are the table's, whoever sends. */
import type { DynamoDbAnswer } from './dynamodb-requests.ts';
import type { DynamoDbSend } from './dynamodb-table.ts';
import { createSignedCall, type SignedCallOptions } from './signed-call.ts';

export type SignedSendOptions = Omit<SignedCallOptions, 'service' | 'targetPrefix' | 'jsonVersion'>;

export function createSignedSend(options: SignedSendOptions): DynamoDbSend {
  const call = createSignedCall({ ...options, service: 'dynamodb', targetPrefix: 'DynamoDB_20120810' });
  return ({ operation, input }, signal) => call(operation, input, signal) as Promise<DynamoDbAnswer>;
}
