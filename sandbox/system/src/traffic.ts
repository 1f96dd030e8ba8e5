/** A gentle stream of events, some of which meet a provider that misbehaves: something to look at after `npm start`. */
import { setTimeout as sleepMs } from 'node:timers/promises';
import type { System } from './system.ts';

export interface TrafficOptions {
  readonly eventsPerSecond: number;
  /** One fault is planted every so many events. */
  readonly faultEvery: number;
  /** 0 to 1. */
  readonly random: () => number;
  /** What it does to the world; by default, what it says. */
  readonly deeds?: TrafficDeeds;
}

export interface TrafficDeeds {
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  send(connectionId: string): Promise<void>;
  plantFault(accessToken: string, fault: TrafficFault | undefined): Promise<void>;
}

export type TrafficFault = (typeof faults)[number];

/**
 * What a planted fault does to the next calls of one connection. All are recovered by a retry or the queue: an alert is for the
 * fault that somebody plants, on the board or by hand.
 */
const faults = [
  { kind: 'status', times: 1, options: { status: 500 } },
  { kind: 'truncated', times: 1 },
  { kind: 'html-200', times: 1 },
  { kind: 'connect-reset', times: 2 },
  { kind: 'bad-record', times: 1 },
  { kind: 'too-many', times: 1, options: { retryAfterSeconds: 2 } },
  { kind: 'status', times: 3, options: { status: 503 } },
] as const;

export interface Traffic {
  readonly sent: () => number;
  stop(): Promise<void>;
}

function deedsIn(system: Pick<System, 'queueUrl' | 'controlUrl'>): TrafficDeeds {
  return {
    sleep: (ms, signal) => sleepMs(ms, undefined, { signal }),
    send: (connectionId) => sendEvent(system.queueUrl, connectionId),
    plantFault: (accessToken, fault) => plantFault(system, accessToken, fault),
  };
}

/** Connections are looked up at every event: one that is forgotten gets none any more. */
export function startTraffic(
  system: Pick<System, 'connections' | 'queueUrl' | 'controlUrl'>,
  options: TrafficOptions,
): Traffic {
  const deeds = options.deeds ?? deedsIn(system);
  const stopping = new AbortController();
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(options.random() * items.length)];
  let sent = 0;
  const run = async () => {
    while (!stopping.signal.aborted) {
      await deeds.sleep(1_000 / options.eventsPerSecond, stopping.signal);
      const connection = pick(system.connections);
      if (connection === undefined) return;
      if (sent % options.faultEvery === options.faultEvery - 1)
        await deeds.plantFault(connection.accessToken, pick(faults));
      await deeds.send(connection.connectionId);
      sent += 1;
    }
  };
  const running = run().catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error;
  });
  return {
    sent: () => sent,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/**
 * Puts one event on a queue, as a webhook receiver or a schedule would.
 * @throws {Error} when the queue does not confirm it
 */
export async function sendEvent(queueUrl: string, connectionId: string): Promise<void> {
  const response = await fetch(new URL('/', queueUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' },
    body: JSON.stringify({
      QueueUrl: queueUrl,
      MessageBody: JSON.stringify({
        type: 'SyncRequested',
        connectionId,
        requestedEpochMs: Date.now(),
        reason: 'schedule',
      }),
    }),
  });
  if (!response.ok) throw new Error(`the queue answered ${response.status}: ${await response.text()}`);
  await response.arrayBuffer();
}

async function plantFault(
  system: Pick<System, 'controlUrl'>,
  accessToken: string,
  fault: TrafficFault | undefined,
): Promise<void> {
  if (system.controlUrl === undefined || fault === undefined) return;
  const response = await fetch(`${system.controlUrl}/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: accessToken, ...fault }),
  });
  if (!response.ok) throw new Error(`the simulator refused a fault: ${await response.text()}`);
  await response.arrayBuffer();
}
