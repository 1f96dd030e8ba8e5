/** AWS's SDK as the sender of the table's requests. Apart from the table, so that a bundle without the SDK is possible. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import {
  BatchGetItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { DynamoDbSend } from './dynamodb-table.ts';

/** A function handles a batch of up to 10 events at once; the table's tools and tests do more. */
const defaultMaxSockets = 128;

export interface DynamoDbClientOptions {
  readonly region?: string;
  /** For a table on this machine. */
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxSockets?: number;
}

/** @returns a client that makes one attempt a call: retries are ours, inside the deadline */
export function createDynamoDbClient(options: DynamoDbClientOptions = {}): DynamoDBClient {
  const { maxSockets = defaultMaxSockets, ...rest } = options;
  const sockets = { keepAlive: true, maxSockets };
  const config: DynamoDBClientConfig = {
    ...rest,
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({
      httpAgent: new HttpAgent(sockets),
      httpsAgent: new HttpsAgent(sockets),
    }),
  };
  return new DynamoDBClient(config);
}

export function createSdkSend(client: DynamoDBClient): DynamoDbSend {
  return async ({ operation, input }, abortSignal) => {
    switch (operation) {
      case 'GetItem':
        return client.send(new GetItemCommand(input), { abortSignal });
      case 'BatchGetItem':
        return client.send(new BatchGetItemCommand(input), { abortSignal });
      case 'PutItem':
        await client.send(new PutItemCommand(input), { abortSignal });
        return {};
      case 'Query':
        return client.send(new QueryCommand(input), { abortSignal });
      case 'DeleteItem':
        await client.send(new DeleteItemCommand(input), { abortSignal });
        return {};
      case 'Scan':
        return client.send(new ScanCommand(input), { abortSignal });
    }
  };
}
