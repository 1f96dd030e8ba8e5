import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentVariables } from './environment-variables.ts';
import type { ResolvedFunction } from './function-definition.ts';
import type { EndReason, FunctionError, Invocation } from './invocation.ts';
import { createLineSplitter } from './log-lines.ts';
import { readProcessMemory } from './process-memory.ts';

const RUNTIME_PATH = fileURLToPath(new URL('./node-runtime.mjs', import.meta.url));
const TERM_GRACE_MS = 2_000; // Lambda itself leaves a runtime 2 s between SIGTERM and SIGKILL
const HEAP_SHARE = 0.9; // of the memory limit: what the managed Node runtimes leave to V8's old space

export interface EnvironmentDeps {
  readonly id: string;
  /** `host:port` of the host's server. */
  readonly authority: string;
  readonly region: string;
  readonly onLine: (line: string) => void;
  /** The process is gone and all of its output has been read. */
  readonly onEnded: () => void;
}

/** One child process that asks for invocations. It only knows its own state; `environment-pool.ts` decides. */
export class Environment {
  readonly id: string;
  readonly definition: ResolvedFunction;
  readonly startedMs = performance.now();
  /** Requests for an invocation that wait for one: as many as the environment has free slots. */
  readonly waiting: ServerResponse[] = [];
  readonly running = new Map<string, Invocation>();
  /** Answered, but the runtime has not come back for the next one: their time still counts. */
  readonly returning: Invocation[] = [];
  readonly ended: Promise<void>;
  invocations = 0;
  initDurationMs: number | undefined;
  initError: FunctionError | undefined;
  usedMs = performance.now();
  maxMemoryUsedMb = 0;
  endReason: EndReason | undefined;
  readonly #child: ChildProcess;
  readonly #deps: EnvironmentDeps;
  readonly #initTimer: NodeJS.Timeout;
  #exit = '';
  #heapExhausted = false;
  #killTimer: NodeJS.Timeout | undefined;

  constructor(definition: ResolvedFunction, deps: EnvironmentDeps) {
    this.id = deps.id;
    this.definition = definition;
    this.#deps = deps;
    this.#child = this.#spawn();
    this.#initTimer = setTimeout(() => this.kill('timeout'), definition.initTimeoutMs);
    this.ended = new Promise((resolve) => this.#watch(resolve));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isReady(): boolean {
    return this.initDurationMs !== undefined;
  }

  /** The runtime asked for its first invocation: the start is over. */
  markReady(): void {
    clearTimeout(this.#initTimer);
    this.initDurationMs = performance.now() - this.startedMs;
  }

  /** Ends it at once; what it started dies with it. */
  kill(reason: EndReason): void {
    this.endReason ??= reason;
    this.#signal('SIGKILL');
  }

  /** Lets the process end in its own way, but not for long. */
  terminate(reason: EndReason): void {
    if (this.endReason !== undefined) return;
    this.endReason = reason;
    this.#signal('SIGTERM');
    this.#killTimer = setTimeout(() => this.#signal('SIGKILL'), TERM_GRACE_MS);
  }

  /** Notes the memory in use. @returns whether it is over the limit */
  exceedsMemory(): boolean {
    const memory = this.#child.pid === undefined ? undefined : readProcessMemory(this.#child.pid);
    if (memory === undefined) return false;
    this.maxMemoryUsedMb = memory.peakMb;
    return memory.residentMb > this.definition.memoryMb;
  }

  /** Why an invocation in it failed, as Lambda words it. Only once the process has ended. */
  exitError(requestId: string, timedOut: boolean): FunctionError {
    if (this.initError !== undefined && !this.isReady) return this.initError;
    const error = (errorType: string, reason: string) => ({
      errorType,
      errorMessage: `RequestId: ${requestId} Error: ${reason}`,
    });
    if (timedOut) {
      const limitMs = this.isReady ? this.definition.timeoutMs : this.definition.initTimeoutMs;
      return error('Sandbox.Timedout', `Task timed out after ${(limitMs / 1_000).toFixed(2)} seconds`);
    }
    const outOfMemory = this.endReason === 'memory' || this.#heapExhausted;
    return error(
      outOfMemory ? 'Runtime.OutOfMemory' : 'Runtime.ExitError',
      `Runtime exited with error: ${outOfMemory ? 'signal: killed' : this.#exit}`,
    );
  }

  #spawn(): ChildProcess {
    const { definition } = this;
    const isNode = definition.kind === 'node';
    const taskRoot = isNode ? definition.directory : dirname(definition.path);
    const heapMb = Math.floor(definition.memoryMb * HEAP_SHARE);
    const [command, args] = isNode
      ? [
          definition.nodePath ?? process.execPath,
          [`--max-old-space-size=${heapMb}`, ...(definition.nodeFlags ?? []), RUNTIME_PATH],
        ]
      : [definition.path, []];
    const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
    const env = environmentVariables(definition, {
      region: this.#deps.region,
      runtimeApi: `${this.#deps.authority}/env/${this.id}`,
      logStreamName: `${day}/[$LATEST]${randomBytes(16).toString('hex')}`,
      taskRoot,
      path: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    });
    // A process group of its own: Ctrl-C reaches the host alone, which then ends its environments in order, and a
    // signal to the group reaches what the function itself started.
    return spawn(command, args, { cwd: taskRoot, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  }

  #watch(resolve: () => void): void {
    const child = this.#child;
    this.#readLines(child.stdout, () => {});
    this.#readLines(child.stderr, (line) => {
      if (line.includes('JavaScript heap out of memory')) this.#heapExhausted = true;
    });
    child.once('error', (error) => {
      this.initError = { errorType: 'Runtime.InvalidEntrypoint', errorMessage: `Cannot start: ${error.message}` };
    });
    child.once('exit', (code, signal) => {
      this.#exit = signal === null ? `exit status ${code}` : `signal: ${signalText(signal)}`;
      this.#signal('SIGKILL'); // what it left behind would keep its output open
    });
    // 'close' comes after the last line of output, 'exit' may come before it. One turn later, because an answer that the
    // process sent with its last breath may wait in the host's socket still.
    child.once('close', () => setImmediate(() => this.#end(resolve)));
  }

  #end(resolve: () => void): void {
    clearTimeout(this.#initTimer);
    clearTimeout(this.#killTimer);
    this.endReason ??= 'exited';
    this.#deps.onEnded();
    resolve();
  }

  #readLines(stream: NodeJS.ReadableStream | null, inspect: (line: string) => void): void {
    const feed = createLineSplitter((line) => {
      inspect(line);
      this.#deps.onLine(line);
    });
    stream?.setEncoding('utf8');
    stream?.on('data', feed);
    stream?.on('end', () => feed(undefined));
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, signal);
    } catch {
      // ESRCH: the whole group is gone already
    }
  }
}

/** Go's wording, which Lambda's own messages carry. */
function signalText(signal: string): string {
  const texts: Record<string, string> = { SIGKILL: 'killed', SIGTERM: 'terminated', SIGABRT: 'aborted' };
  return texts[signal] ?? signal;
}
