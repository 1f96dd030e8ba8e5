/** The whole system on one machine: simulator, table, Lambda host with the deployed bundles, metrics. */
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { routes } from '@quartersec/processor/routes';
import { type HttpApiRoute, type LambdaHost, startLambdaHost } from '@quartersec/sandbox-lambda';
import type { ProvidersOptions } from '@quartersec/sandbox-providers';
import { createDeadline } from '@quartersec/sla';
import { createTableIfMissing, type RekeyReport, rekeyTable, type Table } from '@quartersec/storage';
import { recordCacheReads } from './cache-metrics.ts';
import { type CacheNode, startCacheNode } from './cache-node.ts';
import { type ChildService, startChildService } from './child-service.ts';
import { connectCache, connectTable } from './connect-table.ts';
import {
  createOpenBankingClient,
  linkAll,
  type SandboxConnection,
  type Seal,
  sandboxConnections,
  type UsersOfMany,
} from './connections.ts';
import { freeLoopbackAddress } from './free-address.ts';
import { otherStandards } from './other-standards.ts';
import { recordPlatform } from './platform-metrics.ts';
import { scheduleMessage, startScheduleTimer } from './schedule-timer.ts';
import {
  deliverToProcess,
  providerOfLetter,
  queueDefaults,
  queueDefinitions,
  queueEnvironment,
  queueNames,
} from './sync-queues.ts';
import { createSystemMetrics, type SystemMetrics } from './system-metrics.ts';
import { signUserToken } from './user-token.ts';

export interface SystemOptions {
  /** Port of the API; default: a free one. */
  readonly apiPort?: number;
  /** Origins whose pages may call the API from a browser; default: none. */
  readonly corsOrigins?: readonly string[];
  /** Makes the simulator's stories; same seed, same data. */
  readonly seed: number;
  readonly connections: number;
  /** What the simulator takes beyond seed, e.g. latency. */
  readonly providers?: Partial<ProvidersOptions>;
  /** A real Plaid instead of the simulator. */
  readonly plaid?: {
    readonly baseUrl: string;
    readonly clientId: string;
    readonly secret: string;
    /** One connection each: `plaid-0`, `plaid-1` ... */
    readonly accessTokens: readonly string[];
  };
  /** Another DynamoDB endpoint than an embedded one. */
  readonly dynamoDbUrl?: string;
  /**
   * Whether the functions reach the table through a DAX node. Default false: on one machine the node and AWS's client take
   * more CPU than they save the table (docs/dax.md), and measured load is short of it.
   */
  readonly dax?: boolean;
  readonly maxEnvironments?: number;
  /** Invocations at once in one environment of `process` and `query`, as Lambda Managed Instances have; default 1, the classic model. */
  readonly concurrencyPerEnvironment?: number;
  readonly queue?: {
    readonly visibilityTimeoutSeconds?: number;
    readonly maxReceiveCount?: number;
    readonly batchSize?: number;
  };
  /** Default 5 s; a queue's visibility timeout may not be shorter. */
  readonly functionTimeoutMs?: number;
  /** Another bundle for the `process` function, e.g. one that crashes at a chosen step. */
  readonly processBundle?: string;
  readonly processEnvironment?: Readonly<Record<string, string>>;
  /** The connections that Link may still make with the simulator. Default 20. */
  readonly freeConnections?: number;
  /** Connections of the UK's Open Banking beside those, with households of their own at the simulator. Default 0. */
  readonly openBanking?: number;
  /** Likewise of the Berlin Group's NextGenPSD2. Default 0. */
  readonly berlinGroup?: number;
  /** Ours, for its bank `berlin-signed`; default: there is none, and that bank refuses us. */
  readonly seal?: Seal;
  /** Whether the simulator's changes send webhooks. Default false: then only what a test sends is on the queue. */
  readonly webhooks?: boolean;
  /** How often the schedule's timer sends its message; absent: never, as with `webhooks`. */
  readonly scheduleTickMs?: number;
  /** Default: each connection has a user of its own. */
  readonly usersOfMany?: UsersOfMany;
  readonly onProgress?: (step: string) => void;
  readonly onLog?: (functionName: string, line: string) => void;
}

export interface System {
  readonly host: LambdaHost;
  readonly processUrl: string;
  /** Of the API, without a slash at the end: what an app is given. */
  readonly apiUrl: string;
  /** Where the provider's webhooks go. */
  readonly webhookUrl: string;
  /** Plaid's. */
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly table: Table;
  readonly tableName: string;
  readonly dynamoDbUrl: string;
  /** Process of the embedded table; `undefined` where another one is used. */
  readonly tablePid: number | undefined;
  /** The DAX node in front of the table; `undefined` when the system runs without. */
  readonly cacheNode: CacheNode | undefined;
  /** The simulator's control API; `undefined` with a real provider. */
  readonly controlUrl: string | undefined;
  /** Those that are linked: one that is forgotten leaves them. */
  readonly connections: readonly SandboxConnection[];
  /** `obuk-0` ...: not among `connections`, whose traffic and webhooks are Plaid's. */
  readonly openBanking: readonly SandboxConnection[];
  /** `berlin-0` ..., likewise. */
  readonly berlinGroup: readonly SandboxConnection[];
  forget(connectionId: string): void;
  /** Of Plaid, or of the simulator in its place, as the process function has it. */
  readonly providerAccess: {
    readonly baseUrl: string;
    readonly clientId: string;
    readonly secret: string;
    /** 32 bytes, base64: opens the stored access tokens. */
    readonly tokenKey: string;
  };
  /** Variables of the process function: those of the providers, and the key that opens the access to them. */
  providerVariables(): Readonly<Record<string, string>>;
  /** As `TOKEN_KEY` has it now; made anew for every system. */
  readonly tokenKey: string;
  /** A new key for the functions, everything sealed anew under it, then the old one goes: as docs/operate.md has it. */
  rotateTokenKey(): Promise<RekeyReport>;
  /** As `READ_TOKEN_KEY` has it; made anew for every system. */
  readonly readTokenKey: string;
  /** Where banks of Open Banking send a user back to: nobody listens there until somebody links (`npm run link`). */
  readonly redirectUri: string;
  /** A bearer token of the API, good for an hour, as an app's identity provider would sign it. */
  tokenFor(userId: string): string;
  readonly metrics: SystemMetrics;
  close(): Promise<void>;
}

export const region = 'eu-west-1';

const webhookRoute = { method: 'POST', path: '/webhooks/plaid', function: 'webhook' } as const;
const eventRoute = { method: 'POST', path: '/webhooks/openbanking-uk', function: 'webhook' } as const;
/** As the HTTP API on AWS has them: by the same table. */
const apiRoutes: readonly HttpApiRoute[] = [
  ...Object.values(routes).map(({ method, path, servedBy }) => ({ method, path, function: servedBy })),
  webhookRoute,
  eventRoute,
];
const tableName = 'quartersec';
const bundles = new URL('../../../apps/processor/dist/', import.meta.url);
const functionTimeoutMs = 5_000;
const freeConnections = 20;
const rekeyDeadlineMs = 600_000;
/** Beyond an exchange, which Plaid takes seconds for now and then. */
const connectTimeoutMs = 29_000;
/** Enough for a few events a second; each further one would have a JIT of its own to warm up. */
const gentleEnvironments = 3;
const clientId = 'sandbox-client';
const secret = 'sandbox-secret';

/** @throws {Error} naming what could not be started and the remedy */
export async function startSystem(options: SystemOptions): Promise<System> {
  const progress = options.onProgress ?? (() => {});
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const end of closers.splice(0).reverse()) await end();
  };
  try {
    return await start(options, progress, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  options: SystemOptions,
  progress: (step: string) => void,
  closers: (() => Promise<void>)[],
  close: () => Promise<void>,
): Promise<System> {
  const processBundle = options.processBundle ?? fileURLToPath(new URL('process', bundles));
  if (!existsSync(processBundle)) throw new Error(`no bundle at ${processBundle}: run "npm run build" first`);
  const keep = <Ready>(service: ChildService<Ready>) => {
    closers.push(service.close);
    return service;
  };

  progress('starting the table');
  const ownTable =
    options.dynamoDbUrl === undefined
      ? keep(await startChildService<{ url: string }>(module('dynalite-service'), {}))
      : undefined;
  const dynamoDbUrl = options.dynamoDbUrl ?? ownTable?.ready.url ?? '';
  const { client, table } = connectTable({ tableName, region, endpoint: dynamoDbUrl });
  closers.push(async () => client.destroy());
  await createTableIfMissing(client, tableName);

  let cacheNode: CacheNode | undefined;
  if (options.dax) {
    progress('starting the DAX node');
    cacheNode = await startCacheNode({ endpoint: dynamoDbUrl, region });
    closers.push(cacheNode.close);
  }

  const ownFrom = options.connections + (options.freeConnections ?? freeConnections);
  const others = otherStandards(options.plaid === undefined ? options : {}, ownFrom);
  if (options.plaid === undefined) progress('starting the provider simulator');
  const redirectUri = `${await freeLoopbackAddress()}/linked`;
  const openBankingClient = createOpenBankingClient(redirectUri, options.seal);
  const simulator =
    options.plaid === undefined
      ? keep(
          await startChildService<{ url: string; controlUrl: string }>(module('providers-service'), {
            ...options.providers,
            seed: options.seed,
            connections: ownFrom + others.all.length,
            linkFrom: options.connections,
            openBankingClient: openBankingClient.registered,
            clientId,
            secret,
          }),
        ).ready
      : undefined;

  progress('starting the Lambda host');
  let tokenKey = randomBytes(32).toString('base64');
  const readTokenKey = randomBytes(32).toString('base64');
  const metrics = createSystemMetrics(Date.now, ['plaid', ...others.providers]);
  const queue = { ...queueDefaults, ...options.queue };
  const host = await startLambdaHost({
    region,
    queues: queueDefinitions(queue),
    onLog(functionName, line) {
      metrics.readLine(line);
      options.onLog?.(functionName, line);
    },
    onDeadLetter: (letter) =>
      metrics.add('DeadLettered', 1, { service: 'process', provider: providerOfLetter(letter) }),
  });
  closers.push(() => host.close());
  const watching = recordPlatform(host, metrics);
  closers.push(async () => watching.stop());
  if (cacheNode !== undefined) {
    const recording = recordCacheReads(cacheNode, metrics);
    closers.push(async () => recording.stop());
  }

  const tableEnvironment = {
    TABLE_NAME: tableName,
    DYNAMODB_ENDPOINT: dynamoDbUrl,
    ...(cacheNode === undefined ? {} : { DAX_ENDPOINT: cacheNode.url }),
  };
  const providerAccess: System['providerAccess'] = {
    baseUrl: options.plaid?.baseUrl ?? simulator?.url ?? '',
    clientId: options.plaid?.clientId ?? clientId,
    secret: options.plaid?.secret ?? secret,
    get tokenKey() {
      return tokenKey;
    },
  };
  const plaidEnvironment = {
    PLAID_BASE_URL: providerAccess.baseUrl,
    PLAID_CLIENT_ID: providerAccess.clientId,
    PLAID_SECRET: providerAccess.secret,
  };
  const timeoutMs = options.functionTimeoutMs ?? functionTimeoutMs;
  const shared = { kind: 'node', handler: 'index.handler', timeoutMs, memoryMb: 512 } as const;
  await host.deployFunction({
    ...shared,
    name: 'query',
    directory: fileURLToPath(new URL('query', bundles)),
    maxEnvironments: 2,
    concurrencyPerEnvironment: options.concurrencyPerEnvironment ?? 1,
    environment: { ...tableEnvironment, READ_TOKEN_KEY: readTokenKey },
  });
  await host.deployFunction({
    ...shared,
    name: 'webhook',
    directory: fileURLToPath(new URL('webhook', bundles)),
    maxEnvironments: 2,
    environment: {
      ...tableEnvironment,
      ...queueEnvironment(host),
      ...plaidEnvironment,
      ...others.environmentAt(simulator?.url, openBankingClient),
    },
  });
  const reachCache = async (url: string) => {
    const cache = await connectCache({ client, table }, { tableName, region, endpoint: dynamoDbUrl }, url);
    if (cache === undefined)
      throw new Error(`no DAX node answers at ${url}: its cache would keep heads with the old key`);
    return cache;
  };
  const apiUrl = await host.addHttpApi({
    port: options.apiPort ?? 0,
    routes: apiRoutes,
    corsOrigins: options.corsOrigins ?? [],
  });
  const webhookUrl = `${apiUrl}${webhookRoute.path}`;
  /** The functions that open tokens. Deployed again, they have other keys: what runs ends as it began. */
  const deployWithKeys = async (tokenKeys: string) => {
    await host.deployFunction({
      ...shared,
      name: 'process',
      directory: processBundle,
      maxEnvironments: options.maxEnvironments ?? gentleEnvironments,
      concurrencyPerEnvironment: options.concurrencyPerEnvironment ?? 1,
      environment: {
        ...tableEnvironment,
        ...queueEnvironment(host),
        ...plaidEnvironment,
        ...others.environmentAt(simulator?.url, openBankingClient),
        TOKEN_KEY: tokenKeys,
        ...options.processEnvironment,
      },
    });
    await host.deployFunction({
      ...shared,
      timeoutMs: connectTimeoutMs,
      name: 'connect',
      directory: fileURLToPath(new URL('connect', bundles)),
      maxEnvironments: 2,
      environment: {
        ...tableEnvironment,
        ...queueEnvironment(host),
        ...plaidEnvironment,
        ...others.environmentAt(simulator?.url, openBankingClient),
        TOKEN_KEY: tokenKeys,
        READ_TOKEN_KEY: readTokenKey,
        // A real provider cannot reach this machine: then the schedule alone asks.
        ...(simulator === undefined ? {} : { WEBHOOK_URL: webhookUrl }),
      },
    });
    tokenKey = tokenKeys;
  };
  await deployWithKeys(tokenKey);
  deliverToProcess(host, queue);

  const connections =
    options.plaid === undefined
      ? sandboxConnections(options.connections, options.usersOfMany)
      : options.plaid.accessTokens.map((accessToken, index) => ({
          connectionId: `plaid-${index}`,
          userId: 'user-0',
          accessToken,
          institutionId: 'plaid',
        }));
  const linking = [...connections, ...others.all];
  await linkAll(table, linking, tokenKey, (linked) => progress(`linking connections: ${linked}/${linking.length}`));

  if (options.webhooks && simulator !== undefined) {
    await sendTo(webhookUrl, `${simulator.controlUrl}/webhooks`);
    await sendTo(`${apiUrl}${eventRoute.path}`, `${simulator.controlUrl}/bank-events`);
  }
  if (options.scheduleTickMs !== undefined) {
    const schedule = startScheduleTimer(() => sendDue(host), options.scheduleTickMs);
    closers.push(async () => schedule.stop());
  }

  return {
    host,
    processUrl: host.functionUrl('process'),
    apiUrl,
    webhookUrl,
    queueUrl: host.queueUrl(queueNames.sync),
    deadLetterQueueUrl: host.queueUrl(queueNames.dead),
    table,
    tableName,
    dynamoDbUrl,
    tablePid: ownTable?.pid,
    cacheNode,
    controlUrl: simulator?.controlUrl,
    connections,
    openBanking: others.openBanking,
    berlinGroup: others.berlinGroup,
    forget(connectionId) {
      const index = connections.findIndex((one) => one.connectionId === connectionId);
      if (index >= 0) connections.splice(index, 1);
    },
    providerAccess,
    providerVariables: () => ({
      ...plaidEnvironment,
      ...others.environmentAt(simulator?.url, openBankingClient),
      TOKEN_KEY: tokenKey,
    }),
    get tokenKey() {
      return tokenKey;
    },
    async rotateTokenKey() {
      const name = `k${Date.now().toString(36)}`;
      const newKey = `${name}:${randomBytes(32).toString('base64')}`;
      await deployWithKeys(`${tokenKey},${newKey}`); // until every function can open what the new key seals, the old one does it
      await deployWithKeys(`${newKey},${tokenKey.split(',')[0]}`);
      const cache = cacheNode === undefined ? {} : { cache: await reachCache(cacheNode.url) };
      const deadline = createDeadline(rekeyDeadlineMs, () => performance.now());
      const keys = { tokenKeys: tokenKey, newId: randomUUID, nowEpochMs: Date.now };
      const report = await rekeyTable(table, { ...keys, ...cache, deadline }).finally(() => cache.cache?.close());
      if (report.unreadable.length === 0) await deployWithKeys(newKey);
      return report;
    },
    readTokenKey,
    redirectUri,
    tokenFor: (userId) => signUserToken(userId, readTokenKey, Date.now()),
    metrics,
    close,
  };
}

/** Of Items that are linked already; those of Link name the address themselves. */
async function sendTo(url: string, controlUrl: string): Promise<void> {
  const response = await fetch(controlUrl, { method: 'POST', body: JSON.stringify({ url }) });
  if (!response.ok) throw new Error(`the simulator does not take the address of webhooks: ${await response.text()}`);
}

function sendDue(host: LambdaHost): void {
  host.queues.send(queueNames.sync, scheduleMessage, {});
}

function module(name: string): string {
  return fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
}
