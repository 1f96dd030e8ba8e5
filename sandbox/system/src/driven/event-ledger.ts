/** What became of every event, by the functions' own log lines. Pure: lines in, accounts out. */

export interface EventLedger {
  /** Takes any line of a function's log; those that report no outcome are passed over. */
  read(line: string): void;
  /** Highest version each connection was told to be committed. */
  versions(): ReadonlyMap<string, number>;
  /** How the event ended the last time it was run; `undefined` when no line tells. */
  outcome(correlationId: string): string | undefined;
  /** Round trips, in ms, of those of ours that met no fault: committed at their first try, without a call made again. @param prefix of their ids */
  undisturbedMs(prefix: string): readonly number[];
}

/** @param prefix only events whose correlation id begins so are kept one by one: others are not ours to account for */
export function createEventLedger(prefix: string): EventLedger {
  const outcomes = new Map<string, string>();
  const versions = new Map<string, number>();
  /** `undefined`: it was disturbed. */
  const undisturbed = new Map<string, number | undefined>();
  return {
    read(line) {
      if (!line.includes('"outcome":')) return;
      const fields = parseObject(line);
      if (fields === undefined) return;
      const { correlation_id: correlationId, connection_id: connectionId, outcome, version } = fields;
      const { retries = 0, round_trip_ms: roundTripMs } = fields;
      if (typeof outcome !== 'string') return;
      if (typeof correlationId === 'string' && correlationId.startsWith(prefix)) {
        const inOneGo = !outcomes.has(correlationId) && outcome === 'committed' && retries === 0;
        undisturbed.set(correlationId, inOneGo && typeof roundTripMs === 'number' ? roundTripMs : undefined);
        outcomes.set(correlationId, outcome);
      }
      if (outcome === 'committed' && typeof connectionId === 'string' && typeof version === 'number')
        versions.set(connectionId, Math.max(version, versions.get(connectionId) ?? 0));
    },
    versions: () => versions,
    outcome: (correlationId) => outcomes.get(correlationId),
    undisturbedMs: (of) => [...undisturbed].flatMap(([id, ms]) => (ms !== undefined && id.startsWith(of) ? [ms] : [])),
  };
}

export interface Whereabouts {
  readonly ledger: Pick<EventLedger, 'outcome'>;
  /** Correlation ids found in the dead-letter queue and in the queue. */
  readonly deadLettered: ReadonlySet<string>;
  readonly queued: ReadonlySet<string>;
}

export interface EventAccount {
  readonly committed: number;
  readonly coalesced: number;
  /** Its connection needs the user: stored as its status. */
  readonly stopped: number;
  /** Waits for the connection's next attempt, which is stored. */
  readonly postponed: number;
  readonly queued: number;
  readonly deadLettered: number;
  /** Events that are nowhere. */
  readonly lost: readonly string[];
}

/** @param sent ids of the events that a queue or a function has taken over */
export function accountFor(sent: Iterable<string>, { ledger, deadLettered, queued }: Whereabouts): EventAccount {
  const counts = { committed: 0, coalesced: 0, stopped: 0, postponed: 0, queued: 0, deadLettered: 0 };
  const lost: string[] = [];
  for (const id of sent) {
    const outcome = ledger.outcome(id);
    if (outcome === 'committed' || outcome === 'coalesced' || outcome === 'stopped') counts[outcome] += 1;
    else if (deadLettered.has(id)) counts.deadLettered += 1;
    else if (queued.has(id)) counts.queued += 1;
    else if (outcome === 'postponed') counts.postponed += 1;
    else lost.push(id);
  }
  return { ...counts, lost };
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined; // text that only quotes an outcome
  }
}
