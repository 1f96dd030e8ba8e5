/** What differs between the stages besides the choices of `settings.ts`: sizes, how long things are kept, how hard they are to lose. */
import type { Stage } from './stage.ts';

/** A token bucket of API Gateway: `burst` requests at once, and `perSecond` more each second. Beyond: 429. */
export interface Throttle {
  readonly perSecond: number;
  readonly burst: number;
}

export interface StageLimits {
  /** Whether the data outlive the stack, and the stack its own deletion. */
  readonly keepsData: boolean;
  readonly logRetentionDays: 7 | 90;
  /**
   * CPU comes with memory: 1,769 MB are one whole vCPU, and an event is mostly CPU besides waiting. A starting point: tune
   * it with your own traffic (docs/deploy.md).
   */
  readonly functionMemoryMb: Readonly<Record<'process' | 'query' | 'connect' | 'webhook', number>>;
  /**
   * Invocations of `process` at once. Ten events each, about 200 ms: 20 of them take some 60,000 events a minute. The
   * provider's own limit is usually lower (Plaid: 2,500 calls a minute and client by default).
   */
  readonly queueConcurrency: number;
  /** Of each route by itself, by its function. The smaller regions allow an account 2,500 a second and a burst of 1,250 in all. */
  readonly throttles: Readonly<Record<'query' | 'connect' | 'webhook', Throttle>>;
  readonly availabilityZones: 2 | 3;
  readonly dax: { readonly nodeType: string; readonly nodes: number };
}

export const stageLimits: Readonly<Record<Stage, StageLimits>> = {
  dev: {
    keepsData: false,
    logRetentionDays: 7,
    functionMemoryMb: { process: 512, query: 512, connect: 512, webhook: 512 },
    queueConcurrency: 2, // the least that an SQS event source takes
    throttles: {
      query: { perSecond: 200, burst: 400 }, // 12,000 a minute: the promised load fits
      connect: { perSecond: 5, burst: 20 }, // people who link, one after the other
      webhook: { perSecond: 100, burst: 1_250 }, // Plaid's burst is as large in its sandbox
    },
    availabilityZones: 2,
    dax: { nodeType: 'dax.t3.small', nodes: 1 },
  },
  prod: {
    keepsData: true,
    logRetentionDays: 90,
    functionMemoryMb: { process: 1_769, query: 1_769, connect: 1_024, webhook: 1_024 },
    queueConcurrency: 20,
    throttles: {
      // 120,000 a minute a route, twelve times the promised load: a cap on what a flood costs, not on what an app reads.
      query: { perSecond: 2_000, burst: 1_250 },
      // A call may hold an environment for 29 s while a provider hangs: 20 a second are then 580 of the account's 1,000.
      connect: { perSecond: 20, burst: 100 },
      // A provider sends thousands at once after an outage of its own. What is refused comes again only after its retry delay.
      webhook: { perSecond: 1_000, burst: 1_250 },
    },
    availabilityZones: 3,
    dax: { nodeType: 'dax.r5.large', nodes: 3 },
  },
};
