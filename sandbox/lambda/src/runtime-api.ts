/**
 * The Runtime API, which environments poll: `/env/<environment id>/2018-06-01/runtime/...`.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Environment } from './environment.ts';
import { type EnvironmentPool, MAX_PAYLOAD_BYTES } from './environment-pool.ts';
import type { FunctionError } from './invocation.ts';
import { readBody } from './read-body.ts';

export const ENVIRONMENT_PREFIX = '/env/';
const NEXT = '/2018-06-01/runtime/invocation/next';
const INVOCATION = '/2018-06-01/runtime/invocation/';
const INIT_ERROR = '/2018-06-01/runtime/init/error';
const ACCEPTED = ['Content-Type', 'application/json', 'Content-Length', '15'];

export interface EnvironmentInPool {
  readonly environment: Environment;
  readonly pool: EnvironmentPool;
}

/** @param find the environment that an id belongs to */
export function createRuntimeApi(find: (environmentId: string) => EnvironmentInPool | undefined) {
  // A runtime may ask for the next invocation in the packet that answers the last one: the answer must count first.
  const answering = new WeakMap<Socket, Promise<void>>();
  return (request: IncomingMessage, response: ServerResponse): void => {
    const url = request.url ?? '';
    const slashAt = url.indexOf('/', ENVIRONMENT_PREFIX.length);
    const found = find(url.slice(ENVIRONMENT_PREFIX.length, slashAt));
    const path = url.slice(slashAt);
    if (found === undefined) {
      request.resume();
      refuse(response, 403, 'InvalidEnvironment', 'No such environment: it has ended, or belongs to another host.');
    } else if (path === NEXT) {
      request.resume();
      const answered = answering.get(request.socket);
      if (answered === undefined) found.pool.next(found.environment, response);
      else answered.then(() => found.pool.next(found.environment, response));
    } else {
      const { socket } = request;
      const answered = post(found, path, request, response)
        .catch(() => void socket.destroy()) // it hung up: its exit tells the rest
        .finally(() => answering.delete(socket));
      answering.set(socket, answered);
    }
  };
}

async function post(found: EnvironmentInPool, path: string, request: IncomingMessage, response: ServerResponse) {
  const { environment, pool } = found;
  const body = await readBody(request, MAX_PAYLOAD_BYTES);
  if (path === INIT_ERROR) {
    environment.initError = readError(request, body);
    accept(response);
    return;
  }
  const [requestId = '', action] = path.startsWith(INVOCATION) ? path.slice(INVOCATION.length).split('/') : [];
  if (action !== 'response' && action !== 'error') {
    refuse(response, 404, 'NotFound', `The Runtime API has no ${path}.`);
    return;
  }
  const error = action === 'error' ? readError(request, body) : responseError(request, body);
  const payload = error === undefined ? (body?.toString() ?? '') : JSON.stringify(error);
  if (!pool.respond(environment, requestId, payload, error)) {
    refuse(response, 400, 'InvalidRequestID', 'This environment is not at work on that request.');
  } else if (body === undefined) {
    refuse(response, 413, 'RequestEntityTooLarge', 'The response is over 6 MB.');
  } else {
    accept(response);
  }
}

/** A response is an error after all when it is too large, or when streaming it failed midway, which its trailers tell. */
function responseError(request: IncomingMessage, body: Buffer | undefined): FunctionError | undefined {
  if (body === undefined) {
    const errorMessage = `Response payload size exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`;
    return { errorType: 'Function.ResponseSizeTooLarge', errorMessage };
  }
  const errorType = request.trailers['lambda-runtime-function-error-type'];
  if (!errorType) return undefined;
  return readError(
    request,
    Buffer.from(request.trailers['lambda-runtime-function-error-body'] ?? '', 'base64'),
    errorType,
  );
}

function readError(request: IncomingMessage, body: Buffer | undefined, type?: string): FunctionError {
  const header = type ?? request.headers['lambda-runtime-function-error-type'];
  const errorType = typeof header === 'string' ? header : 'Runtime.UnknownReason';
  let parsed: unknown;
  try {
    parsed = JSON.parse(body?.toString() ?? '');
  } catch {
    return { errorType, errorMessage: 'The runtime gave no readable reason.' };
  }
  const facts = (typeof parsed === 'object' ? parsed : null) as { [key: string]: unknown } | null;
  const trace = facts?.trace ?? facts?.stackTrace;
  return {
    errorType: typeof facts?.errorType === 'string' ? facts.errorType : errorType,
    errorMessage: typeof facts?.errorMessage === 'string' ? facts.errorMessage : '',
    ...(Array.isArray(trace) ? { trace } : {}),
  };
}

function accept(response: ServerResponse): void {
  response.writeHead(202, ACCEPTED).end('{"status":"OK"}');
}

function refuse(response: ServerResponse, status: number, errorType: string, errorMessage: string): void {
  const body = JSON.stringify({ errorType, errorMessage });
  response
    .writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) })
    .end(body);
}
