/**
 * The table's requests over node:http, signed here: what the SDK's client does for these five calls, at about a fifth of
 * its CPU (docs/decisions). Retries, deadlines and the meaning of failures are the table's, whoever sends.
 */
import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { type AwsCredentials, createSigner } from './aws-signature.ts';
import type { DynamoDbAnswer } from './dynamodb-requests.ts';
import type { DynamoDbSend } from './dynamodb-table.ts';

export interface SignedSendOptions {
  readonly region: string;
  /** For a table on this machine; otherwise DynamoDB of the region. */
  readonly endpoint?: string;
  readonly credentials: AwsCredentials;
  /** Wall clock: a signature carries the time. */
  readonly nowEpochMs: () => number;
}

/** A batch of 10 events has at most 10 calls under way; the rest is room for several invocations in one process. */
const maxSockets = 64;
/** DynamoDB's own limit of an answer is 1 MB; anything larger is not from it. */
const answerLimitBytes = 4 * 1024 * 1024;

/** A request that DynamoDB refused, named as DynamoDB names it; `table-failure.ts` knows what it means. */
class DynamoDbRefusal extends Error {
  readonly $metadata: { readonly httpStatusCode: number };

  constructor(name: string, message: string, httpStatusCode: number) {
    super(message);
    this.name = name;
    this.$metadata = { httpStatusCode };
  }
}

export function createSignedSend(options: SignedSendOptions): DynamoDbSend {
  const url = new URL(options.endpoint ?? `https://dynamodb.${options.region}.amazonaws.com`);
  const secure = url.protocol === 'https:';
  const agent = new (secure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets });
  const open = secure ? httpsRequest : httpRequest;
  const sign = createSigner(options.credentials);
  const place = { region: options.region, service: 'dynamodb', host: url.host };
  const target = { agent, method: 'POST', path: '/', hostname: url.hostname, port: url.port };

  return ({ operation, input }, signal) =>
    new Promise<DynamoDbAnswer>((resolve, reject) => {
      const body = JSON.stringify(input);
      const headers = {
        ...sign({ ...place, target: `DynamoDB_20120810.${operation}`, body }, options.nowEpochMs()),
        host: url.host,
        'content-length': Buffer.byteLength(body),
      };
      const call: ClientRequest = open({ ...target, headers, signal }, (answer) => {
        readAnswer(answer).then(resolve, reject);
      });
      call.once('error', reject);
      call.end(body);
    });
}

async function readAnswer(answer: IncomingMessage): Promise<DynamoDbAnswer> {
  const text = await readText(answer);
  const status = answer.statusCode ?? 0;
  if (status === 200) return JSON.parse(text) as DynamoDbAnswer;
  const { name, message } = refusalOf(text, status);
  throw new DynamoDbRefusal(name, message, status);
}

function readText(answer: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    answer.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > answerLimitBytes) answer.destroy(new Error(`answer over ${answerLimitBytes} bytes`));
    });
    answer.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    answer.once('error', reject); // also for an answer that breaks off
  });
}

/** `{"__type":"com.amazonaws.dynamodb.v20120810#ValidationException","message":"..."}`, or what a proxy in between says. */
function refusalOf(text: string, status: number): { name: string; message: string } {
  try {
    const { __type, message, Message } = JSON.parse(text) as Record<string, unknown>;
    if (typeof __type === 'string')
      return { name: __type.replace(/^.*#/, ''), message: String(message ?? Message ?? '') };
  } catch {
    // no JSON: the status alone says what there is to know
  }
  return { name: 'UnknownError', message: `status ${status}` };
}
