/**
 * The Invoke action of the Lambda API, as AWS's clients call it. Signatures are not looked at.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EnvironmentPool } from './environment-pool.ts';
import { MAX_PAYLOAD_BYTES } from './environment-pool.ts';
import { HostError } from './host-error.ts';
import { readBody } from './read-body.ts';

export const INVOKE_PREFIX = '/2015-03-31/functions/';
const MAX_EVENT_BYTES = 1_048_576; // asynchronous invocations, since October 2025
const STATUSES: { readonly [code: string]: number } = {
  InvalidRequestContentException: 400,
  InvalidParameterValueException: 400,
  ResourceNotFoundException: 404,
  RequestTooLargeException: 413,
  TooManyRequestsException: 429,
  HostClosed: 503,
};

export interface InvokeApiDeps {
  /** @throws {HostError} `ResourceNotFoundException` */
  readonly findPool: (name: string) => EnvironmentPool;
  /** Takes an asynchronous invocation, to be tried until it succeeds or its tries are used up. */
  readonly enqueueEvent: (pool: EnvironmentPool, payload: string, clientContext: string | undefined) => void;
}

export function createInvokeApi(deps: InvokeApiDeps) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    invoke(deps, request, response).catch((error: unknown) => {
      if (request.destroyed && !request.complete) response.destroy();
      else sendError(response, error);
    });
  };
}

async function invoke(deps: InvokeApiDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  const body = await readBody(request, type === 'Event' ? MAX_EVENT_BYTES : MAX_PAYLOAD_BYTES);
  const name = functionName(request);
  if (body === undefined) throw new HostError('RequestTooLargeException', `Payload of ${name} is too large.`);
  const pool = deps.findPool(name);
  const payload = body.length === 0 ? '{}' : body.toString();
  assertJson(payload);
  const clientContext = readClientContext(request.headers['x-amz-client-context']);
  if (type === 'DryRun') {
    response.writeHead(204).end();
  } else if (type === 'Event') {
    deps.enqueueEvent(pool, payload, clientContext);
    response.writeHead(202, { 'Content-Length': 0 }).end();
  } else if (type === 'RequestResponse') {
    const result = await pool.invoke(payload, clientContext === undefined ? {} : { clientContext });
    response
      .writeHead(200, {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(result.payload),
        'x-amzn-RequestId': result.requestId,
        'X-Amz-Executed-Version': '$LATEST',
        ...(result.functionError === undefined ? {} : { 'X-Amz-Function-Error': 'Unhandled' }),
      })
      .end(result.payload);
  } else {
    throw new HostError('InvalidParameterValueException', `There is no invocation type ${JSON.stringify(type)}.`);
  }
}

/** A name, or an ARN that ends in one, with or without a version. */
function functionName(request: IncomingMessage): string {
  const path = (request.url ?? '').slice(INVOKE_PREFIX.length).split('?')[0] ?? '';
  const [given = '', action] = path.split('/');
  if (request.method !== 'POST' || action !== 'invocations') {
    throw new HostError(
      'ResourceNotFoundException',
      `The host has no ${request.method} ${request.url}: of the Lambda API it has Invoke alone.`,
    );
  }
  const arn = /^(?:.*:)?function:([\w-]+)|^\d{12}:([\w-]+)|^([\w-]+)/.exec(decode(given));
  return arn?.[1] ?? arn?.[2] ?? arn?.[3] ?? given;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function assertJson(payload: string): void {
  try {
    JSON.parse(payload);
  } catch (error) {
    throw new HostError('InvalidRequestContentException', 'Could not parse request body into json', { cause: error });
  }
}

function readClientContext(header: string | string[] | undefined): string | undefined {
  if (typeof header !== 'string') return undefined;
  const text = Buffer.from(header, 'base64').toString();
  assertJson(text);
  return JSON.stringify(JSON.parse(text)).replace(/[^\x20-\x7e]/g, escapeUnit); // it travels in a header
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function sendError(response: ServerResponse, error: unknown): void {
  const known = error instanceof HostError;
  const code = known ? error.code : 'ServiceException';
  const message = known ? error.message : 'Internal Server Error';
  const body = JSON.stringify({ Type: known ? 'User' : 'Service', Message: message, message });
  response
    .writeHead((known && STATUSES[code]) || 500, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      'x-amzn-ErrorType': code,
    })
    .end(body);
}
