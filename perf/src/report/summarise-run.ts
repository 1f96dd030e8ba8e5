/** From everything that was measured to what a report shows. Pure. */
import { isCountMetric, isTimingMetric, type MetricName, metrics } from '@quartersec/sla';
import { unitsPerEvent } from '../cpu-gate.ts';
import { functionUnitsPerEvent } from '../function-cpu-gate.ts';
import type { MeasuredRun } from '../load-session.ts';
import { distribution, slices, totalOf, valuesOf } from '../time-series.ts';
import { verdictOfRun } from '../verdict.ts';
import type { CostReport, RunReport } from './report.ts';

const slicesAtMost = 120;
/** What an event costs; the harness and the reference process are the price of measuring. */
const partsOfAnEvent = ['k6', 'host', 'environments', 'provider', 'table', 'dax'] as const;

export function summariseRun(label: string, run: MeasuredRun): RunReport {
  const { load, series, startedEpochMs } = run;
  const sliceMs = Math.max(1_000, Math.ceil(load.durationMs / slicesAtMost / 1_000) * 1_000);
  const names = Object.keys(series).filter((name): name is MetricName => Object.hasOwn(metrics, name));
  const timings = names.filter(isTimingMetric);
  const events = valuesOf(series, 'RoundTrip').length;
  return {
    label,
    verdict: verdictOfRun({ gates: run.gates, stolen: run.cpu?.stolen }),
    ratePerMinute: load.ratePerMinute,
    durationMs: load.durationMs,
    mode: load.mode,
    startedAt: new Date(startedEpochMs).toISOString(),
    k6ExitCode: run.k6ExitCode,
    client: run.client,
    timings: Object.fromEntries(
      timings.flatMap((name) => {
        const values = distribution(valuesOf(series, name));
        return values === undefined ? [] : [[name, values]];
      }),
    ),
    counts: Object.fromEntries(names.filter(isCountMetric).map((name) => [name, totalOf(series, name)])),
    coldShare: events === 0 ? 0 : totalOf(series, 'ColdStart') / events,
    overTime: Object.fromEntries(timings.map((name) => [name, slices(series[name] ?? [], startedEpochMs, sliceMs)])),
    sliceMs,
    cost: costOf(run, events),
    gates: run.gates,
  };
}

function costOf({ cpu, referenceCpuMsPerUnit, startedEpochMs }: MeasuredRun, events: number): CostReport | null {
  if (cpu === undefined || events === 0) return null;
  const perEventMs = Object.fromEntries(
    Object.entries(cpu.cpuMs).map(([part, cpuMs]) => [part, round(cpuMs / events)]),
  );
  const sumPerEventMs = round(partsOfAnEvent.reduce((sum, part) => sum + (cpu.cpuMs[part] ?? 0), 0) / events);
  const seconds = (atEpochMs: number) => (atEpochMs - startedEpochMs) / 1_000;
  return {
    stolen: round(cpu.stolen),
    idle: round(cpu.idle),
    others: round(cpu.others),
    perEventMs,
    sumPerEventMs,
    referenceCpuMsPerUnit: roundIfAny(referenceCpuMsPerUnit),
    unitsPerEvent:
      referenceCpuMsPerUnit === undefined
        ? null
        : round(unitsPerEvent({ cpuMsPerEvent: sumPerEventMs, referenceCpuMsPerUnit })),
    functionUnitsPerEvent: roundIfAny(
      functionUnitsPerEvent({ functionCpuMs: cpu.cpuMs.environments ?? 0, events, referenceCpuMsPerUnit }),
    ),
    memoryBytes: { ...cpu.memoryBytes },
    overTime: cpu.points.map(({ atEpochMs, stolen, idle }) => ({
      atSeconds: seconds(atEpochMs),
      stolen: round(stolen),
      idle: round(idle),
    })),
    environmentsOverTime: cpu.memory.map(({ atEpochMs, bytes, handles }) => ({
      atSeconds: seconds(atEpochMs),
      bytes: bytes.environments ?? 0,
      handles: handles.environments ?? 0,
    })),
  };
}

function roundIfAny(value: number | undefined): number | null {
  return value === undefined ? null : round(value);
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
