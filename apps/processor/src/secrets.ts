/**
 * The values that no template and no console may show. On AWS the functions are told where they lie (`SECRET_ARNS`) and read
 * them once, before the first event; elsewhere they are plain variables. Rotated values reach environments that start after it.
 *
 * Signed here rather than through AWS's extension for it: that is a second process in every environment, a layer for each
 * region, and not there yet while a function starts, which is when these are needed.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createSignedCall, type SignedCall } from '@quartersec/storage';
import { ProcessorError } from './processor-error.ts';

type Variables = Readonly<Record<string, string | undefined>>;

const attempts = 3;
/** Three of them and their pauses are well inside the 10 s that Lambda gives a start. */
const attemptTimeoutMs = 2_000;
const pauseMs = 100;

/**
 * @param names the variables that may come from a secret; whatever else a secret holds stays out
 * @param variables with `SECRET_ARNS`: secrets, separated by commas, each a JSON object of texts by variable name
 * @returns the variables and with them the secret values, which win
 * @throws {ProcessorError} `CONFIGURATION_INVALID`, naming the secret that could not be read and why, never what it holds
 */
export async function withSecrets(names: readonly string[], variables: Variables): Promise<Variables> {
  const arns = (variables.SECRET_ARNS ?? '').split(',').filter((arn) => arn !== '');
  if (arns.length === 0) return variables;
  const call = createSignedCall({
    service: 'secretsmanager',
    targetPrefix: 'secretsmanager',
    jsonVersion: '1.1',
    region: variables.AWS_REGION ?? '',
    endpoint: variables.SECRETS_ENDPOINT,
    credentials: {
      accessKeyId: variables.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: variables.AWS_SECRET_ACCESS_KEY ?? '',
      ...(variables.AWS_SESSION_TOKEN ? { sessionToken: variables.AWS_SESSION_TOKEN } : {}),
    },
    nowEpochMs: Date.now,
  });
  const secrets = await Promise.all(arns.map((arn) => readSecret(call, arn)));
  const named = secrets.flatMap((secret) => Object.entries(secret)).filter(([name]) => names.includes(name));
  return { ...variables, ...Object.fromEntries(named) };
}

async function readSecret(call: SignedCall, arn: string, failures = 0): Promise<Record<string, string>> {
  try {
    const answer = await call('GetSecretValue', { SecretId: arn }, AbortSignal.timeout(attemptTimeoutMs));
    return parseSecret((answer as { SecretString?: unknown }).SecretString);
  } catch (cause) {
    if (failures + 1 < attempts && !isFinal(cause)) {
      await sleep(pauseMs * 2 ** failures);
      return readSecret(call, arn, failures + 1);
    }
    const reason = cause instanceof SyntaxError ? 'no JSON object of texts' : (cause as Error).name;
    // Without the cause: what a parser quotes of a secret would end in a log.
    throw new ProcessorError('CONFIGURATION_INVALID', { SECRET_ARNS: `${arn} cannot be read: ${reason}` });
  }
}

/** @throws {SyntaxError} */
function parseSecret(text: unknown): Record<string, string> {
  const value: unknown = typeof text === 'string' ? JSON.parse(text) : undefined;
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject || Object.values(value).some((member) => typeof member !== 'string')) throw new SyntaxError();
  return value as Record<string, string>;
}

/** Denied, absent or unreadable: it would be again. */
function isFinal(error: unknown): boolean {
  const status = (error as { $metadata?: { httpStatusCode: number } }).$metadata?.httpStatusCode ?? 0;
  return error instanceof SyntaxError || (status >= 400 && status < 500 && !/throttl/i.test((error as Error).name));
}
