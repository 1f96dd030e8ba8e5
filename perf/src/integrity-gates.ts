/** Nothing lost, nothing corrupt: judged once, after the last run, by the ledger of events and the audit of the table. Pure. */
import { objectives } from '@quartersec/sla';
import type { Gate } from './gate.ts';

/** What the system answers when it is asked to settle. */
export interface Settled {
  readonly drainedMs: number;
  readonly account: {
    readonly committed: number;
    readonly coalesced: number;
    readonly stopped: number;
    readonly postponed: number;
    readonly queued: number;
    readonly deadLettered: number;
    readonly lost: readonly string[];
  };
  /** Round trips, in ms, of those events of the last stretch that met no fault. */
  readonly undisturbedMs: readonly number[];
  readonly entries: number;
  readonly shortJournals: readonly string[];
  readonly repeated: number;
  readonly auditDifferences: number;
  readonly findings: readonly string[];
}

export function integrityGates({ account, shortJournals, auditDifferences, entries }: Settled): readonly Gate[] {
  const { corruptAtMost } = objectives.integrity;
  return [
    gate('events lost', 'ledger', account.lost.length, corruptAtMost),
    gate('commits missing from the journal', 'ledger', shortJournals.length, corruptAtMost),
    gate('audit differences', 'audit', auditDifferences, corruptAtMost),
    // An audit of nothing finds nothing.
    { name: 'entries audited', kind: 'integrity', by: 'audit', value: `${entries}`, bound: '> 0', passed: entries > 0 },
  ];
}

function gate(name: string, by: Gate['by'], count: number, atMost: number): Gate {
  return { name, kind: 'integrity', by, value: `${count}`, bound: `<= ${atMost}`, passed: count <= atMost };
}
