import type { ResolvedFunction } from './function-definition.ts';

export interface EnvironmentPlace {
  readonly region: string;
  /** `host:port/path` of the Runtime API as this environment alone sees it. */
  readonly runtimeApi: string;
  readonly logStreamName: string;
  readonly taskRoot: string;
  /** The PATH to hand on. */
  readonly path: string;
}

// Signing needs some credentials, and nothing in the sandbox checks them.
const DUMMY_CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'ASIASANDBOX',
  AWS_SECRET_ACCESS_KEY: 'sandbox',
  AWS_SESSION_TOKEN: 'sandbox',
};

/**
 * What a Lambda environment finds in its environment.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function environmentVariables(definition: ResolvedFunction, place: EnvironmentPlace): Record<string, string> {
  const givesCredentials = 'AWS_ACCESS_KEY_ID' in definition.environment;
  return {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    PATH: place.path,
    ...(givesCredentials ? {} : DUMMY_CREDENTIALS),
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    ...definition.environment,
    _HANDLER: definition.kind === 'node' ? definition.handler : 'bootstrap',
    AWS_REGION: place.region,
    AWS_DEFAULT_REGION: place.region,
    AWS_EXECUTION_ENV:
      definition.kind === 'node'
        ? `AWS_Lambda_nodejs${process.versions.node.split('.')[0]}.x`
        : 'AWS_Lambda_provided.al2023',
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${definition.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: place.logStreamName,
    AWS_LAMBDA_RUNTIME_API: place.runtimeApi,
    LAMBDA_TASK_ROOT: place.taskRoot,
    ...(definition.concurrencyPerEnvironment > 1
      ? { AWS_LAMBDA_MAX_CONCURRENCY: String(definition.concurrencyPerEnvironment) }
      : {}),
  };
}
