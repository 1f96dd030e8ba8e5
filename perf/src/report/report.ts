/** What a report holds: written as JSON, shown as a page and as Markdown. */
import type { Gate } from '../gate.ts';
import type { Settled } from '../integrity-gates.ts';
import type { ClientView } from '../k6-summary.ts';
import type { Mode } from '../scenario-catalogue.ts';
import type { Distribution, Slice } from '../time-series.ts';
import type { RunVerdict, Verdict } from '../verdict.ts';

export interface MachineFacts {
  readonly cores: number;
  readonly cpuModel: string;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  readonly k6: string;
}

export interface CostReport {
  /** Shares of the machine while the load ran, 0 to 1. */
  readonly stolen: number;
  readonly idle: number;
  readonly others: number;
  /** CPU-ms of each part of the run. */
  readonly perEventMs: Readonly<Record<string, number>>;
  /** Of k6, host, environments, provider and table together. */
  readonly sumPerEventMs: number;
  /** CPU of one unit of the reference process, and of one event in such units. */
  readonly referenceCpuMsPerUnit: number | null;
  readonly unitsPerEvent: number | null;
  /** The functions' share of one event, in such units. */
  readonly functionUnitsPerEvent: number | null;
  readonly memoryBytes: Readonly<Record<string, number>>;
  /** Seconds from the start, shares of the second before. */
  readonly overTime: readonly { readonly atSeconds: number; readonly stolen: number; readonly idle: number }[];
  /** Of the environments of the functions, together. */
  readonly environmentsOverTime: readonly {
    readonly atSeconds: number;
    readonly bytes: number;
    readonly handles: number;
  }[];
}

export interface RunReport {
  readonly label: string;
  readonly verdict: RunVerdict;
  readonly ratePerMinute: number;
  readonly durationMs: number;
  readonly mode: Mode;
  readonly startedAt: string;
  readonly k6ExitCode: number;
  readonly client: ClientView;
  /** By metric of the functions: two clocks, the provider's time, the queue's age. */
  readonly timings: Readonly<Record<string, Distribution>>;
  readonly counts: Readonly<Record<string, number>>;
  /** Cold starts among all events, 0 to 1. */
  readonly coldShare: number;
  readonly overTime: Readonly<Record<string, readonly Slice[]>>;
  readonly sliceMs: number;
  readonly cost: CostReport | null;
  readonly gates: readonly Gate[];
}

export interface Report {
  readonly scenario: string;
  readonly about: string;
  readonly startedAt: string;
  readonly commit: string;
  readonly machine: MachineFacts;
  readonly settings: {
    readonly mode: Mode;
    readonly ratePerMinute: number;
    readonly durationMs: number;
    readonly warmUpMs: number;
    readonly environments: number;
    readonly concurrency: number;
    readonly dax: boolean;
    readonly connections: number;
  };
  readonly runs: readonly RunReport[];
  readonly integrity: { readonly gates: readonly Gate[]; readonly settled: Settled } | null;
  readonly fallbackGates: readonly Gate[];
  readonly verdict: Verdict;
  /** Sentences that belong beside the figures. */
  readonly findings: readonly string[];
}
