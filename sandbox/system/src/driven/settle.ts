/** After the load: waits until nothing is under way, stops the queues, then looks for everything that was sent, in them and in the table. */
import { setTimeout as sleepMs } from 'node:timers/promises';
import { createDeadline } from '@quartersec/sla';
import { type AuditReport, auditTable, type Table } from '@quartersec/storage';
import { countMessages, syncQueueUrls } from '../sync-queues.ts';
import type { System } from '../system.ts';
import { accountFor, type EventAccount, type EventLedger } from './event-ledger.ts';

export interface SettleRequest {
  /** Events that the queue has taken over: `<prefix>0` up to `<prefix><sent - 1>` of each stretch of load. */
  readonly events: readonly { readonly prefix: string; readonly sent: number }[];
  /** How long to wait for the queue to be empty; what is still in it then counts as queued. */
  readonly withinMs: number;
}

export interface Settled {
  readonly drainedMs: number;
  readonly account: EventAccount;
  /** Round trips, in ms, of those of the last stretch that met no fault. */
  readonly undisturbedMs: readonly number[];
  readonly entries: number;
  /** Connections whose journal ends below a version that a function reported as committed. */
  readonly shortJournals: readonly string[];
  /** Connections whose last event was cut off between its commit and its head, and was asked for again. */
  readonly repeated: number;
  readonly auditDifferences: number;
  /** The first few, readable. */
  readonly findings: readonly string[];
}

const lookEveryMs = 100;
/** An empty queue may be filled again by a retry's delay or a continuation: it must stay empty for so long. */
const quietMs = 1_500;
/** A provider may ask for a quarter of an hour; beyond this, messages held back at its wish are left to wait. */
const delayedPatienceMs = 15_000;
const auditWithinMs = 600_000;
const findingsShown = 10;

export async function settle(system: System, ledger: EventLedger, request: SettleRequest): Promise<Settled> {
  const startedMs = performance.now();
  await drain(system, startedMs + request.withinMs);
  const drainedMs = performance.now() - startedMs;
  // Waits that a provider asked for end while the table is read: what is compared has to stand still.
  await system.host.drain();
  try {
    return { drainedMs, ...(await compare(system, ledger, request)) };
  } finally {
    system.host.resume();
  }
}

async function compare(
  system: System,
  ledger: EventLedger,
  request: SettleRequest,
): Promise<Omit<Settled, 'drainedMs'>> {
  const told = new Map(ledger.versions());
  const ids = request.events.flatMap(({ prefix, sent }) =>
    Array.from({ length: sent }, (_, index) => `${prefix}${index}`),
  );
  const account = accountFor(ids, {
    ledger,
    deadLettered: await readIds(system.deadLetterQueueUrl),
    queued: await readQueued(system),
  });
  const last = request.events.at(-1);
  const within = { deadline: createDeadline(auditWithinMs, () => performance.now()) };
  const stored = await storedVersions(system.table, within);
  const repeated = await repeatCutOff(system, await auditTable(system.table, within));
  const audit = await auditTable(system.table, { ...within, nowEpochMs: Date.now() });
  return {
    account,
    undisturbedMs: last === undefined ? [] : ledger.undisturbedMs(last.prefix),
    entries: audit.entries,
    shortJournals: [...told].filter(([id, version]) => (stored.get(id) ?? 0) < version).map(([id]) => id),
    repeated,
    auditDifferences: audit.findings.length,
    findings: audit.findings.slice(0, findingsShown).map(({ code, pk, sk }) => `${code} ${pk} ${sk}`),
  };
}

/**
 * An event that ran out of time after its commit leaves the head behind until the next one. From the queue it comes again; one that was
 * asked for directly has failed, and its caller asks again.
 */
async function repeatCutOff(system: System, { findings }: AuditReport): Promise<number> {
  const connectionIds = findings.filter(({ code }) => code === 'HEAD_BEHIND').map(({ pk }) => pk.replace('CONN#', ''));
  for (const connectionId of connectionIds) {
    const answer = await fetch(system.processUrl, { method: 'POST', body: JSON.stringify({ connectionId }) });
    await answer.arrayBuffer();
  }
  return connectionIds.length;
}

/** Resolves when nothing is queued or running any more, or at `untilMs` (of `performance.now()`). */
export async function drain(system: System, untilMs: number): Promise<void> {
  const startedMs = performance.now();
  let quietSinceMs = startedMs;
  while (performance.now() < untilMs) {
    const { functions } = system.host.stats();
    const queued = countMessages(system.host);
    const running = (functions.process?.inFlight ?? 0) + (functions.process?.waiting ?? 0);
    const delayed = performance.now() - startedMs < delayedPatienceMs ? queued.delayed : 0;
    const pending = queued.pending + delayed;
    if (running + pending > 0) quietSinceMs = performance.now();
    if (performance.now() - quietSinceMs >= quietMs) return;
    await sleepMs(lookEveryMs);
  }
}

/** Correlation ids of the visible messages. They stay in the queue, hidden for long enough not to be met twice. */
async function readIds(queueUrl: string): Promise<Set<string>> {
  const ids = new Set<string>();
  for (;;) {
    const response = await fetch(new URL('/', queueUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.ReceiveMessage' },
      body: JSON.stringify({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 3_600,
        WaitTimeSeconds: 0,
      }),
    });
    if (!response.ok) throw new Error(`the queue answered ${response.status}: ${await response.text()}`);
    const { Messages = [] } = (await response.json()) as { Messages?: { Body: string }[] };
    if (Messages.length === 0) return ids;
    for (const { Body } of Messages) ids.add((JSON.parse(Body) as { correlationId?: string }).correlationId ?? '');
  }
}

async function readQueued({ host }: System): Promise<ReadonlySet<string>> {
  const ids = await Promise.all(syncQueueUrls(host).map(readIds));
  return new Set(ids.flatMap((each) => [...each]));
}

/** Highest entry of each connection, read from the table itself. */
async function storedVersions(
  table: Table,
  within: Parameters<typeof auditTable>[1],
): Promise<ReadonlyMap<string, number>> {
  const versions = new Map<string, number>();
  for await (const { pk, sk } of table.scan({ ...within, fresh: true })) {
    const [, connectionId] = /^CONN#(.*)$/.exec(pk) ?? [];
    const [, version] = /^LOG#(\d{12})$/.exec(sk) ?? [];
    if (connectionId === undefined || version === undefined) continue;
    versions.set(connectionId, Math.max(Number(version), versions.get(connectionId) ?? 0));
  }
  return versions;
}
