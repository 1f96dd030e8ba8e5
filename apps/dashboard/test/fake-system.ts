/** A running system as the board sees it: counts that a test sets, and all the ways not to answer. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  bucketBoundsMs,
  bucketIndex,
  type CountMetric,
  counterLines,
  countMetrics,
  histogramLines,
  isBlamed,
  type TimingMetric,
  timingMetrics,
} from '@quartersec/sla';

const labels = { service: 'process', provider: 'plaid' };

export interface FakeSystem {
  readonly url: string;
  /** Values of events, one each; `RoundTrip` and the like. */
  time(metric: TimingMetric, ...valuesMs: readonly number[]): void;
  count(metric: CountMetric, added?: number): void;
  /** Totals start again from 0. */
  restart(): void;
  exposition(): string;
  errors: readonly object[];
  /** `undefined`: a real provider. */
  faults: { id: string; [member: string]: unknown }[] | undefined;
  droppedValues: number;
  lastAudit: { atEpochMs: number; differences: number } | null;
  /** Answer of `GET /connections`; `undefined`: there is no such call; `busy`: it fails. */
  connections: object | 'busy' | undefined;
  /** Where the API is that its tokens are good for; `undefined`: it has no tokens. */
  apiUrl: string | undefined;
  /** Takes requests and never answers them. */
  hangs: boolean;
  /** In place of the metrics. */
  answer: { readonly status: number; readonly body: string } | undefined;
  /** Refuses connections until `listen`. */
  shut(): Promise<void>;
  listen(): Promise<void>;
  close(): Promise<void>;
}

export async function startFakeSystem(): Promise<FakeSystem> {
  const counters = new Map<CountMetric, number>(countMetrics.map((metric) => [metric, 0]));
  const emptyTiming = () => ({ cumulativeCounts: new Array<number>(bucketBoundsMs.length + 1).fill(0), sumMs: 0 });
  const timings = new Map(timingMetrics.map((metric) => [metric, emptyTiming()]));
  let port = 0;

  const json = (response: ServerResponse, value: unknown, status = 200) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  };
  const server = createServer(async (request, response) => {
    if (system.hangs) return;
    const { method, url = '' } = request;
    let body = '';
    for await (const chunk of request) body += chunk;
    if (url === '/metrics') {
      if (system.answer) response.writeHead(system.answer.status).end(system.answer.body);
      else response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(system.exposition());
    } else if (url === '/errors') json(response, system.errors);
    else if (url === '/health')
      json(response, {
        status: 'ok',
        droppedValues: system.droppedValues,
      });
    else if (url === '/audits') json(response, system.lastAudit);
    else if (url === '/connections') {
      if (system.connections === undefined) json(response, { error: 'no such call' }, 404);
      else if (system.connections === 'busy') json(response, { error: 'TABLE_UNREACHABLE' }, 500);
      else json(response, system.connections);
    } else if (url === '/tokens' && system.apiUrl !== undefined) {
      const { userId } = JSON.parse(body) as { userId: string };
      json(response, { token: `token of ${userId}`, apiUrl: system.apiUrl });
    } else if (system.faults === undefined) json(response, { error: 'a real provider is used' }, 404);
    else if (method === 'POST') {
      system.faults.push(JSON.parse(body));
      json(response, { done: true });
    } else if (method === 'DELETE') {
      system.faults = system.faults.filter(({ id }) => url !== '/faults' && url !== `/faults/${id}`);
      json(response, { done: true });
    } else json(response, system.faults);
  });

  server.keepAliveTimeout = 0; // a test that works for seconds between two reads must find its connection open

  const system: FakeSystem = {
    url: '',
    errors: [],
    faults: [],
    droppedValues: 0,
    lastAudit: null,
    connections: undefined,
    apiUrl: undefined,
    hangs: false,
    answer: undefined,
    time(metric, ...valuesMs) {
      const timing = timings.get(metric) ?? emptyTiming();
      for (const valueMs of valuesMs) {
        for (let at = bucketIndex(valueMs); at < timing.cumulativeCounts.length; at += 1) {
          timing.cumulativeCounts[at] = (timing.cumulativeCounts[at] ?? 0) + 1;
        }
        timing.sumMs += valueMs;
      }
    },
    count(metric, added = 1) {
      counters.set(metric, (counters.get(metric) ?? 0) + added);
    },
    restart() {
      for (const metric of counters.keys()) counters.set(metric, 0);
      for (const metric of timings.keys()) timings.set(metric, emptyTiming());
    },
    exposition: () =>
      [
        ...[...counters].flatMap(([metric, value]) =>
          counterLines({ metric, labels: isBlamed(metric) ? { ...labels, blame: 'provider' } : labels }, value),
        ),
        ...[...timings].flatMap(([metric, timing]) => histogramLines({ metric, labels }, timing)),
        '',
      ].join('\n'),
    async shut() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
    async listen() {
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
      ({ port } = server.address() as AddressInfo);
    },
    close: () => system.shut(),
  };
  await system.listen();
  return Object.assign(system, { url: `http://127.0.0.1:${port}` });
}

/** Adds what one second of a healthy system looks like: events of 60 to 200 ms, most reads from the cache. */
export function addHealthySecond(system: FakeSystem, second: number): void {
  for (let event = 0; event < 5; event += 1) {
    const share = ((second * 5 + event) * 37) % 100;
    const provider = 45 + share * 1.2;
    const processing = 9 + (share % 20);
    system.count('Events');
    system.time('RoundTrip', provider + processing);
    system.time('Processing', processing);
    system.time('Store', 3 + (share % 9));
    system.time('ProviderTime', provider);
    system.count('CacheHits', share < 60 ? 1 : 0);
    system.count('CacheMisses', share < 60 ? 0 : 1);
  }
  if (second % 60 === 0) system.count('ScheduleTicks');
  if (second % 20 === 7) system.count('Retries');
  if (second % 45 === 3) system.count('ColdStart');
}
