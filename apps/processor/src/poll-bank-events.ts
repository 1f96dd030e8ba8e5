/**
 * Events that banks keep until they are asked for: the other way to what the `webhook` function takes. Acknowledged only once what they ask
 * for is on the queue; what fails is asked for again with the next tick.
 */
import { type EventIssuer, type PollEvents, ProviderError, reactToEvent, verifyEvent } from '@quartersec/providers';
import type { Deadline } from '@quartersec/sla';
import { StorageError } from '@quartersec/storage';
import type { EventLog } from '@quartersec/telemetry';
import { ProcessorError } from './processor-error.ts';
import type { SyncQueue } from './sync-queue.ts';
import { eventOf } from './webhook-reaction.ts';

export interface PolledBank {
  readonly institutionId: string;
  readonly poll: PollEvents;
}

export interface PollDependencies {
  readonly issuers: readonly EventIssuer[];
  findConnection(provider: string, itemId: string, deadline: Deadline): Promise<string | undefined>;
  readonly queue: Pick<SyncQueue, 'send'>;
  readonly log: EventLog;
  newId(): string;
  nowEpochMs(): number;
}

const provider = 'openbanking-uk';
/** A bank that never runs out of events does not hold the tick: the next one is a minute later. */
const roundsAtMost = 20;

/** One bank that fails does not keep the others from being asked. */
export async function pollBankEvents(
  banks: readonly PolledBank[],
  deadline: Deadline,
  deps: PollDependencies,
): Promise<void> {
  await Promise.all(
    banks.map(async (bank) => {
      try {
        await pollBank(bank, deadline, deps);
      } catch (error) {
        const isKnown =
          error instanceof ProviderError || error instanceof StorageError || error instanceof ProcessorError;
        if (!isKnown) throw error;
        const { institutionId } = bank;
        deps.log.write('error', 'events of a bank not polled', { institution: institutionId, error_code: error.code });
      }
    }),
  );
}

async function pollBank({ poll }: PolledBank, deadline: Deadline, deps: PollDependencies): Promise<void> {
  let [taken, refused]: [string[], Map<string, Refusal>] = [[], new Map()];
  for (let round = 0; round < roundsAtMost; round += 1) {
    const sets = await poll({ taken, refused }, deadline);
    [taken, refused] = [[], new Map()];
    for (const [id, token] of sets) {
      const settled = await settle(id, token, deadline, deps);
      if (settled === 'taken') taken.push(id);
      else if (settled !== 'undecided') refused.set(id, settled);
    }
    if (taken.length + refused.size === 0) return;
  }
}

type Refusal = Extract<Awaited<ReturnType<typeof verifyEvent>>, { outcome: 'refused' }>['refusal'];

async function settle(
  id: string,
  token: string,
  deadline: Deadline,
  { issuers, findConnection, queue, log, newId, nowEpochMs }: PollDependencies,
): Promise<'taken' | 'undecided' | Refusal> {
  const verified = await verifyEvent(token, issuers, nowEpochMs());
  if (verified.outcome === 'undecided') return 'undecided';
  if (verified.outcome === 'refused') {
    log.write('warn', 'event of a bank refused', { provider, outcome: verified.refusal });
    return verified.refusal;
  }
  const reaction = reactToEvent(token);
  const connectionId = reaction.kind === 'look' ? await findConnection(provider, reaction.itemId, deadline) : undefined;
  if (reaction.kind === 'look' && connectionId !== undefined)
    await queue.send(eventOf(reaction, connectionId, newId(), nowEpochMs()), provider, 0);
  const queued = connectionId !== undefined && { connection_id: connectionId };
  log.write('info', 'event of a bank', { provider, kind: reaction.code, event_id: id, ...queued });
  return 'taken';
}
