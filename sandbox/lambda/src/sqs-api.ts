/** SQS over HTTP: the AWS JSON 1.0 protocol, as the SDKs have spoken it since 2023. Signatures are not looked at. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { HostError, type HostErrorCode } from './host-error.ts';
import { readBody } from './read-body.ts';
import { createSqsActions, type SqsDeps } from './sqs-actions.ts';

export const SQS_TARGET_PREFIX = 'AmazonSQS.';
const MAX_REQUEST_BYTES = 8_388_608; // ten entries of 1 MiB in all, as JSON escapes them

// The names of the old query protocol, which clients still show: <code>;<who is to blame>.
const QUERY_CODES: { readonly [code in HostErrorCode]?: string } = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
  InvalidBatchEntryId: 'AWS.SimpleQueueService.InvalidBatchEntryId',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  UnsupportedOperation: 'AWS.SimpleQueueService.UnsupportedOperation',
  ResourceNotFound: 'ResourceNotFoundException',
};
// Shapes of the JSON protocol that are not called as their code is.
const TYPES: { readonly [code in HostErrorCode]?: string } = {
  InternalError: 'com.amazon.coral.service#InternalFailure',
  InvalidParameterValue: 'com.amazon.coral.service#InvalidParameterValueException',
  MissingParameter: 'com.amazon.coral.service#MissingRequiredParameterException',
  ResourceNotFound: 'com.amazonaws.sqs#ResourceNotFoundException',
};

export function createSqsApi(deps: SqsDeps) {
  const actions = createSqsActions(deps);

  async function act(request: IncomingMessage, signal: AbortSignal): Promise<object> {
    const name = String(request.headers['x-amz-target']).slice(SQS_TARGET_PREFIX.length);
    const body = await readBody(request, MAX_REQUEST_BYTES);
    if (body === undefined)
      throw new HostError('BatchRequestTooLong', `Requests cannot be longer than ${MAX_REQUEST_BYTES} bytes.`);
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (action === undefined)
      throw new HostError('UnsupportedOperation', `The host has no SQS action ${JSON.stringify(name)}.`);
    return await action(parse(body), signal);
  }

  return (request: IncomingMessage, response: ServerResponse): void => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    act(request, gone.signal).then(
      (output) => send(response, 200, output),
      (error: unknown) => sendError(response, error),
    );
  };
}

function parse(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const input: unknown = JSON.parse(body.toString());
    if (typeof input === 'object' && input !== null) return input as Record<string, unknown>;
  } catch {
    // said below
  }
  throw new HostError('InvalidParameterValue', 'The body of the request is not a JSON object.');
}

function sendError(response: ServerResponse, error: unknown): void {
  const code = error instanceof HostError ? error.code : 'InternalError';
  const message = error instanceof HostError ? error.message : 'We encountered an internal error. Please try again.';
  const isOurs = code === 'InternalError';
  const queryCode = isOurs ? 'InternalFailure' : (QUERY_CODES[code] ?? code);
  response.setHeader('x-amzn-query-error', `${queryCode};${isOurs ? 'Receiver' : 'Sender'}`);
  send(response, isOurs ? 500 : 400, { __type: TYPES[code] ?? `com.amazonaws.sqs#${code}`, message });
}

function send(response: ServerResponse, status: number, output: object): void {
  const body = JSON.stringify(output);
  response
    .writeHead(status, { 'Content-Type': 'application/x-amz-json-1.0', 'Content-Length': Buffer.byteLength(body) })
    .end(body);
}
