/** What differs between the stages besides the choices of `settings.ts`: sizes, how long things are kept, how hard they are to lose. */
import type { Stage } from './stage.ts';

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
  readonly availabilityZones: 2 | 3;
  readonly dax: { readonly nodeType: string; readonly nodes: number };
}

export const stageLimits: Readonly<Record<Stage, StageLimits>> = {
  dev: {
    keepsData: false,
    logRetentionDays: 7,
    functionMemoryMb: { process: 512, query: 512, connect: 512, webhook: 512 },
    queueConcurrency: 2, // the least that an SQS event source takes
    availabilityZones: 2,
    dax: { nodeType: 'dax.t3.small', nodes: 1 },
  },
  prod: {
    keepsData: true,
    logRetentionDays: 90,
    functionMemoryMb: { process: 1_769, query: 1_769, connect: 1_024, webhook: 1_024 },
    queueConcurrency: 20,
    availabilityZones: 3,
    dax: { nodeType: 'dax.r5.large', nodes: 3 },
  },
};
