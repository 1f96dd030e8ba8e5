/** The promise judged by the functions' own metrics, all from libs/sla. k6 sees the answers; this sees every event, batches too. Pure. */
import { errorBudget, k6SampleFloor, objectives } from '@quartersec/sla';
import type { Gate } from './gate.ts';
import type { Load } from './k6-plan.ts';
import { latencyObjectives } from './latency-objectives.ts';
import { quantile, type SeriesByMetric, totalOf, valuesOf } from './time-series.ts';

const ms = (value: number | undefined) => (value === undefined ? 'nothing measured' : `${value.toFixed(1)} ms`);

export function functionGates(load: Load, series: SeriesByMetric): readonly Gate[] {
  const { atLeastPerMinute } = load;
  // Where latency does not decide, events may still wait when the load ends: the ledger accounts for each of them.
  if (atLeastPerMinute === undefined || !load.latencyDecides) return [];
  const events = valuesOf(series, 'RoundTrip').length;
  const floor = k6SampleFloor({ scenario: load.name, durationMs: load.durationMs, atLeastPerMinute });
  const gates: Gate[] = [gate('events in time', `${events}`, `>= ${floor}`, events >= floor)];
  for (const objective of latencyObjectives) {
    const values = valuesOf(series, objective.metric);
    const tailMs = quantile(values, objective.percentile);
    const name = `${objective.metric} p${objective.percentile * 100}`;
    gates.push(gate(name, ms(tailMs), `< ${objective.underMs} ms`, tailMs !== undefined && tailMs < objective.underMs));
    gates.push(gate(`${objective.metric} samples`, `${values.length}`, `>= ${floor}`, values.length >= floor));
  }
  const failed = totalOf(series, 'Failed') / Math.max(1, events);
  const budget = errorBudget(objectives.errors);
  gates.push({ ...gate('failed events', failed.toFixed(5), `< ${budget}`, failed < budget), kind: 'correctness' });
  if (load.mode === 'batch') {
    // A queue that grows hides an overload from the functions' own clocks.
    const { percentile, underMs } = objectives.roundTrip;
    const ageMs = quantile(valuesOf(series, 'QueueAge'), percentile);
    gates.push(
      gate(`QueueAge p${percentile * 100}`, ms(ageMs), `< ${underMs} ms`, ageMs !== undefined && ageMs < underMs),
    );
  }
  return gates;
}

function gate(name: string, value: string, bound: string, passed: boolean): Gate {
  return { name, kind: 'performance', by: 'functions', value, bound, passed };
}
