import { randomBytes, randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Environment } from './environment.ts';
import type { ResolvedFunction } from './function-definition.ts';
import { HostError } from './host-error.ts';
import type {
  EndReason,
  FunctionError,
  Invocation,
  InvokeOptions,
  InvokeResult,
  PlatformReport,
} from './invocation.ts';

/** The synchronous limit of the Invoke API, the same both ways: 6 MB and what JSON adds around it. */
export const MAX_PAYLOAD_BYTES = 6_291_556;

export interface PoolDeps {
  readonly authority: string;
  readonly region: string;
  readonly accountId: string;
  readonly onLine: (environmentId: string, line: string) => void;
  readonly onReport: ((report: PlatformReport) => void) | undefined;
  /** Tells the host which environment asks under which id. */
  readonly onStarted: (environment: Environment) => void;
  readonly onEnded: (environment: Environment) => void;
}

export interface PoolStats {
  readonly coldStarts: number;
  readonly invocations: number;
  readonly errors: number;
  readonly timeouts: number;
  /** Refused with 429. */
  readonly throttles: number;
  readonly inFlight: number;
  readonly waiting: number;
  readonly environments: number;
}

/** The environments of one function, and the invocations that wait for one. */
export class EnvironmentPool {
  #definition: ResolvedFunction;
  readonly #deps: PoolDeps;
  readonly #arn: string;
  readonly #environments = new Set<Environment>();
  // One entry a free slot, the last used at the end: reusing that one keeps few environments hot and lets the rest idle out.
  #free: Environment[] = [];
  readonly #waiting: Invocation[] = [];
  readonly #counts = { coldStarts: 0, invocations: 0, errors: 0, timeouts: 0, throttles: 0, inFlight: 0 };
  readonly #onIdle: (() => void)[] = [];
  #started = 0;
  #closed = false;

  constructor(definition: ResolvedFunction, deps: PoolDeps) {
    this.#definition = definition;
    this.#deps = deps;
    this.#arn = `arn:aws:lambda:${deps.region}:${deps.accountId}:function:${definition.name}`;
  }

  get definition(): ResolvedFunction {
    return this.#definition;
  }

  /** The most invocations that can run at once. */
  get concurrency(): number {
    return this.#definition.maxEnvironments * this.#definition.concurrencyPerEnvironment;
  }

  stats(): PoolStats {
    return { ...this.#counts, waiting: this.#waiting.length, environments: this.#environments.size };
  }

  /**
   * Runs the function once.
   * @param payload JSON text
   * @returns the answer, or the function's error as `functionError`
   * @throws {HostError} `TooManyRequestsException`, `RequestTooLargeException`, `HostClosed`
   */
  invoke(payload: string, options: InvokeOptions = {}): Promise<InvokeResult> {
    return new Promise((resolve, reject) => {
      const requestId = options.requestId ?? randomUUID();
      if (this.#closed) throw new HostError('HostClosed', 'The Lambda host is closing.');
      if (payload.length > MAX_PAYLOAD_BYTES || Buffer.byteLength(payload) > MAX_PAYLOAD_BYTES) {
        throw new HostError('RequestTooLargeException', `Request must be smaller than ${MAX_PAYLOAD_BYTES} bytes`);
      }
      const invocation: Invocation = {
        requestId,
        payload,
        traceId: options.traceId ?? newTraceId(requestId),
        clientContext: options.clientContext,
        resolve,
        reject,
        startedMs: 0,
        coldStart: false,
        timedOut: false,
        timer: undefined,
      };
      const environment = this.#waiting.length === 0 ? this.#takeFree() : undefined;
      if (environment !== undefined) {
        this.#hand(invocation, environment);
        return;
      }
      const mayComeFree =
        this.#environments.size < this.#definition.maxEnvironments || this.#coming() > this.#waiting.length;
      if (!mayComeFree && this.#waiting.length >= this.#definition.maxWaiting) {
        this.#counts.throttles += 1;
        throw new HostError('TooManyRequestsException', 'Rate Exceeded.');
      }
      this.#waiting.push(invocation);
      this.#startAsNeeded();
    });
  }

  /** The runtime asks for an invocation; the response is held until there is one. */
  next(environment: Environment, response: ServerResponse): void {
    if (!environment.isReady) environment.markReady();
    clearTimeout(environment.returning.shift()?.timer);
    environment.waiting.push(response);
    response.once('close', () => {
      const at = environment.waiting.indexOf(response);
      if (at === -1) return;
      environment.waiting.splice(at, 1); // the runtime hung up before it was given anything
      const freeAt = this.#free.lastIndexOf(environment);
      if (freeAt !== -1) this.#free.splice(freeAt, 1);
    });
    if (environment.endReason !== undefined) return;
    if (environment.definition !== this.#definition) {
      if (environment.running.size === 0) environment.terminate('replaced');
      return;
    }
    const invocation = this.#waiting.shift();
    if (invocation === undefined) this.#free.push(environment);
    else this.#handTo(environment, response, invocation);
  }

  /** @returns whether the environment has that invocation */
  respond(environment: Environment, requestId: string, payload: string, error: FunctionError | undefined): boolean {
    const invocation = environment.running.get(requestId);
    if (invocation === undefined) return false;
    environment.returning.push(invocation); // it is over only when the runtime comes back for the next
    this.#settle(environment, invocation, payload, error);
    return true;
  }

  /** Ends what is too big or was idle too long. Called every second. */
  housekeep(): void {
    const nowMs = performance.now();
    for (const environment of this.#environments) {
      if (environment.exceedsMemory()) this.kill(environment, 'memory');
      const isFree = environment.waiting.length > 0 && environment.running.size === 0;
      if (isFree && nowMs - environment.usedMs > this.#definition.idleMs) {
        this.#withdraw(environment);
        environment.terminate('idle');
      }
    }
  }

  /** Ends an environment at once; what runs in it fails. */
  kill(environment: Environment, reason: EndReason): void {
    this.#withdraw(environment);
    environment.kill(reason);
  }

  /** From now on the function is this one; what runs already ends as it began. */
  replace(definition: ResolvedFunction): void {
    this.#definition = definition;
    for (const environment of this.#environments) {
      this.#withdraw(environment);
      const isBusy = environment.running.size > 0 || environment.returning.length > 0;
      if (!isBusy) environment.terminate('replaced');
    }
    this.#startAsNeeded();
  }

  /** Resolves when nothing runs and nothing waits. */
  async idle(): Promise<void> {
    if (this.#counts.inFlight === 0 && this.#waiting.length === 0) return;
    await new Promise<void>((resolve) => this.#onIdle.push(resolve));
  }

  /** Refuses what waits and ends every environment. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const invocation of this.#waiting.splice(0)) {
      invocation.reject(new HostError('HostClosed', 'The Lambda host is closing.'));
    }
    if (this.#counts.inFlight === 0) for (const resolve of this.#onIdle.splice(0)) resolve();
    const environments = [...this.#environments];
    for (const environment of environments) {
      this.#withdraw(environment);
      environment.terminate('closing');
    }
    await Promise.all(environments.map((environment) => environment.ended));
  }

  #takeFree(): Environment | undefined {
    return this.#free.pop();
  }

  #withdraw(environment: Environment): void {
    this.#free = this.#free.filter((free) => free !== environment);
  }

  /** Slots that will be free soon without starting anything. */
  #coming(): number {
    let slots = 0;
    for (const environment of this.#environments) {
      if (environment.endReason !== undefined || environment.definition !== this.#definition) continue;
      slots += environment.isReady ? environment.returning.length : environment.definition.concurrencyPerEnvironment;
    }
    return slots;
  }

  #startAsNeeded(): void {
    if (this.#closed) return;
    let missing = this.#waiting.length - this.#coming();
    while (missing > 0 && this.#environments.size < this.#definition.maxEnvironments) {
      this.#start();
      missing -= this.#definition.concurrencyPerEnvironment;
    }
  }

  #start(): void {
    this.#started += 1;
    const id = `${this.#definition.name}-${this.#started}-${randomBytes(4).toString('hex')}`;
    const environment = new Environment(this.#definition, {
      id,
      authority: this.#deps.authority,
      region: this.#deps.region,
      onLine: (line) => this.#deps.onLine(id, line),
      onEnded: () => this.#onEnded(environment),
    });
    this.#environments.add(environment);
    this.#deps.onStarted(environment);
  }

  #hand(invocation: Invocation, environment: Environment): void {
    const response = environment.waiting[0];
    if (response === undefined) throw new HostError('InternalError', `${environment.id} is free but does not wait`);
    this.#handTo(environment, response, invocation);
  }

  #handTo(environment: Environment, response: ServerResponse, invocation: Invocation): void {
    environment.waiting.splice(environment.waiting.indexOf(response), 1);
    const { timeoutMs } = environment.definition;
    const startedEpochMs = Date.now();
    invocation.startedMs = performance.now();
    invocation.coldStart = environment.invocations === 0;
    invocation.timer = setTimeout(() => {
      invocation.timedOut = true;
      this.kill(environment, 'timeout');
    }, timeoutMs);
    environment.invocations += 1;
    environment.running.set(invocation.requestId, invocation);
    this.#counts.invocations += 1;
    this.#counts.inFlight += 1;
    if (invocation.coldStart) this.#counts.coldStarts += 1;
    const headers = [
      'Content-Type',
      'application/json',
      'Content-Length',
      String(Buffer.byteLength(invocation.payload)),
      'Lambda-Runtime-Aws-Request-Id',
      invocation.requestId,
      'Lambda-Runtime-Deadline-Ms',
      String(startedEpochMs + timeoutMs),
      'Lambda-Runtime-Invoked-Function-Arn',
      this.#arn,
      'Lambda-Runtime-Trace-Id',
      invocation.traceId,
    ];
    if (invocation.clientContext !== undefined) {
      headers.push('Lambda-Runtime-Client-Context', invocation.clientContext);
    }
    response.writeHead(200, headers).end(invocation.payload);
    this.#report({ type: 'start', ...this.#subject(environment, invocation), epochMs: startedEpochMs });
  }

  #settle(environment: Environment, invocation: Invocation, payload: string, error: FunctionError | undefined): void {
    environment.running.delete(invocation.requestId);
    environment.usedMs = performance.now();
    const durationMs = environment.usedMs - invocation.startedMs;
    const { coldStart, requestId } = invocation;
    const cold =
      coldStart && environment.initDurationMs !== undefined ? { initDurationMs: environment.initDurationMs } : {};
    this.#counts.inFlight -= 1;
    if (error !== undefined) this.#counts.errors += 1;
    if (invocation.timedOut) this.#counts.timeouts += 1;
    const failure = error === undefined ? {} : { functionError: error };
    const result: InvokeResult = {
      requestId,
      payload,
      environmentId: environment.id,
      coldStart,
      durationMs,
      ...cold,
      ...failure,
    };
    // One turn later: by then the runtime, which asks for more in the packet that answers, is free for whoever waited for
    // this result, and the next invocation goes to the same hot environment.
    setImmediate(() => invocation.resolve(result));
    if (this.#deps.onReport !== undefined) this.#reportEnd(environment, invocation, durationMs, cold, error);
    if (this.#counts.inFlight > 0 || this.#waiting.length > 0) return;
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  #reportEnd(
    environment: Environment,
    invocation: Invocation,
    durationMs: number,
    cold: { initDurationMs?: number },
    error: FunctionError | undefined,
  ): void {
    const subject = { ...this.#subject(environment, invocation), epochMs: Date.now() };
    if (environment.maxMemoryUsedMb === 0) environment.exceedsMemory(); // younger than the first second's look
    this.#report({ type: 'end', ...subject });
    this.#report({
      type: 'report',
      ...subject,
      ...cold,
      durationMs,
      billedDurationMs: Math.ceil(durationMs + (cold.initDurationMs ?? 0)),
      memorySizeMb: environment.definition.memoryMb,
      maxMemoryUsedMb: environment.maxMemoryUsedMb,
      status: invocation.timedOut ? 'timeout' : error === undefined ? 'success' : 'error',
      ...(error === undefined ? {} : { errorType: error.errorType }),
    });
  }

  #onEnded(environment: Environment): void {
    this.#withdraw(environment);
    this.#environments.delete(environment);
    for (const invocation of environment.returning) clearTimeout(invocation.timer);
    for (const invocation of [...environment.running.values()]) {
      clearTimeout(invocation.timer);
      const error = environment.exitError(invocation.requestId, invocation.timedOut);
      this.#settle(environment, invocation, JSON.stringify(error), error);
    }
    const failedToStart = !environment.isReady && environment.endReason !== 'replaced';
    if (failedToStart) this.#failOldest(environment);
    this.#deps.onEnded(environment);
    this.#report({
      type: 'environmentEnded',
      functionName: this.#definition.name,
      environmentId: environment.id,
      epochMs: Date.now(),
      reason: environment.endReason ?? 'exited',
    });
    this.#startAsNeeded();
  }

  /** A start that fails costs one invocation, the one it was for; otherwise a broken function would start for ever. */
  #failOldest(environment: Environment): void {
    const invocation = this.#waiting.shift();
    if (invocation === undefined) return;
    invocation.startedMs = environment.startedMs;
    invocation.coldStart = true;
    invocation.timedOut = environment.endReason === 'timeout';
    const error = environment.exitError(invocation.requestId, invocation.timedOut);
    this.#counts.invocations += 1;
    this.#counts.inFlight += 1;
    this.#counts.coldStarts += 1;
    this.#settle(environment, invocation, JSON.stringify(error), error);
  }

  #subject(environment: Environment, invocation: Invocation) {
    return {
      functionName: this.#definition.name,
      environmentId: environment.id,
      requestId: invocation.requestId,
    };
  }

  #report(report: PlatformReport): void {
    this.#deps.onReport?.(report);
  }
}

/** An X-Ray trace header, not sampled: nothing here collects traces. */
function newTraceId(requestId: string): string {
  const hex = requestId.replaceAll('-', '');
  const seconds = Math.floor(Date.now() / 1_000).toString(16);
  return `Root=1-${seconds}-${hex.slice(0, 24)};Parent=${hex.slice(16)};Sampled=0`;
}
