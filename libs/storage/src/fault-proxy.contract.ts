/** Stands between a client and a DynamoDB endpoint and does what networks and tables do on a bad day. For tests. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

export type Fault =
  | 'throttled'
  /** 500 without carrying the call out. */
  | 'server-error'
  /** Connection reset without carrying the call out. */
  | 'reset-before'
  /** Carried out, then reset: the answer is lost. */
  | 'reset-after'
  /** Carried out, then a 500. */
  | 'server-error-after'
  /** Never answers. */
  | 'hang'
  /** HTML with status 200. */
  | 'html';

export interface FaultProxy {
  readonly url: string;
  /**
   * The next calls meet these faults, one each; `Infinity` keeps the fault until `heal`.
   * @param only calls of this operation; default: all
   */
  inject(fault: Fault, times?: number, only?: string): void;
  heal(): void;
  /** Operations that arrived since `heal`, in order. */
  readonly operations: readonly string[];
  close(): Promise<void>;
}

export async function startFaultProxy(targetUrl: string): Promise<FaultProxy> {
  let fault: Fault | undefined;
  let left = 0;
  let only: string | undefined;
  const operations: string[] = [];

  const server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    operations.push(operation);
    const body = await readBody(request);
    const isMeant = only === undefined || only === operation;
    const now = isMeant && left > 0 ? fault : undefined;
    if (isMeant) left -= 1;
    if (now === 'hang') return;
    if (now === 'reset-before') return void request.socket.resetAndDestroy();
    if (now === 'throttled') return answer(response, 400, awsError('ProvisionedThroughputExceededException'));
    if (now === 'server-error') return answer(response, 500, awsError('InternalServerError'));
    if (now === 'html') return answer(response, 200, '<html>maintenance</html>');
    const forwarded = await forward(targetUrl, request, body);
    if (now === 'reset-after') return void request.socket.resetAndDestroy();
    if (now === 'server-error-after') return answer(response, 500, awsError('InternalServerError'));
    answer(response, forwarded.status, forwarded.text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    inject(nextFault, times = 1, ofOperation) {
      fault = nextFault;
      only = ofOperation;
      left = times;
      operations.length = 0;
    },
    heal() {
      left = 0;
      operations.length = 0;
    },
    operations,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** An address where nobody listens. */
export async function findClosedUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  await new Promise((resolve) => connect(port, '127.0.0.1').on('error', resolve));
  return `http://127.0.0.1:${port}`;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function forward(targetUrl: string, request: IncomingMessage, body: Buffer) {
  const headers = Object.fromEntries(
    ['content-type', 'x-amz-target', 'x-amz-date', 'authorization', 'x-amz-content-sha256'].flatMap((name) => {
      const value = request.headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
  const answered = await fetch(targetUrl, { method: 'POST', headers, body: new Uint8Array(body) });
  return { status: answered.status, text: await answered.text() };
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(text);
}

function awsError(name: string): string {
  return JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: name });
}
