/**
 * The schedule: the backstop for webhooks that never come. A timer puts `ScheduleDue` on the queue once a minute; each such message
 * looks at one part of the list of connections, page by page, and asks for those that are due. So there is no scan of the table, no
 * timer for each connection, and what a crash leaves undone the queue repeats.
 */
import type { Deadline } from '@quartersec/sla';
import { type Head, listShards, StorageError } from '@quartersec/storage';
import type { EventLog } from '@quartersec/telemetry';
import { type DueRules, isDue } from './due-connections.ts';
import { ProcessorError } from './processor-error.ts';
import { parseSyncRequested, type SyncRequested } from './sync-event.ts';

/** The timer that sends `ScheduleDue` does it so often. */
export const scheduleTickMs = 60_000;
/** Each part of the list has its minute. */
export const lookEveryMs = listShards * scheduleTickMs;
/** Heads that one message reads: some tenths of a second. */
export const pageConnections = 100;
const readsAtOnce = 16;

export interface ScheduleDue {
  readonly type: 'ScheduleDue';
  /** Part of the list; absent in the timer's own message: then the minute says. */
  readonly shard?: number;
  /** The last connection of the page before. */
  readonly after?: string;
}

export interface ScheduleDependencies {
  /** @returns ids in key order, at most `limit` */
  listed(
    page: { shard: number; after: string | undefined; limit: number },
    deadline: Deadline,
  ): Promise<readonly string[]>;
  readHead(connectionId: string, deadline: Deadline): Promise<Head | undefined>;
  /** For what is on the list and has neither head nor entry: a link is under way, or broke off. @returns whether it is gone now */
  eraseBrokenOff(connectionId: string, deadline: Deadline): Promise<boolean>;
  /** Of this part of the list, what broke off. @returns the connections that they were of */
  endErasures(shard: number, deadline: Deadline): Promise<readonly string[]>;
  goOn(message: ScheduleDue): Promise<void>;
  ask(event: SyncRequested, provider: string): Promise<void>;
  readonly everyMs: number;
  readonly log: EventLog;
  newId(): string;
  nowEpochMs(): number;
}

export interface SchedulePass {
  readonly looked: number;
  readonly asked: number;
  readonly goesOn: boolean;
}

/** The timer's own message, once a minute. */
export function isTick({ shard, after }: ScheduleDue): boolean {
  return shard === undefined && after === undefined;
}

/** @returns `undefined` for what is another message */
export function readScheduleDue(value: unknown): ScheduleDue | undefined {
  if (typeof value !== 'object' || value === null || (value as { type?: unknown }).type !== 'ScheduleDue')
    return undefined;
  const { shard, after } = value as { shard?: unknown; after?: unknown };
  const isShard = typeof shard === 'number' && Number.isInteger(shard) && shard >= 0 && shard < listShards;
  if (shard !== undefined && !isShard) throw malformed('shard', `0 to ${listShards - 1}`);
  if (after !== undefined && typeof after !== 'string') throw malformed('after', 'the id of a connection');
  return { type: 'ScheduleDue', ...(isShard && { shard }), ...(after !== undefined && { after }) };
}

/**
 * One page of one part of the list. Safe to repeat: events that are asked for twice are coalesced.
 * @throws {StorageError | ProcessorError} the message comes again
 */
export async function askDue(
  { shard: given, after }: ScheduleDue,
  deadline: Deadline,
  deps: ScheduleDependencies,
): Promise<SchedulePass> {
  const nowEpochMs = deps.nowEpochMs();
  const shard = given ?? Math.floor(nowEpochMs / scheduleTickMs) % listShards;
  const ids = await deps.listed({ shard, after, limit: pageConnections }, deadline);
  const last = ids.at(-1);
  const goesOn = ids.length === pageConnections && last !== undefined;
  // Before its own work: should that fail on one connection, the rest of the list is not held up.
  if (goesOn) await deps.goOn({ type: 'ScheduleDue', shard, after: last });
  const rules: DueRules = { everyMs: deps.everyMs, lookEveryMs };
  let asked = 0;
  for (let start = 0; start < ids.length; start += readsAtOnce) {
    const outcomes = await Promise.all(
      ids.slice(start, start + readsAtOnce).map((id) => askIfDue(id, rules, nowEpochMs, deadline, deps)),
    );
    asked += outcomes.filter(Boolean).length;
  }
  if (after === undefined) {
    for (const connectionId of await deps.endErasures(shard, deadline))
      deps.log.write('warn', 'erasure ended', { connection_id: connectionId });
  }
  const pass = { looked: ids.length, asked, goesOn };
  if (pass.looked > 0) deps.log.write('info', 'schedule', { shard, looked: pass.looked, asked, goes_on: goesOn });
  return pass;
}

/** A connection whose data do not verify must not keep the schedule from the others; its own events say so. */
async function askIfDue(
  connectionId: string,
  rules: DueRules,
  nowEpochMs: number,
  deadline: Deadline,
  deps: ScheduleDependencies,
): Promise<boolean> {
  const head = await readHead(connectionId, deadline, deps);
  if (head === undefined) {
    const isErased = await deps.eraseBrokenOff(connectionId, deadline);
    if (isErased) deps.log.write('warn', 'broken off link erased', { connection_id: connectionId });
    return false;
  }
  if (head === 'corrupt' || !isDue(head, rules, nowEpochMs)) return false;
  const defaults = { correlationId: deps.newId(), requestedEpochMs: nowEpochMs };
  await deps.ask(parseSyncRequested({ connectionId, reason: 'schedule' }, defaults), head.provider);
  return true;
}

async function readHead(
  connectionId: string,
  deadline: Deadline,
  deps: ScheduleDependencies,
): Promise<Head | 'corrupt' | undefined> {
  try {
    return await deps.readHead(connectionId, deadline);
  } catch (error) {
    if (!(error instanceof StorageError) || error.code !== 'ENTRY_CORRUPT') throw error;
    deps.log.write('error', 'schedule left out a connection', { connection_id: connectionId, error_code: error.code });
    return 'corrupt';
  }
}

function malformed(member: string, expected: string): ProcessorError {
  return new ProcessorError('EVENT_MALFORMED', { member, expected });
}
