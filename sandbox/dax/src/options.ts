/** Options of the node, their defaults, and what is wrong with them. */
import { isIP } from 'node:net';
import { DaxNodeError } from './dax-node-error.ts';
import type { ClaimedScope } from './scope.ts';

export interface DaxNodeOptions {
  /** The DynamoDB endpoint behind the node, as `http://127.0.0.1:8000`. */
  readonly endpoint: string;
  /** 0 (default): a free one. */
  readonly port?: number | undefined;
  /** Address to listen on, 127.0.0.1 by default. */
  readonly host?: string | undefined;
  /** `address:port` that clients are told to connect to: needed behind a port mapping. */
  readonly advertise?: string | undefined;
  /** PEM texts; with them the node speaks TLS (`daxs://`). */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Life of an item, 5 minutes by default as in DAX; 0: until it is written or evicted. */
  readonly itemTtlMs?: number | undefined;
  /** Life of a query result, 5 minutes by default as in DAX; 0: nothing is cached. */
  readonly queryTtlMs?: number | undefined;
  /** Both caches together, 256 MiB by default. */
  readonly memoryLimitBytes?: number | undefined;
  /** Folder for what must survive a restart (ids of attribute lists). Without it they live in memory only. */
  readonly stateDirectory?: string | undefined;
  /** Milliseconds that never run backwards; for tests. */
  readonly clock?: { nowMs(): number } | undefined;
  /** Region and access key id named to the endpoint; by default those of each client. Some emulators keep tables apart by them. */
  readonly region?: string | undefined;
  readonly accessKeyId?: string | undefined;
  /** 50 s by default, below the 60 s after which clients give up. */
  readonly backendTimeoutMs?: number | undefined;
  /** Calls of the endpoint at a time, 128 by default. */
  readonly backendConnectionsMax?: number | undefined;
  /** Open client connections, 10,000 by default. */
  readonly connectionsMax?: number | undefined;
  /** Largest request, 32 MiB by default: 25 items of 400 KB take 10 MB. */
  readonly requestBytesMax?: number | undefined;
  /** Memory for names of attributes, 64 MiB by default. */
  readonly attributeListLimitBytes?: number | undefined;
  /** Port of `/metrics` (Prometheus) and `/stats` (JSON); 0: a free one; not given: none. */
  readonly metricsPort?: number | undefined;
  /** Told of closed connections and failures, one line each; silent by default. */
  readonly log?: ((line: string) => void) | undefined;
}

export interface ResolvedOptions {
  readonly endpoint: string;
  readonly port: number;
  readonly host: string;
  readonly advertised: { readonly address: string; readonly port: number } | undefined;
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly itemTtlMs: number;
  readonly queryTtlMs: number;
  readonly memoryLimitBytes: number;
  readonly stateDirectory: string | undefined;
  readonly nowMs: () => number;
  readonly pinned: ClaimedScope;
  readonly backendTimeoutMs: number;
  readonly backendConnectionsMax: number;
  readonly connectionsMax: number;
  readonly requestBytesMax: number;
  readonly attributeListLimitBytes: number;
  readonly metricsPort: number | undefined;
  readonly log: (line: string) => void;
}

const MIB = 1024 * 1024;
const TTL_DEFAULT_MS = 300_000;

/** @throws {DaxNodeError} `OPTIONS_INVALID` */
export function resolveOptions(options: DaxNodeOptions): ResolvedOptions {
  const { clock } = options;
  return {
    endpoint: endpointUrl(options.endpoint),
    port: whole('port', options.port ?? 0, 0, 65_535),
    host: options.host ?? '127.0.0.1',
    advertised: options.advertise === undefined ? undefined : advertisedAddress(options.advertise),
    tls: options.tls,
    itemTtlMs: whole('itemTtlMs', options.itemTtlMs ?? TTL_DEFAULT_MS, 0),
    queryTtlMs: whole('queryTtlMs', options.queryTtlMs ?? TTL_DEFAULT_MS, 0),
    memoryLimitBytes: whole('memoryLimitBytes', options.memoryLimitBytes ?? 256 * MIB, 0),
    stateDirectory: options.stateDirectory,
    nowMs: clock === undefined ? () => performance.now() : () => clock.nowMs(),
    pinned: { region: options.region, accessKeyId: options.accessKeyId },
    backendTimeoutMs: whole('backendTimeoutMs', options.backendTimeoutMs ?? 50_000, 1),
    backendConnectionsMax: whole('backendConnectionsMax', options.backendConnectionsMax ?? 128, 1),
    connectionsMax: whole('connectionsMax', options.connectionsMax ?? 10_000, 1),
    requestBytesMax: whole('requestBytesMax', options.requestBytesMax ?? 32 * MIB, 1024),
    attributeListLimitBytes: whole('attributeListLimitBytes', options.attributeListLimitBytes ?? 64 * MIB, 1024),
    metricsPort: options.metricsPort === undefined ? undefined : whole('metricsPort', options.metricsPort, 0, 65_535),
    log: options.log ?? (() => {}),
  };
}

function whole(name: string, value: number, min: number, max = Number.MAX_SAFE_INTEGER): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw new DaxNodeError('OPTIONS_INVALID', `${name} must be a whole number from ${min} to ${max}, not ${value}`);
}

function endpointUrl(endpoint: string): string {
  const usable = URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol);
  if (usable) return endpoint;
  throw new DaxNodeError('OPTIONS_INVALID', `endpoint must be a URL such as http://127.0.0.1:8000, not ${endpoint}`);
}

/** Clients are given bytes of an address, so a name would have to be resolved for them; `localhost` alone is. */
function advertisedAddress(advertise: string): { address: string; port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(advertise);
  const named = match?.[1] ?? match?.[2] ?? '';
  const address = named === 'localhost' ? '127.0.0.1' : named;
  const port = Number(match?.[3]);
  if (isIP(address) === 0 || !(port >= 1 && port <= 65_535)) {
    throw new DaxNodeError(
      'OPTIONS_INVALID',
      `advertise must be an IP address and a port, as 192.0.2.7:8111, not ${advertise}`,
    );
  }
  return { address, port };
}
