/** The comparison of the two functions, from the turns they were measured in. Pure. */
import { ratioSpread, type Spread, spreadOf } from './ratios.ts';

/** One turn of one function. */
export interface CpuPhase {
  readonly events: number;
  readonly cpuMsPerEvent: number;
  /** Resident memory of one environment. */
  readonly memoryBytes: number;
  readonly environments: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Shares of the machine's CPU time in this turn, 0 to 1. */
  readonly stolen: number;
  readonly idle: number;
}

export interface CpuPair {
  readonly typescript: CpuPhase;
  readonly go: CpuPhase;
}

interface Compared {
  readonly typescript: Spread | undefined;
  readonly go: Spread | undefined;
  /** TypeScript / Go, pair by pair. */
  readonly ratio: Spread | undefined;
}

export interface CpuSummary {
  readonly cpuMsPerEvent: Compared;
  readonly memoryMb: Compared;
  readonly p50Ms: Compared;
  readonly p95Ms: Compared;
  readonly coldStartMs: Compared;
  /** Of any turn, at most. */
  readonly stolen: number;
  /** Whether the median ratio of the CPU is at most `targetRatio`. */
  readonly isKept: boolean;
}

/** TypeScript must not cost more than Go does. */
export const targetRatio = 1;
const megabyte = 1_048_576;
/** A turn that lost so much of the CPU to neighbours says little about times. */
const stolenTooMuch = 0.1;

export function summariseCpu(
  pairs: readonly CpuPair[],
  coldStartMs: { readonly typescript: readonly number[]; readonly go: readonly number[] },
): CpuSummary {
  const compare = (figure: (phase: CpuPhase) => number): Compared =>
    compared(
      pairs.map(({ typescript }) => figure(typescript)),
      pairs.map(({ go }) => figure(go)),
    );
  const cpuMsPerEvent = compare((phase) => phase.cpuMsPerEvent);
  return {
    cpuMsPerEvent,
    memoryMb: compare((phase) => phase.memoryBytes / megabyte),
    p50Ms: compare((phase) => phase.p50Ms),
    p95Ms: compare((phase) => phase.p95Ms),
    coldStartMs: compared(coldStartMs.typescript, coldStartMs.go),
    stolen: Math.max(0, ...pairs.flatMap(({ typescript, go }) => [typescript.stolen, go.stolen])),
    isKept: (cpuMsPerEvent.ratio?.median ?? Number.POSITIVE_INFINITY) <= targetRatio,
  };
}

function compared(ours: readonly number[], others: readonly number[]): Compared {
  const pairs = ours.map((figure, index) => [figure, others[index] ?? 0] as const);
  return { typescript: spreadOf(ours), go: spreadOf(others), ratio: ratioSpread(pairs) };
}

export function renderCpuTable(summary: CpuSummary): readonly (readonly string[])[] {
  const row = (name: string, { typescript, go, ratio }: Compared, decimals: number) => [
    name,
    typescript?.median.toFixed(decimals) ?? '-',
    go?.median.toFixed(decimals) ?? '-',
    ratio?.median.toFixed(2) ?? '-',
    ratio === undefined ? '-' : `${ratio.least.toFixed(2)} to ${ratio.most.toFixed(2)}`,
  ];
  const stolen = `${(summary.stolen * 100).toFixed(1)} %`;
  return [
    ['median', 'TypeScript', 'Go', 'ratio', 'spread'],
    row('CPU-ms per event', summary.cpuMsPerEvent, 2),
    row('memory of an environment, MB', summary.memoryMb, 0),
    row('RoundTrip p50, ms', summary.p50Ms, 1),
    row('RoundTrip p95, ms', summary.p95Ms, 1),
    row('cold start, ms', summary.coldStartMs, 0),
    ['CPU stolen by neighbours, at most', summary.stolen > stolenTooMuch ? `${stolen}: times mean little` : stolen],
  ];
}
