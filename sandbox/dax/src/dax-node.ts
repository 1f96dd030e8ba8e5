/** The node: wires its parts together, listens, and stops cleanly. */
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { AttributeLists } from './attribute-lists.ts';
import { Backend } from './backend.ts';
import { ByteLru } from './byte-lru.ts';
import { Connection, type ConnectionDeps } from './connection.ts';
import type { Core } from './core.ts';
import { DaxNodeError } from './dax-node-error.ts';
import { ItemCache } from './item-cache.ts';
import { KeyLocks } from './key-locks.ts';
import { KeySchemas } from './key-schemas.ts';
import { LargeRequestSlots } from './large-request-slots.ts';
import { METHODS } from './methods.ts';
import { type MetricsServer, startMetricsServer } from './metrics-server.ts';
import { type DaxNodeOptions, resolveOptions } from './options.ts';
import { QueryCache } from './query-cache.ts';
import { Scopes } from './scopes.ts';
import { type ConnectionStats, type DaxNodeStats, OperationMeter, TableCounters } from './stats.ts';

export interface DaxNode {
  /** For the client's `endpoint`: an address, because AWS's JavaScript client does not resolve `localhost`. */
  readonly url: string;
  readonly port: number;
  /** Base of `/metrics` and `/stats`, when a metrics port was asked for. */
  readonly metricsUrl: string | undefined;
  stats(): DaxNodeStats;
  /** Stops accepting, finishes what is at work (up to 5 s), then closes. Safe to call twice. */
  close(): Promise<void>;
}

const LARGE_REQUESTS_AT_ONCE = 8;
const STALL_CHECK_MS = 5_000;
const CLOSE_GRACE_MS = 5_000;
const BACKLOG = 1_024; // a thousand clients may start in the same moment

/**
 * Starts a DAX cluster of one node in front of a DynamoDB endpoint. The endpoint need not be there yet.
 * @throws {DaxNodeError} `OPTIONS_INVALID`, `PORT_IN_USE`, `LISTEN_FAILED`, `STATE_UNUSABLE`
 */
export async function startDaxNode(options: DaxNodeOptions): Promise<DaxNode> {
  const settings = resolveOptions(options);
  const { nowMs } = settings;
  const lists = new AttributeLists({
    stateDirectory: settings.stateDirectory,
    limitBytes: settings.attributeListLimitBytes,
  });
  const backend = new Backend({
    endpoint: settings.endpoint,
    timeoutMs: settings.backendTimeoutMs,
    connectionsMax: settings.backendConnectionsMax,
  });
  const lru = new ByteLru(settings.memoryLimitBytes);
  const core: Omit<Core, 'backend' | 'schemas'> = {
    lists,
    items: new ItemCache(lru, { ttlMs: settings.itemTtlMs, nowMs }),
    queries: new QueryCache(lru, { ttlMs: settings.queryTtlMs, nowMs }),
    locks: new KeyLocks(),
    tables: new TableCounters(),
  };
  const scopes = new Scopes({
    pinned: settings.pinned,
    open: (scope, ordinal) => {
      const scoped = backend.as(scope);
      return { ...core, backend: scoped, schemas: new KeySchemas(scoped, ordinal, nowMs) };
    },
  });
  const connectionStats: ConnectionStats = { open: 0, accepted: 0, refused: 0 };
  const meters = new Map([...METHODS.values()].map(({ name }) => [name, new OperationMeter()]));
  const deps: ConnectionDeps = {
    scopes,
    meters,
    stats: connectionStats,
    slots: new LargeRequestSlots(LARGE_REQUESTS_AT_ONCE),
    requestBytesMax: settings.requestBytesMax,
    advertised: settings.advertised,
    nowMs,
    log: settings.log,
  };
  const connections = new Set<Connection>();
  const accept = (socket: Socket): void => {
    const connection = new Connection(socket, deps);
    connections.add(connection);
    connectionStats.accepted += 1;
    connectionStats.open += 1;
    socket.on('close', () => {
      connections.delete(connection);
      connectionStats.open -= 1;
    });
  };
  const server: Server = settings.tls === undefined ? createServer(accept) : createTlsServer(settings.tls, accept);
  server.maxConnections = settings.connectionsMax;
  const port = await listen(server, settings.port, settings.host);
  const stats = (): DaxNodeStats => ({
    itemCache: { ...core.items.counters },
    queryCache: { ...core.queries.counters },
    memory: { usedBytes: lru.bytes, limitBytes: lru.limitBytes },
    tables: core.tables.snapshot(),
    operations: Object.fromEntries([...meters].map(([name, meter]) => [name, meter.summary()])),
    connections: { ...connectionStats },
    backend: { ...backend.stats },
    attributeLists: { count: lists.count, bytes: lists.bytes },
  });
  let metrics: MetricsServer | undefined;
  if (settings.metricsPort !== undefined) {
    try {
      metrics = await startMetricsServer(settings.host, settings.metricsPort, stats);
    } catch (error) {
      server.close();
      throw listenError(error, settings.metricsPort, settings.host);
    }
  }
  const stallCheck = setInterval(() => {
    for (const connection of connections) connection.checkStalled(nowMs());
  }, STALL_CHECK_MS);
  stallCheck.unref();

  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    clearInterval(stallCheck);
    const ended = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const connection of connections) connection.finish();
    const grace = setTimeout(() => {
      for (const connection of connections) connection.destroy();
    }, CLOSE_GRACE_MS);
    await ended;
    clearTimeout(grace);
    await metrics?.close();
    backend.close();
  };
  const scheme = settings.tls === undefined ? 'dax' : 'daxs';
  const reachable = settings.advertised?.address ?? reachableHost(settings.host);
  return {
    url: `${scheme}://${reachable}:${settings.advertised?.port ?? port}`,
    port,
    metricsUrl: metrics?.url,
    stats,
    close: () => (closed ??= close()),
  };
}

function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::' || host === 'localhost') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, port, host)));
    server.listen({ port, host, backlog: BACKLOG }, () => {
      server.removeAllListeners('error');
      server.on('error', () => {}); // a failed accept concerns one client, not the node
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function listenError(error: unknown, port: number, host: string): DaxNodeError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    const remedy = 'stop what listens there, or choose another port (0 takes a free one)';
    return new DaxNodeError('PORT_IN_USE', `port ${port} of ${host} is in use: ${remedy}`, { cause: error });
  }
  return new DaxNodeError('LISTEN_FAILED', `cannot listen on ${host}:${port}: ${message}`, { cause: error });
}
