/**
 * The first import of each connection, which also pays for the start of the environments. It comes before the board looks,
 * as after a deployment: the first import of a bank is a background event, and the board is about the events after it.
 */
import { setTimeout as sleepMs } from 'node:timers/promises';
import type { System } from './system.ts';
import { sendEvent } from './traffic.ts';

/** More would meet the provider's limit of a minute, and the traffic imports the rest. */
const importsAtMost = 1_000;
/** Few enough that none waits long in the queue: what the totals hold of the imports is part of every later figure. */
const importsAtOnce = 12;
const lookEveryMs = 10;
/** An import that has failed waits for its redelivery: not waited for. */
const looksAtMost = 500;

export interface WarmUpDeeds {
  send(connectionId: string): Promise<void>;
  /** Messages that are waiting or being worked on. */
  pending(): number;
  wait(): Promise<void>;
}

/**
 * Queues an event for each connection, a few at a time, and waits until they are done. Their cold starts are counted.
 * @param onProgress told how many are done
 */
export async function warmUp(
  { connections }: Pick<System, 'connections'>,
  { send, pending, wait }: WarmUpDeeds,
  onProgress: (done: number, all: number) => void,
): Promise<void> {
  const wanted = connections.slice(0, importsAtMost);
  for (let done = 0; done < wanted.length; done += importsAtOnce) {
    onProgress(done, wanted.length);
    await Promise.all(wanted.slice(done, done + importsAtOnce).map(({ connectionId }) => send(connectionId)));
    for (let looks = 0; looks < looksAtMost && pending() > 0; looks += 1) await wait();
  }
}

export function warmUpDeedsIn(
  { host, queueUrl, metrics }: Pick<System, 'host' | 'queueUrl' | 'metrics'>,
  queueName: string,
): WarmUpDeeds {
  let sent = 0;
  return {
    async send(connectionId) {
      await sendEvent(queueUrl, connectionId);
      sent += 1;
    },
    pending() {
      const { visible = 0, inFlight = 0 } = host.stats().queues[queueName] ?? {};
      // What an event measured is read from the function's output after its message is gone.
      return Math.max(visible + inFlight, sent - metrics.lastMinute.total('Events'));
    },
    wait: () => sleepMs(lookEveryMs),
  };
}
