import { existsSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { resolve } from 'node:path';
import { AsyncInvocations, type AsyncStats } from './async-invocations.ts';
import { type Clock, systemClock } from './clock.ts';
import { EnvironmentPool, type PoolStats } from './environment-pool.ts';
import { checkEventSource, EventSource, type EventSourceDefinition } from './event-source.ts';
import { type FunctionDefinition, type ResolvedFunction, resolveFunction } from './function-definition.ts';
import { createFunctionUrl } from './function-url.ts';
import { HostError } from './host-error.ts';
import { closeServer, listen } from './host-server.ts';
import { createHttpApi, type HttpApiDefinition } from './http-api.ts';
import type { InvokeOptions, InvokeResult, PlatformReport } from './invocation.ts';
import { createInvokeApi, INVOKE_PREFIX } from './invoke-api.ts';
import { createLogBuffer, type LogBuffer } from './log-lines.ts';
import type { DeadLetter, QueueStats } from './message-queue.ts';
import { type QueueDefinition, Queues } from './queues.ts';
import { createRuntimeApi, ENVIRONMENT_PREFIX, type EnvironmentInPool } from './runtime-api.ts';
import { createSqsApi, SQS_TARGET_PREFIX } from './sqs-api.ts';

export interface LambdaHostOptions {
  /** Port of the Runtime API, the Invoke API and SQS; 0, the default, takes a free one. */
  readonly port?: number;
  /** Address to listen on; default 127.0.0.1. Nothing is authenticated: keep it on loopback. */
  readonly host?: string;
  readonly functions?: readonly FunctionDefinition[];
  readonly queues?: readonly QueueDefinition[];
  readonly eventSources?: readonly EventSourceDefinition[];
  /** Every line that a function writes to stdout or stderr, EMF lines among them. */
  readonly onLog?: (functionName: string, line: string, environmentId: string) => void;
  readonly onReport?: (report: PlatformReport) => void;
  /** A message moved to its dead-letter queue. Must not throw. */
  readonly onDeadLetter?: (letter: DeadLetter) => void;
  /** Default us-east-1. */
  readonly region?: string;
  /** Default 000000000000. */
  readonly accountId?: string;
  /** The time of queues and of retries of asynchronous invocations; functions run in real time always. */
  readonly clock?: Clock;
  /** Lines kept of each function's output. Default 2 000. */
  readonly logLines?: number;
}

export interface EnvironmentInfo {
  readonly id: string;
  readonly functionName: string;
  readonly pid: number | undefined;
  readonly state: 'starting' | 'idle' | 'busy';
  readonly invocations: number;
}

export interface LambdaHostStats {
  readonly functions: Readonly<Record<string, PoolStats>>;
  readonly queues: Readonly<Record<string, QueueStats>>;
  readonly asyncInvocations: AsyncStats;
}

export interface LambdaHost {
  /** Endpoint for `LambdaClient` and `SQSClient`. */
  readonly url: string;
  readonly queues: Queues;
  /** @throws {HostError} `ResourceNotFoundException` */
  functionUrl(name: string): string;
  /** @throws {HostError} `QueueDoesNotExist` */
  queueUrl(name: string): string;
  /**
   * Runs a function and waits for its answer.
   * @param event anything that JSON can carry
   * @returns its answer, or its error as `functionError`: a failing function does not reject
   * @throws {HostError} `ResourceNotFoundException`, `TooManyRequestsException`, `RequestTooLargeException`, `HostClosed`
   */
  invoke(name: string, event: unknown, options?: InvokeOptions): Promise<InvokeResult>;
  /** The newest lines of a function's output, oldest first. */
  logs(name: string): string[];
  stats(): LambdaHostStats;
  environments(): EnvironmentInfo[];
  /** SIGKILL, as a fault to plant. Resolves when the process is gone. @returns whether there was such an environment */
  killEnvironment(id: string): Promise<boolean>;
  /** Adds a function, or replaces the one of that name: what runs ends as it began, what comes runs the new one. */
  deployFunction(definition: FunctionDefinition): Promise<void>;
  /**
   * Opens one address in front of functions, deployed now or later.
   * @returns its URL, without a slash at the end
   * @throws {HostError} `PortInUse`
   */
  addHttpApi(definition: HttpApiDefinition): Promise<string>;
  /** @throws {HostError} `InvalidParameterValueException` */
  addEventSource(definition: EventSourceDefinition): void;
  /** Takes nothing more from the queues; resolves when nothing runs any more. */
  drain(): Promise<void>;
  /** After `drain`: takes from the queues again. */
  resume(): void;
  /** Ends every environment, closes every port. */
  close(): Promise<void>;
}

/**
 * Starts a Lambda host on this machine.
 * @throws {HostError} `InvalidParameterValueException`, `InvalidParameterValue`, `PortInUse`
 */
export async function startLambdaHost(options: LambdaHostOptions = {}): Promise<LambdaHost> {
  const {
    port = 0,
    host = '127.0.0.1',
    region = 'us-east-1',
    accountId = '000000000000',
    clock = systemClock,
  } = options;
  const pools = new Map<string, EnvironmentPool>();
  const logs = new Map<string, LogBuffer>();
  const urls = new Map<string, { readonly server: Server; readonly url: string }>();
  const apis: Server[] = [];
  const environments = new Map<string, EnvironmentInPool>();
  const queues = new Queues(clock, options.onDeadLetter);
  const asyncInvocations = new AsyncInvocations(clock);
  const eventSources: EventSource[] = [];

  const findPool = (name: string): EnvironmentPool => {
    const pool = pools.get(name);
    if (pool !== undefined) return pool;
    throw new HostError(
      'ResourceNotFoundException',
      `Function not found: arn:aws:lambda:${region}:${accountId}:function:${name}`,
    );
  };
  const queueUrl = (name: string): string => `${url}/${accountId}/${queues.get(name).name}`;

  const handleRuntime = createRuntimeApi((id) => environments.get(id));
  const handleInvoke = createInvokeApi({ findPool, enqueueEvent: (...event) => asyncInvocations.enqueue(...event) });
  const handleSqs = createSqsApi({ queues, region, accountId, queueUrl });

  function handle(request: IncomingMessage, response: ServerResponse): void {
    const target = request.headers['x-amz-target'];
    if (request.url?.startsWith(ENVIRONMENT_PREFIX)) {
      response.sendDate = false;
      handleRuntime(request, response);
    } else if (typeof target === 'string' && target.startsWith(SQS_TARGET_PREFIX)) handleSqs(request, response);
    else if (request.url?.startsWith(INVOKE_PREFIX)) handleInvoke(request, response);
    else {
      request.resume();
      response.writeHead(404, { 'Content-Type': 'text/plain' });
      response.end('A Lambda host: it answers the Lambda Invoke API and SQS. Function URLs have ports of their own.\n');
    }
  }

  function addPool(definition: ResolvedFunction, authority: string): EnvironmentPool {
    const { name } = definition;
    const log = createLogBuffer(options.logLines ?? 2_000);
    logs.set(name, log);
    const pool: EnvironmentPool = new EnvironmentPool(definition, {
      authority,
      region,
      accountId,
      onLine: (environmentId, line) => {
        log.add(line);
        options.onLog?.(name, line, environmentId);
      },
      onReport: options.onReport,
      onStarted: (environment) => environments.set(environment.id, { environment, pool }),
      onEnded: (environment) => environments.delete(environment.id),
    });
    pools.set(name, pool);
    return pool;
  }

  async function deployFunction(given: FunctionDefinition): Promise<void> {
    const definition = withAbsolutePath(resolveFunction(given));
    const existing = pools.get(definition.name);
    if (existing !== undefined) {
      existing.replace(definition);
      return;
    }
    const pool = addPool(definition, authority);
    try {
      const own = await listen(host, definition.urlPort, createFunctionUrl(pool));
      urls.set(definition.name, { server: own.server, url: `http://${own.authority}/` });
    } catch (error) {
      pools.delete(definition.name);
      throw error;
    }
  }

  function addEventSource(definition: EventSourceDefinition): void {
    const queue = queues.get(definition.queue);
    const pool = findPool(definition.function);
    checkEventSource(definition, queue.settings.visibilityTimeoutMs, pool.definition.timeoutMs);
    const source = new EventSource(definition, {
      queue,
      pool,
      clock,
      place: { queueName: queue.name, region, accountId },
    });
    eventSources.push(source);
    source.start();
  }

  // Last resort, when the process ends without `close`: nothing may be left running.
  const killAll = () => {
    for (const { environment } of environments.values()) environment.kill('closing');
  };
  const stopSources = () => Promise.all(eventSources.map((source) => source.stop()));

  async function close(): Promise<void> {
    clearInterval(housekeeping);
    const stopped = stopSources();
    asyncInvocations.close();
    await Promise.all([...pools.values()].map((pool) => pool.close()));
    await stopped;
    queues.close();
    await Promise.all([server, ...apis, ...[...urls.values()].map((own) => own.server)].map(closeServer));
    process.off('exit', killAll);
  }

  for (const queue of options.queues ?? []) queues.create(queue);
  queues.assertDeadLetterQueues();
  const { server, authority } = await listen(host, port, handle);
  const url = `http://${authority}`;
  const housekeeping = setInterval(() => {
    for (const pool of pools.values()) pool.housekeep();
  }, 1_000);
  process.on('exit', killAll);
  try {
    for (const definition of options.functions ?? []) await deployFunction(definition);
    for (const definition of options.eventSources ?? []) addEventSource(definition);
  } catch (error) {
    await close();
    throw error;
  }

  return {
    url,
    queues,
    functionUrl(name) {
      findPool(name);
      return urls.get(name)?.url ?? '';
    },
    queueUrl,
    async invoke(name, event, invokeOptions) {
      return await findPool(name).invoke(JSON.stringify(event ?? null), invokeOptions);
    },
    logs(name) {
      findPool(name);
      return logs.get(name)?.lines() ?? [];
    },
    stats: () => ({
      functions: Object.fromEntries([...pools].map(([name, pool]) => [name, pool.stats()])),
      queues: queues.stats(),
      asyncInvocations: asyncInvocations.stats(),
    }),
    environments: () => [...environments.values()].map(describeEnvironment),
    async killEnvironment(id) {
      const found = environments.get(id);
      if (found === undefined) return false;
      found.pool.kill(found.environment, 'killed');
      await found.environment.ended;
      return true;
    },
    deployFunction,
    async addHttpApi(definition) {
      const own = await listen(
        host,
        definition.port ?? 0,
        createHttpApi(definition, (name) => pools.get(name)),
      );
      apis.push(own.server);
      return `http://${own.authority}`;
    },
    addEventSource,
    async drain() {
      await stopSources();
      await asyncInvocations.settled();
      await Promise.all([...pools.values()].map((pool) => pool.idle()));
    },
    resume() {
      for (const source of eventSources) source.start();
    },
    close,
  };
}

function describeEnvironment({ environment }: EnvironmentInPool): EnvironmentInfo {
  const { id, pid, invocations } = environment;
  const state = !environment.isReady ? 'starting' : environment.running.size > 0 ? 'busy' : 'idle';
  return { id, functionName: environment.definition.name, pid, state, invocations };
}

/** @throws {HostError} `InvalidParameterValueException` when there is nothing at the path */
function withAbsolutePath(definition: ResolvedFunction): ResolvedFunction {
  const path = resolve(definition.kind === 'node' ? definition.directory : definition.path);
  if (!existsSync(path)) {
    throw new HostError(
      'InvalidParameterValueException',
      `Function ${definition.name}: there is nothing at ${path}. Is it built?`,
    );
  }
  return definition.kind === 'node' ? { ...definition, directory: path } : { ...definition, path };
}
