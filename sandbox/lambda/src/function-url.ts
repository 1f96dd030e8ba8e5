import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type EnvironmentPool, MAX_PAYLOAD_BYTES } from './environment-pool.ts';
import { functionUrlAnswer, type HttpAnswer } from './function-url-answer.ts';
import { functionUrlEvent } from './function-url-event.ts';
import { HostError } from './host-error.ts';
import { readBody } from './read-body.ts';

/**
 * Serves the function of `pool` at whatever path is asked for.
 * @param routeKey of an HTTP API's route, e.g. `GET /v1/things`; a function URL has but one
 */
export function createFunctionUrl(pool: EnvironmentPool, routeKey = '$default') {
  return (request: IncomingMessage, response: ServerResponse): void => {
    answer(pool, routeKey, request, response).catch((error: unknown) => {
      if (request.destroyed && !request.complete) response.destroy();
      else send(response, refusal(error));
    });
  };
}

async function answer(
  pool: EnvironmentPool,
  routeKey: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const receivedEpochMs = Date.now();
  const body = await readBody(request, MAX_PAYLOAD_BYTES);
  if (body === undefined) throw new HostError('RequestTooLargeException', 'Request body is over 6 MB.');
  const requestId = randomUUID();
  const event = functionUrlEvent({
    routeKey,
    method: request.method ?? 'GET',
    target: request.url ?? '/',
    rawHeaders: request.rawHeaders,
    body,
    sourceIp: request.socket.remoteAddress ?? '',
    requestId,
    receivedEpochMs,
  });
  const traceId = request.headers['x-amzn-trace-id'];
  const result = await pool.invoke(event, typeof traceId === 'string' ? { requestId, traceId } : { requestId });
  const http = functionUrlAnswer(result);
  send(response, { ...http, headers: [...http.headers, 'x-amzn-RequestId', requestId] });
}

function refusal(error: unknown): HttpAnswer {
  const statuses: { readonly [code: string]: number } = {
    RequestTooLargeException: 413,
    TooManyRequestsException: 429,
    HostClosed: 503,
  };
  const status = error instanceof HostError ? (statuses[error.code] ?? 500) : 500;
  const message = error instanceof HostError ? error.message : 'Internal Server Error';
  return { status, headers: ['Content-Type', 'application/json'], body: JSON.stringify({ Message: message }) };
}

function send(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  const hasNoBody = status === 204 || status === 304;
  const length = hasNoBody ? [] : ['Content-Length', String(Buffer.byteLength(body))];
  response.writeHead(status, [...headers, ...length]).end(hasNoBody ? undefined : body);
}
