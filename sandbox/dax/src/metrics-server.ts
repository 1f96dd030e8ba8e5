/** What the node counts, over HTTP: `/metrics` for Prometheus, `/stats` as JSON. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DaxNodeStats } from './stats.ts';

export interface MetricsServer {
  readonly url: string;
  close(): Promise<void>;
}

export async function startMetricsServer(
  host: string,
  port: number,
  stats: () => DaxNodeStats,
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    if (request.url === '/stats') {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(stats()));
    } else if (request.url === '/metrics') {
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      response.end(prometheusText(stats()));
    } else {
      response.statusCode = 404;
      response.end('/metrics or /stats\n');
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const named = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${named}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Prometheus text exposition, version 0.0.4. */
export function prometheusText(stats: DaxNodeStats): string {
  const lines: string[] = [];
  const family = (name: string, type: 'counter' | 'gauge' | 'summary', help: string) => {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
  };
  const caches = [
    ['item', stats.itemCache],
    ['query', stats.queryCache],
  ] as const;
  family('dax_cache_reads_total', 'counter', 'Cacheable reads by what the cache had.');
  for (const [cache, counters] of caches) {
    lines.push(`dax_cache_reads_total{cache="${cache}",result="hit"} ${counters.hits}`);
    lines.push(`dax_cache_reads_total{cache="${cache}",result="negative_hit"} ${counters.negativeHits}`);
    lines.push(`dax_cache_reads_total{cache="${cache}",result="miss"} ${counters.misses}`);
  }
  family('dax_cache_evictions_total', 'counter', 'Entries that went for lack of room.');
  for (const [cache, { evictions }] of caches) lines.push(`dax_cache_evictions_total{cache="${cache}"} ${evictions}`);
  family('dax_cache_entries', 'gauge', 'Entries held.');
  for (const [cache, { entries }] of caches) lines.push(`dax_cache_entries{cache="${cache}"} ${entries}`);
  family('dax_cache_bytes', 'gauge', 'Memory accounted to the entries.');
  for (const [cache, { bytes }] of caches) lines.push(`dax_cache_bytes{cache="${cache}"} ${bytes}`);
  family('dax_cache_limit_bytes', 'gauge', 'Limit of both caches together.');
  lines.push(`dax_cache_limit_bytes ${stats.memory.limitBytes}`);
  family('dax_table_reads_total', 'counter', 'Item cache reads by table.');
  for (const [table, reads] of Object.entries(stats.tables)) {
    lines.push(`dax_table_reads_total{table="${table}",result="hit"} ${reads.hits}`);
    lines.push(`dax_table_reads_total{table="${table}",result="negative_hit"} ${reads.negativeHits}`);
    lines.push(`dax_table_reads_total{table="${table}",result="miss"} ${reads.misses}`);
  }
  family('dax_request_duration_seconds', 'summary', 'From the last byte of a request to its answer.');
  for (const [operation, { count, meanMs, p50Ms, p95Ms, p99Ms }] of Object.entries(stats.operations)) {
    const quantiles = { '0.5': p50Ms, '0.95': p95Ms, '0.99': p99Ms };
    for (const [quantile, latencyMs] of Object.entries(quantiles)) {
      lines.push(`dax_request_duration_seconds{operation="${operation}",quantile="${quantile}"} ${latencyMs / 1000}`);
    }
    lines.push(`dax_request_duration_seconds_sum{operation="${operation}"} ${(meanMs * count) / 1000}`);
    lines.push(`dax_request_duration_seconds_count{operation="${operation}"} ${count}`);
  }
  family('dax_request_errors_total', 'counter', 'Requests answered with an error.');
  for (const [operation, { errors }] of Object.entries(stats.operations)) {
    lines.push(`dax_request_errors_total{operation="${operation}"} ${errors}`);
  }
  family('dax_connections_open', 'gauge', 'Client connections.');
  lines.push(`dax_connections_open ${stats.connections.open}`);
  family('dax_connections_total', 'counter', 'Client connections by what became of them.');
  lines.push(`dax_connections_total{result="accepted"} ${stats.connections.accepted}`);
  lines.push(`dax_connections_total{result="refused"} ${stats.connections.refused}`);
  family('dax_backend_calls_total', 'counter', 'Calls of the DynamoDB endpoint.');
  lines.push(`dax_backend_calls_total ${stats.backend.calls}`);
  family(
    'dax_backend_errors_total',
    'counter',
    'Calls of the DynamoDB endpoint that failed, conditions not met included.',
  );
  lines.push(`dax_backend_errors_total ${stats.backend.errors}`);
  return `${lines.join('\n')}\n`;
}
