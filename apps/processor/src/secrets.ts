/**
 * The values that no template and no console may show. On AWS the functions are told where they lie (`SECRET_ARNS`) and read
 * them once, before the first event; elsewhere they are plain variables. Rotated values reach environments that start after it.
 *
 * Signed here rather than through AWS's extension for it: that is a second process in every environment, a layer for each
 * region, and not there yet while a function starts, which is when these are needed.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type AwsCall, AwsError, callInTime, createAwsCall, fixedCredentials } from '@quartersec/aws';
import { createDeadline } from '@quartersec/sla';
import { readCredentials, readEndpoint } from './environment.ts';
import { ProcessorError } from './processor-error.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** Well inside the 10 s that Lambda gives a start. */
const deadlineMs = 6_000;
const attemptTimeoutMs = 2_000;

interface Time {
  /** Monotonic. */
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}
const realTime: Time = { nowMs: () => Number(process.hrtime.bigint()) / 1e6, sleep };

/**
 * @param names the variables that may come from a secret; whatever else a secret holds stays out
 * @param variables with `SECRET_ARNS`: secrets, separated by commas, each a JSON object of texts by variable name
 * @returns the variables and with them the secret values, which win
 * @throws {ProcessorError} `CONFIGURATION_INVALID`, naming the secret that could not be read and why, never what it holds
 */
export async function withSecrets(
  names: readonly string[],
  variables: Variables,
  time: Time = realTime,
): Promise<Variables> {
  const arns = (variables.SECRET_ARNS ?? '').split(',').filter((arn) => arn !== '');
  if (arns.length === 0) return variables;
  const call = createAwsCall({
    service: 'secretsmanager',
    targetPrefix: 'secretsmanager',
    jsonVersion: '1.1',
    region: variables.AWS_REGION ?? '',
    endpoint: readEndpoint('secretsmanager', variables),
    credentials: fixedCredentials(readCredentials(variables)), // read just now
    nowEpochMs: Date.now,
  });
  const secrets = await Promise.all(arns.map((arn) => readSecret(call, arn, time)));
  const named = secrets.flatMap((secret) => Object.entries(secret)).filter(([name]) => names.includes(name));
  return { ...variables, ...Object.fromEntries(named) };
}

async function readSecret(call: AwsCall, arn: string, { nowMs, sleep }: Time): Promise<Record<string, string>> {
  const deadline = createDeadline(deadlineMs, nowMs);
  const attempt = (signal: AbortSignal) => call('GetSecretValue', { SecretId: arn }, signal);
  try {
    const answer = await callInTime({ sleep, random: Math.random, attemptTimeoutMs }, { deadline, attempt });
    return parseSecret((answer as { SecretString?: unknown }).SecretString);
  } catch (cause) {
    const reason = cause instanceof AwsError ? (cause.facts.reason ?? cause.code) : 'no JSON object of texts';
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
