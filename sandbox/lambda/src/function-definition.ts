import { HostError } from './host-error.ts';

interface FunctionSettings {
  /** As on AWS: letters, digits, `-` and `_`, up to 64. */
  readonly name: string;
  /** What the function finds in its environment beside what Lambda sets. Nothing is inherited from the host but PATH. */
  readonly environment?: Readonly<Record<string, string>>;
  /** One invocation may take this long, then its environment is killed. Default 3 000, as on AWS. */
  readonly timeoutMs?: number;
  /** Resident memory of one environment; beyond it the environment is killed. Default 128, as on AWS. */
  readonly memoryMb?: number;
  /** Environments at a time (reserved concurrency). Default 24: beyond about that many, two cores only warm up JITs. */
  readonly maxEnvironments?: number;
  /** Invocations that may wait for an environment before the next is refused with 429. Default 1 000. */
  readonly maxWaiting?: number;
  /** An environment unused for this long is ended. Default 300 000. */
  readonly idleMs?: number;
  /** The start, up to the first request for an invocation, may take this long. Default 10 000, as on AWS. */
  readonly initTimeoutMs?: number;
  /**
   * Invocations at once in one environment, as in Lambda Managed Instances. Default 1, the classic model. A `binary` must then
   * poll for several by itself (aws-lambda-go does, told by `AWS_LAMBDA_MAX_CONCURRENCY`).
   */
  readonly concurrencyPerEnvironment?: number;
  /** Port of the function URL; 0, the default, takes a free one. */
  readonly urlPort?: number;
}

/** A handler in JavaScript, run by `node-runtime.mjs`. */
export interface NodeFunction extends FunctionSettings {
  readonly kind: 'node';
  /** The folder of the bundle: `LAMBDA_TASK_ROOT`, and the working directory. */
  readonly directory: string;
  /** `file.export`, the file without `.mjs`, `.js` or `.cjs`. */
  readonly handler: string;
  /** The `node` to run it on. Default: the one that runs the host. */
  readonly nodePath?: string;
  /** Flags for `node` itself, after those the host sets. */
  readonly nodeFlags?: readonly string[];
}

/** Any executable that speaks the Runtime API (`provided.al2023` on AWS). */
export interface BinaryFunction extends FunctionSettings {
  readonly kind: 'binary';
  readonly path: string;
}

export type FunctionDefinition = NodeFunction | BinaryFunction;

/** A definition with every default filled in. */
export type ResolvedFunction = FunctionDefinition & Required<Omit<FunctionSettings, 'name'>>;

const DEFAULTS = {
  environment: {},
  timeoutMs: 3_000,
  memoryMb: 128,
  maxEnvironments: 24,
  maxWaiting: 1_000,
  idleMs: 300_000,
  initTimeoutMs: 10_000,
  concurrencyPerEnvironment: 1,
  urlPort: 0,
} as const;

// The documented list of reserved keys, less credentials: the sandbox has no role to take those from.
const RESERVED_KEY =
  /^(_HANDLER|_X_AMZN_TRACE_ID|AWS_DEFAULT_REGION|AWS_REGION|AWS_EXECUTION_ENV|AWS_LAMBDA_.+|LAMBDA_.+)$/;

/**
 * Fills in the defaults.
 * @throws {HostError} `InvalidParameterValueException` naming the function and the setting
 */
export function resolveFunction(definition: FunctionDefinition): ResolvedFunction {
  const resolved: ResolvedFunction = { ...DEFAULTS, ...definition };
  const refuse = (reason: string): never => {
    throw new HostError('InvalidParameterValueException', `Function ${JSON.stringify(definition.name)}: ${reason}`);
  };
  if (!/^[\w-]{1,64}$/.test(definition.name)) refuse('the name must be 1 to 64 letters, digits, "-" or "_".');
  if (resolved.kind === 'node' && !/^[^.\s]+(\.[^.\s]+)+$/.test(resolved.handler)) {
    refuse(`the handler ${JSON.stringify(resolved.handler)} must read "file.export".`);
  }
  const atLeastOne = [
    'timeoutMs',
    'memoryMb',
    'maxEnvironments',
    'idleMs',
    'initTimeoutMs',
    'concurrencyPerEnvironment',
  ] as const;
  for (const key of atLeastOne) {
    if (!(Number.isSafeInteger(resolved[key]) && resolved[key] >= 1)) refuse(`${key} must be an integer from 1.`);
  }
  if (resolved.timeoutMs > 900_000) refuse('timeoutMs must be at most 900000, 15 minutes.');
  if (!(Number.isSafeInteger(resolved.maxWaiting) && resolved.maxWaiting >= 0)) refuse('maxWaiting must be 0 or more.');
  const reserved = Object.keys(resolved.environment).find((key) => RESERVED_KEY.test(key));
  if (reserved !== undefined) refuse(`the environment variable ${reserved} is reserved: Lambda sets it itself.`);
  return resolved;
}
