/** The load scenarios: who sends how much for how long, and what of it is judged. Pure. */
import { objectives } from '@quartersec/sla';
import type { Population } from '../scenarios/connection-of.ts';

export type Mode = 'single' | 'batch';

export interface Scenario extends Population {
  readonly name: ScenarioName;
  readonly about: string;
  /** `single`: one event a request to the function; `batch`: ten a request to the queue. */
  readonly mode: Mode;
  readonly ratePerMinute: number;
  readonly durationMs: number;
  readonly warmUpMs: number;
  /** Reads of the API beside the events; 0: none. */
  readonly readsPerMinute: number;
  /** Heads through the DAX node unless told otherwise. */
  readonly dax: boolean;
  /** From this one on, every five connections are of one user, whose insights are read; as many as `connections`: there are none. */
  readonly householdsFrom: number;
  /** Whether the latency objectives decide, or are only reported. */
  readonly latencyDecides: boolean;
  /** Share of provider calls that fail, 0 to 1. */
  readonly faultShare: number;
  /** Whether environments, table and DAX node break one after the other. */
  readonly breaks: boolean;
}

export const scenarioNames = ['smoke', 'sla', 'mixed', 'surge', 'burst', 'faults', 'soak'] as const;
export type ScenarioName = (typeof scenarioNames)[number];

const promisedPerMinute = objectives.throughput.atLeastPerMinute;
const gentlePerMinute = 600;

const base = {
  mode: 'single',
  ratePerMinute: promisedPerMinute,
  readsPerMinute: 0,
  dax: false,
  durationMs: 60_000,
  warmUpMs: 60_000, // each environment warms a JIT of its own: below this the compiler is measured, not the code
  connections: 3_000,
  standards: 'plaid',
  householdsFrom: Number.POSITIVE_INFINITY,
  latencyDecides: true,
  faultShare: 0,
  breaks: false,
} as const;

export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  smoke: {
    ...base,
    name: 'smoke',
    about: 'does it work at all: a gentle rate for 10 s',
    ratePerMinute: gentlePerMinute,
    durationMs: 10_000,
    warmUpMs: 15_000,
    connections: 200,
  },
  sla: {
    ...base,
    name: 'sla',
    about: 'the promise: the promised rate, judged after a warm-up (--duration 10m: the long form)',
  },
  mixed: {
    ...base,
    name: 'mixed',
    about:
      'events and as many reads of the API, a fifth of the promised rate each, through DAX: pages and insights in time, none stale',
    // What two quick cores carry beside the bank, the table, the DAX node and the load.
    ratePerMinute: promisedPerMinute / 5,
    readsPerMinute: promisedPerMinute / 5,
    dax: true,
    householdsFrom: 200,
    connections: 300, // what one environment of query remembers: the bound is for warm reads
  },
  surge: {
    ...base,
    name: 'surge',
    about: 'steps of the promised rate up to the limit of the machine: the highest rate that keeps the SLA',
    durationMs: 20_000,
  },
  burst: {
    ...base,
    name: 'burst',
    about: 'from nothing to the promised rate within a second, no environment warm: cold share, time to settle',
    mode: 'batch', // bursts are webhooks, and those wait in the queue
    durationMs: 30_000,
    warmUpMs: 0,
    latencyDecides: false,
  },
  faults: {
    ...base,
    name: 'faults',
    about:
      'the promised rate over connections of all standards while 5 % of provider calls fail, in every way there is: nothing lost, the audit clean, what met no fault in time',
    mode: 'batch', // only a queue brings failed events back
    durationMs: 30_000,
    standards: 'all',
    latencyDecides: false,
    faultShare: 0.05,
  },
  soak: {
    ...base,
    name: 'soak',
    about:
      'half the promised rate for half an hour, with faults of the provider, while environments, table and DAX node break in turn: nothing lost, no drift',
    mode: 'batch', // only a queue brings failed events back
    ratePerMinute: promisedPerMinute / 2,
    durationMs: 1_800_000,
    dax: true,
    latencyDecides: false,
    faultShare: 0.02,
    breaks: true,
  },
};
