/**
 * AWS's DAX client as a sender of the table's requests. What is odd about the client stays in this file. The low-level client
 * rather than the document client: the requests are in DynamoDB's own form already, and it is the smaller one.
 * @see https://www.npmjs.com/package/@amazon-dax-sdk/client-dax, version 3.1.0
 */
import { connect } from 'node:net';
import type { CredentialSource } from '@quartersec/aws';
import type { DynamoDbAnswer } from './dynamodb-requests.ts';
import type { DynamoDbSend } from './dynamodb-table.ts';

export interface DaxClientOptions {
  /** `dax://host:8111` or, encrypted, `daxs://host`. The client does not look into the hosts file: no `localhost`. */
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Pick<CredentialSource, 'current'>;
  /** Of the client's own, for a connection and for a call; default 1 s. Only cleans up behind calls that `DaxLink` has long given up. */
  readonly clientTimeoutMs?: number | undefined;
}

/** A client with connections of its own to the nodes of the cluster. */
export interface DaxConnection {
  readonly send: DynamoDbSend;
  close(): void;
}

const defaultPorts: Readonly<Record<string, number>> = { 'dax:': 8111, 'daxs:': 9111 };

const defaultClientTimeoutMs = 1_000;

/** What the client has and its types lack; its `destroy` exists in the types only. */
interface ClientCalls {
  getItem(input: object): Promise<DynamoDbAnswer>;
  batchGetItem(input: object): Promise<DynamoDbAnswer>;
  putItem(input: object): Promise<DynamoDbAnswer>;
  deleteItem(input: object): Promise<DynamoDbAnswer>;
  query(input: object): Promise<DynamoDbAnswer>;
  scan(input: object): Promise<DynamoDbAnswer>;
  shutdown(): void;
}

type ClientClass = new (config: object) => ClientCalls;

const methods = {
  GetItem: 'getItem',
  BatchGetItem: 'batchGetItem',
  PutItem: 'putItem',
  DeleteItem: 'deleteItem',
  Query: 'query',
  Scan: 'scan',
} as const;

/**
 * A cluster that is not there is found out before the client is loaded: the client would say so on the console, every 4 s.
 * Loads the client (about 100 ms of CPU, once) and lets it look for the cluster. It makes one attempt a call: what comes of a
 * failed one is the caller's to decide, and a write that it repeats by itself would hide that the first one counted.
 * @throws {Error} of node:net when nobody listens
 */
export async function connectDax(options: DaxClientOptions): Promise<DaxConnection> {
  const { endpoint, region, credentials, clientTimeoutMs = defaultClientTimeoutMs } = options;
  await checkListens(new URL(endpoint), clientTimeoutMs);
  const Client = await loadClient();
  const client = new Client({
    endpoint,
    region,
    credentials: credentials.current(), // once a connection: who has refused them for their age is connected to anew
    maxRetries: 0,
    requestTimeout: clientTimeoutMs,
    connectTimeout: clientTimeoutMs,
  });
  return {
    async send({ operation, input }) {
      try {
        return await client[methods[operation]](input);
      } catch (error) {
        throw namedAsDynamoDb(error as ClientFailure);
      }
    },
    close: () => client.shutdown(),
  };
}

function checkListens({ protocol, hostname, port }: URL, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const target = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (defaultPorts[protocol] ?? 0) };
    const socket = connect({ ...target, timeout: timeoutMs });
    socket.once('error', reject);
    socket.once('timeout', () => socket.destroy(new Error(`no connection to ${target.host}:${target.port}`)));
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}

/** Of the client's parser (antlr4 4.8), by Node's words for it; it changes nothing, and nobody here can act on it. */
const parserWarning =
  "Accessing non-existent property 'INVALID_ALT_NUMBER' of module exports inside circular dependency";

/** Leaves out the one warning that loading the client brings, once for each of two modules. Every other one goes its way. */
async function withoutParserWarning<Result>(load: () => Promise<Result>): Promise<Result> {
  const emitWarning = process.emitWarning;
  process.emitWarning = (warning: string | Error, ...more: unknown[]) => {
    if (warning !== parserWarning) Reflect.apply(emitWarning, process, [warning, ...more]);
  };
  try {
    return await load();
  } finally {
    process.emitWarning = emitWarning;
  }
}

let loading: Promise<ClientClass> | undefined;

/** Once at a time, and once for all when it succeeds: it changes the process while it loads. */
function loadClient(): Promise<ClientClass> {
  loading ??= withoutParserWarning(importClient).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function importClient(): Promise<ClientClass> {
  const listeners = process.listeners('warning');
  const loaded: { readonly Dax?: unknown; readonly default?: { readonly Dax: unknown } } = await import(
    '@amazon-dax-sdk/client-dax'
  );
  // Loading it takes everyone's listeners off the process, Node's own among them.
  for (const listener of listeners) {
    if (!process.listeners('warning').includes(listener)) process.on('warning', listener);
  }
  return (loaded.Dax ?? loaded.default?.Dax) as ClientClass; // a bundle has the default alone
}

interface ClientFailure {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly statusCode?: unknown;
}

/** The client says `Error` in `name`, DynamoDB's name in `code`, and -1 for no status. */
function namedAsDynamoDb({ code, message, statusCode }: ClientFailure): Error {
  const httpStatusCode = typeof statusCode === 'number' && statusCode > 0 ? statusCode : undefined;
  const name = typeof code === 'string' ? code : 'UnknownError';
  return Object.assign(new Error(String(message)), { name, $metadata: { httpStatusCode } });
}
