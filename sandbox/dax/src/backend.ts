/** The DynamoDB endpoint behind the node: JSON 1.0 over HTTP(S), connections kept alive. */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { AnswerError, type CancellationReason } from './answer-error.ts';
import type { AttributeMap } from './attribute-value.ts';
import type { Scope } from './scope.ts';

export interface BackendOptions {
  readonly endpoint: string;
  readonly timeoutMs: number;
  readonly connectionsMax: number;
}

export interface BackendStats {
  calls: number;
  errors: number;
}

/** The endpoint as one region and access key sees it. */
export interface ScopedBackend {
  /**
   * @param operation DynamoDB's name of it, as `GetItem`
   * @throws {AnswerError} what the backend said; `notSent` or `outcomeUnknown` when it said nothing
   */
  call(operation: string, body: object): Promise<BackendAnswer>;
}

/** What DynamoDB answers, as far as it is used; each operation knows which fields it can have. */
export type BackendAnswer = Record<string, unknown>;

const ANSWER_BYTES_MAX = 64 * 1024 * 1024; // DynamoDB answers 16 MB of items at most, JSON and base64 add to it
const NOTHING_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
]);
const CANCELLED_CODES = /\[([^\]]*)\]/;
// Below the 5 s after which Node's own servers close an idle connection: a request must not meet a closing one.
const IDLE_CONNECTION_MS = 4_000;

export class Backend {
  readonly stats: BackendStats = { calls: 0, errors: 0 };
  readonly #url: URL;
  readonly #agent: HttpAgent;
  readonly #request: typeof httpRequest;
  readonly #timeoutMs: number;

  constructor({ endpoint, timeoutMs, connectionsMax }: BackendOptions) {
    this.#url = new URL(endpoint);
    const secure = this.#url.protocol === 'https:';
    const agentOptions = {
      keepAlive: true,
      maxSockets: connectionsMax,
      scheduling: 'lifo',
      timeout: IDLE_CONNECTION_MS,
    } as const;
    this.#agent = secure ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions);
    this.#request = secure ? httpsRequest : httpRequest;
    this.#timeoutMs = timeoutMs;
  }

  as({ region, accessKeyId }: Scope): ScopedBackend {
    // Local endpoints read the scope and do not check the signature.
    const scope = `${accessKeyId}/20200101/${region}/dynamodb/aws4_request`;
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-date': '20200101T000000Z',
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=${'0'.repeat(64)}`,
    };
    return {
      call: async (operation, body) => {
        this.stats.calls += 1;
        try {
          return await this.#exchange(operation, Buffer.from(JSON.stringify(body)), headers);
        } catch (error) {
          this.stats.errors += 1;
          throw error;
        }
      },
    };
  }

  close(): void {
    this.#agent.destroy();
  }

  #exchange(operation: string, payload: Buffer, headers: Readonly<Record<string, string>>): Promise<BackendAnswer> {
    return new Promise((resolve, reject) => {
      const request = this.#request(
        {
          agent: this.#agent,
          method: 'POST',
          hostname: this.#url.hostname.replace(/^\[|\]$/g, ''),
          port: this.#url.port,
          path: this.#url.pathname,
          headers: {
            ...headers,
            'x-amz-target': `DynamoDB_20120810.${operation}`,
            'content-length': payload.length,
          },
        },
        (response) => {
          readBody(response).then(
            (text) => resolveAnswer(operation, response, text, resolve, reject),
            (cause: Error) => reject(lostAnswer(operation, cause)),
          );
        },
      );
      const timer = setTimeout(
        () => request.destroy(new Error(`no answer within ${this.#timeoutMs} ms`)),
        this.#timeoutMs,
      );
      request.on('close', () => clearTimeout(timer));
      request.on('error', (cause: NodeJS.ErrnoException) => {
        reject(NOTHING_SENT.has(cause.code ?? '') ? unreachable(this.#url, cause) : lostAnswer(operation, cause));
      });
      request.end(payload);
    });
  }
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) throw new Error('the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes).toString('utf8');
}

function resolveAnswer(
  operation: string,
  response: IncomingMessage,
  text: string,
  resolve: (answer: BackendAnswer) => void,
  reject: (error: AnswerError) => void,
): void {
  const status = response.statusCode ?? 0;
  let answer: BackendAnswer;
  try {
    answer = JSON.parse(text) as BackendAnswer;
  } catch (cause) {
    reject(lostAnswer(operation, new Error(`status ${status} and no JSON`, { cause })));
    return;
  }
  if (status === 200) resolve(answer);
  else reject(backendError(answer, status, response.headers['x-amzn-requestid']));
}

function backendError(
  answer: BackendAnswer,
  httpStatus: number,
  requestId: string | string[] | undefined,
): AnswerError {
  const type = typeof answer.__type === 'string' ? answer.__type : 'InternalServerError';
  const code = type.slice(type.lastIndexOf('#') + 1);
  const message = String(answer.message ?? answer.Message ?? '');
  return new AnswerError(code, message, {
    httpStatus,
    requestId: typeof requestId === 'string' ? requestId : undefined,
    reasons: code === 'TransactionCanceledException' ? cancellationReasons(answer, message) : undefined,
    outcomeUnknown:
      httpStatus >= 500 && code !== 'ProvisionedThroughputExceededException' && code !== 'ThrottlingException',
  });
}

function cancellationReasons(answer: BackendAnswer, message: string): CancellationReason[] {
  const listed = answer.CancellationReasons as
    | readonly { Code?: string; Message?: string; Item?: AttributeMap }[]
    | undefined;
  if (listed !== undefined) {
    return listed.map(({ Code, Message, Item }) => ({ code: Code ?? 'None', message: Message, item: Item }));
  }
  const codes = CANCELLED_CODES.exec(message)?.[1] ?? '';
  return codes.split(',').map((code) => ({ code: code.trim() }));
}

function unreachable(url: URL, cause: NodeJS.ErrnoException): AnswerError {
  const message = `The DAX node cannot reach DynamoDB at ${url.origin} (${cause.code})`;
  return new AnswerError('InternalServerError', message, { cause, notSent: true });
}

function lostAnswer(operation: string, cause: Error): AnswerError {
  const message = `The DAX node got no answer from DynamoDB to ${operation}: ${cause.message}`;
  return new AnswerError('InternalServerError', message, { cause, outcomeUnknown: true });
}
