/** The system that is watched: a process of its own, with gentle traffic, in which outages can be made. */
import { fileURLToPath } from 'node:url';
import { maxAttempts, parseExposition } from '@quartersec/sla';
import { startChildModule } from '../child-module.ts';
import { watchedAlert } from './alert-paths.ts';
import type { UnwatchedEvents } from './alert-summary.ts';
import { until } from './until.ts';

export interface WatchedSystem {
  readonly url: string;
  /**
   * Makes the provider fail until the retries of one event are exhausted, and mends it.
   * @returns when they were, ms since 1970: the time of the function's own log line
   */
  exhaustRetries(): Promise<number>;
  /** Events one after the other, and how long each took. */
  sendEvents(count: number): Promise<UnwatchedEvents & { readonly tookMs: readonly number[] }>;
  close(): Promise<void>;
}

interface Ready {
  readonly controlUrl: string;
  readonly quietConnection: { readonly connectionId: string; readonly accessToken: string };
  readonly busyConnectionIds: readonly string[];
}

interface ErrorLine {
  readonly timestamp: string;
  readonly level: string;
  readonly correlation_id: string;
}

const modulePath = fileURLToPath(new URL('../../../sandbox/system/src/driven/watched-service.ts', import.meta.url));
const loggedWithinMs = 10_000;

export const eventsPerSecond = 3;
const settings = { seed: 1, connections: 50, maxEnvironments: 2, eventsPerSecond };

export async function startWatchedSystem(say: (step: string) => void, signal: AbortSignal): Promise<WatchedSystem> {
  const { ready, close } = await startChildModule<Ready>(modulePath, settings, say);
  const { controlUrl, quietConnection, busyConnectionIds } = ready;
  const post = (path: string, body: unknown) =>
    fetch(`${controlUrl}${path}`, { method: 'POST', body: JSON.stringify(body), signal });
  const exhausted = async () => {
    const { series } = parseExposition(await (await fetch(`${controlUrl}/metrics`, { signal })).text(), Date.now());
    return series.counters
      .filter(({ metric }) => metric === watchedAlert)
      .reduce((sum, { samples }) => sum + (samples.at(-1)?.value ?? 0), 0);
  };
  return {
    url: controlUrl,
    async exhaustRetries() {
      const before = await exhausted();
      const { connectionId, accessToken } = quietConnection;
      const correlationId = `outage-${before + 1}`;
      const fault = { token: accessToken, kind: 'status', times: maxAttempts, options: { status: 503 } };
      const planted = (await (await post('/faults', fault)).json()) as { readonly id: string };
      await (await post('/events', { connectionId, correlationId })).arrayBuffer();
      await fetch(`${controlUrl}/faults/${planted.id}`, { method: 'DELETE', signal });
      let line: ErrorLine | undefined;
      const logged = async () => {
        const lines = (await (await fetch(`${controlUrl}/errors`, { signal })).json()) as readonly ErrorLine[];
        line = lines.find(({ level, correlation_id }) => level === 'CRITICAL' && correlation_id === correlationId);
        // Counted as well: watchers that start from now on must not see it rise
        return line !== undefined && (await exhausted()) === before + 1;
      };
      await until('exhausted retries in log and metrics', logged, loggedWithinMs, signal);
      const atEpochMs = Date.parse(line?.timestamp ?? '');
      if (Number.isNaN(atEpochMs)) throw new Error(`the log line has no time: ${JSON.stringify(line)}`);
      return atEpochMs;
    },
    async sendEvents(count) {
      const tookMs: number[] = [];
      let committed = 0;
      for (let index = 0; index < count; index += 1) {
        const connectionId = busyConnectionIds[index % busyConnectionIds.length];
        const startedMs = performance.now();
        const answer = (await (await post('/events', { connectionId })).json()) as { outcome?: { kind?: string } };
        tookMs.push(performance.now() - startedMs);
        if (answer.outcome?.kind === 'committed') committed += 1;
      }
      return { sent: count, committed, tookMs };
    },
    close,
  };
}
