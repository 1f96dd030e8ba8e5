/** A DynamoDB endpoint that answers what a test tells it to. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface BackendRequest {
  readonly operation: string;
  /** Access key and region that the caller named. */
  readonly scope: string;
  readonly body: Record<string, unknown>;
}

/** An answer, or an error as DynamoDB gives it; a function takes the response over. */
export type Scripted =
  | object
  | { readonly status: number; readonly body: object }
  | ((response: ServerResponse) => void);

export interface ScriptedBackend {
  readonly endpoint: string;
  readonly requests: BackendRequest[];
  close(): Promise<void>;
}

/** @param script called for each request but DescribeTable, which describes a table with the given key */
export async function startScriptedBackend(
  script: (request: BackendRequest) => Scripted | Promise<Scripted>,
  key: readonly (readonly [name: string, type: 'S' | 'N' | 'B'])[] = [['pk', 'S']],
): Promise<ScriptedBackend> {
  const requests: BackendRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    if (operation === 'DescribeTable') {
      response.end(JSON.stringify({ Table: describe(String(body.TableName), key) }));
      return;
    }
    const [, accessKeyId, region] =
      /Credential=([^/]*)\/\d+\/([^/]*)/.exec(String(request.headers.authorization)) ?? [];
    const received = { operation, body, scope: `${accessKeyId}/${region}` };
    requests.push(received);
    const scripted = await script(received);
    if (typeof scripted === 'function') scripted(response);
    else if ('status' in scripted && 'body' in scripted) {
      response.statusCode = Number(scripted.status);
      response.end(JSON.stringify(scripted.body));
    } else response.end(JSON.stringify(scripted));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function describe(tableName: string, key: readonly (readonly [name: string, type: string])[]): object {
  return {
    TableName: tableName,
    KeySchema: key.map(([name], index) => ({ AttributeName: name, KeyType: index === 0 ? 'HASH' : 'RANGE' })),
    AttributeDefinitions: key.map(([name, type]) => ({ AttributeName: name, AttributeType: type })),
  };
}

/** An error in DynamoDB's form. */
export function dynamoError(code: string, message: string, status = 400): { status: number; body: object } {
  return { status, body: { __type: `com.amazonaws.dynamodb.v20120810#${code}`, message } };
}
