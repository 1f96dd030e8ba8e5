/**
 * The way to DAX, and when not to take it. The client hangs for ever on a socket that a node has closed, so every call has an
 * end of its own; a client with one such socket is thrown away with all of its sockets; and while there is no DAX to be had,
 * nobody waits for it: a new connection is made and tried beside the calls, not by them.
 */
import { reasonOf, withinMs } from '@quartersec/aws';
import { objectives } from '@quartersec/sla';
import type { DaxConnection } from './dax-client.ts';
import type { DynamoDbAnswer, DynamoDbRequest } from './dynamodb-requests.ts';
import { failureOf, type TableFailure } from './table-failure.ts';

/** What a call through DAX came to. */
export type DaxAnswer =
  | { readonly kind: 'answered'; readonly answer: DynamoDbAnswer }
  /** Not sent: the first connection is still being made. */
  | { readonly kind: 'not-ready' }
  | { readonly kind: TableFailure };

export interface DaxLinkDeps {
  readonly connect: () => Promise<DaxConnection>;
  /** Tells whether a new connection answers; must leave the caches alone. */
  readonly probe: DynamoDbRequest;
  /** Monotonic. */
  readonly nowMs: () => number;
  /** 0 to 1 */
  readonly random: () => number;
  /** Told of the first write that the cluster refuses as such, with the name of the reason: its role may only read, for example. */
  readonly onRefusedWrite?: ((reason: string) => void) | undefined;
  /** Making and trying a connection takes no longer. */
  readonly connectTimeoutMs?: number | undefined;
}

export interface DaxLink {
  /** Never rejects. */
  send(request: DynamoDbRequest, timeoutMs: number): Promise<DaxAnswer>;
  /** After the connection that is being made, if one is: whether there is one. */
  connected(): Promise<boolean>;
  close(): void;
}

/** Loading the client is part of it, on a processor that does the first event at the same time. */
const defaultConnectTimeoutMs = 20 * objectives.store.underMs;
const firstPauseMs = 500;
/** What a node that is back has to wait for its calls. */
const pauseCapMs = 8_000;

/** Failures that say nothing against the connection: DynamoDB's own answers. */
const answersOfTheTable = new Set<TableFailure>(['refused', 'throttled', 'too-large']);

const writes: ReadonlySet<DynamoDbRequest['operation']> = new Set(['PutItem', 'DeleteItem']);

/** Longest pause before DAX is tried again, before jitter. @param failures since the last answer, from 1 */
export function pauseCeilingMs(failures: number): number {
  return Math.min(pauseCapMs, firstPauseMs * 2 ** (failures - 1));
}

export function createDaxLink(deps: DaxLinkDeps): DaxLink {
  const { connect, probe, nowMs, random, onRefusedWrite, connectTimeoutMs = defaultConnectTimeoutMs } = deps;
  let toldOfRefusal = false;
  let connection: DaxConnection | undefined;
  let connecting: Promise<void> | undefined;
  let failures = 0;
  let nextTryMs = Number.NEGATIVE_INFINITY;
  let closed = false;

  function fail(): void {
    failures += 1;
    nextTryMs = nowMs() + pauseCeilingMs(failures) * (0.5 + random() / 2);
  }

  /** A connection that comes after its time is closed, not leaked. */
  async function open(): Promise<void> {
    const made = connect();
    let usable = false;
    try {
      await withinMs(connectTimeoutMs, async (signal) => {
        const { send } = await made;
        if (!signal.aborted) await send(probe, signal);
      });
      usable = !closed;
    } catch {
      fail();
    }
    if (usable) connection = await made;
    else made.then((late) => late.close()).catch(() => {}); // never made: nothing to close
  }

  function openInTime(): void {
    if (closed || connection !== undefined || connecting !== undefined || nowMs() < nextTryMs) return;
    connecting = open().finally(() => {
      connecting = undefined;
    });
  }

  /** Calls under way on the same connection fail with it; only the first of them counts. */
  function drop(failed: DaxConnection): void {
    if (connection !== failed) return;
    connection = undefined;
    failed.close();
    fail();
  }

  openInTime();
  return {
    async send(request, timeoutMs) {
      openInTime();
      const used = connection;
      if (used === undefined) return { kind: failures === 0 && !closed ? 'not-ready' : 'not-done' };
      try {
        const answer = await withinMs(timeoutMs, (signal) => used.send(request, signal));
        failures = 0;
        return { kind: 'answered', answer };
      } catch (error) {
        const kind = failureOf(error);
        // A cluster whose role may only read refuses each write by name: its reads are as good as before.
        const isRefusedWrite = kind === 'rejected' && writes.has(request.operation);
        if (isRefusedWrite && !toldOfRefusal) {
          toldOfRefusal = true;
          onRefusedWrite?.(reasonOf(error) ?? 'unknown');
        }
        if (!answersOfTheTable.has(kind) && !isRefusedWrite) drop(used);
        return { kind };
      }
    },

    async connected() {
      openInTime();
      await connecting;
      return connection !== undefined;
    },

    close() {
      closed = true;
      connection?.close();
      connection = undefined;
    },
  };
}
