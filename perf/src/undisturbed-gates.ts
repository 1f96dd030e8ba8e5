/** Faults of some calls may not make the others late. Pure. */
import { objectives } from '@quartersec/sla';
import type { Gate } from './gate.ts';
import type { Settled } from './integrity-gates.ts';
import { quantile } from './time-series.ts';

/** Below this there is hardly a p95 to speak of; a run at the promised rate has thousands. */
const fewestEvents = 1_000;

export function undisturbedGates({ undisturbedMs }: Pick<Settled, 'undisturbedMs'>): readonly Gate[] {
  const { percentile, underMs } = objectives.roundTrip;
  const tailMs = quantile(undisturbedMs, percentile) ?? Number.POSITIVE_INFINITY;
  const count = undisturbedMs.length;
  const shared = { kind: 'performance', by: 'ledger' } as const;
  return [
    {
      ...shared,
      name: `RoundTrip p${percentile * 100} of events without a fault`,
      value: `${tailMs.toFixed(1)} ms`,
      bound: `< ${underMs} ms`,
      passed: tailMs < underMs,
    },
    {
      ...shared,
      name: 'events without a fault',
      value: `${count}`,
      bound: `>= ${fewestEvents}`,
      passed: count >= fewestEvents,
    },
  ];
}
