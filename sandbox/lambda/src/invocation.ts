/** What a failing function answers, as the Runtime API carries it. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export interface InvokeResult {
  readonly requestId: string;
  /** The function's answer, JSON text; for a failed one its error as JSON. */
  readonly payload: string;
  /** Set when the function failed: it threw, timed out, crashed or could not start. */
  readonly functionError?: FunctionError;
  readonly environmentId: string;
  /** Whether this was the first invocation of its environment. */
  readonly coldStart: boolean;
  /** From handing it to the environment to its answer, without the start. */
  readonly durationMs: number;
  /** The start of the environment, present on a cold start. */
  readonly initDurationMs?: number;
}

export interface InvokeOptions {
  /** Made up when absent. */
  readonly requestId?: string;
  /** Becomes `Lambda-Runtime-Trace-Id`; made up when absent. */
  readonly traceId?: string;
  /** JSON text, becomes `Lambda-Runtime-Client-Context`. */
  readonly clientContext?: string;
}

/** What happens to environments and invocations, in Lambda's own terms (START, END, REPORT). */
export type PlatformReport =
  | {
      readonly type: 'start' | 'end';
      readonly functionName: string;
      readonly environmentId: string;
      readonly requestId: string;
      readonly epochMs: number;
    }
  | {
      readonly type: 'report';
      readonly functionName: string;
      readonly environmentId: string;
      readonly requestId: string;
      readonly epochMs: number;
      readonly durationMs: number;
      /** Duration and, on a cold start, init, rounded up to a millisecond: what AWS bills since August 2025. */
      readonly billedDurationMs: number;
      readonly initDurationMs?: number;
      readonly memorySizeMb: number;
      /** High-water mark of the environment's resident memory; 0 where the machine has no /proc. */
      readonly maxMemoryUsedMb: number;
      readonly status: 'success' | 'error' | 'timeout';
      readonly errorType?: string;
    }
  | {
      readonly type: 'environmentEnded';
      readonly functionName: string;
      readonly environmentId: string;
      readonly epochMs: number;
      readonly reason: EndReason;
    };

/** Why an environment ended. `exited`: by itself; `killed`: by `killEnvironment`. */
export type EndReason = 'exited' | 'idle' | 'replaced' | 'timeout' | 'memory' | 'killed' | 'closing';

/** An invocation on its way: waiting, or in an environment. */
export interface Invocation {
  readonly requestId: string;
  readonly payload: string;
  readonly traceId: string;
  readonly clientContext: string | undefined;
  readonly resolve: (result: InvokeResult) => void;
  readonly reject: (error: Error) => void;
  startedMs: number;
  coldStart: boolean;
  timedOut: boolean;
  timer: NodeJS.Timeout | undefined;
}
