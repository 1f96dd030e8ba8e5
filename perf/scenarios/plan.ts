/** What a k6 script is told: written by Node before the run, read by the script with `open()`. Types only. */
import type { Options } from 'k6/options';
import type { Population } from './connection-of.ts';

export interface PlannedTrend {
  readonly trend: string;
  readonly samples: string;
  /** Member of the function's answer that holds the value, in ms. */
  readonly member: string;
}

export interface Plan extends Population {
  readonly options: Options;
  /** Function URL (single events) or queue URL (batches). */
  readonly url: string;
  /** Correlation ids are this and a number from 0. */
  readonly idPrefix: string;
  readonly trends: readonly PlannedTrend[];
  readonly summaryPath: string;
  /** Reads beside the events; absent: none. */
  readonly reads?: {
    /** Base URL of the API. */
    readonly url: string;
    /** `READ_TOKEN_KEY`: the script signs as each connection's user. */
    readonly tokenKey: string;
    /** Every so many events, its user reads at once what it has stored. */
    readonly checkEvery: number;
    /** From this connection on, every `householdConnections` are of one user. */
    readonly householdsFrom: number;
    readonly householdConnections: number;
  };
  /** Where k6 asks, when the load is over, whether everything is stored; absent: it does not ask. */
  readonly auditUrl?: string;
}
