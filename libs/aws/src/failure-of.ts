/** What a failed call means for the request: AWS's own classification, and what it does not say. */
import { isThrottlingError, isTransientError } from '@smithy/service-error-classification';

export type AwsFailure =
  /** Not carried out: the service asks us to slow down. */
  | 'throttled'
  /** Not carried out: the request did not get there, or something that passes was in its way. */
  | 'not-done'
  /** Carried out or not, nobody can tell: no response, half a response, or a server's own failure. */
  | 'lost'
  /** Refused as such: asking again would change nothing. */
  | 'rejected';

/**
 * 4xx that say nothing against the request, and that AWS's list of transient errors lacks: another write was under way.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
const passingNames: ReadonlySet<string> = new Set(['ReplicatedWriteConflictException', 'TransactionConflictException']);
/** RFC 9110: Request Timeout, Misdirected Request; RFC 8470: Too Early. */
const passingStatuses: ReadonlySet<number> = new Set([408, 421, 425]);

/** Failures of the connect, before a byte of the request went out. */
const connectCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** Failures of the client's own set-up: no wait brings credentials or a region. */
const setUpNames: ReadonlySet<string> = new Set(['CredentialsProviderError', 'TokenProviderError', 'TypeError']);

/** The key is not valid any more, or never was. @see https://docs.aws.amazon.com/general/latest/gr/api-retries.html */
const credentialNames: ReadonlySet<string> = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'TokenRefreshRequired',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
]);

/** As AWS's own functions take it; any of it may be absent. */
type ErrorFacts = Parameters<typeof isTransientError>[0] & { readonly code?: string };

/** @param error what `createAwsCall`, the SDK or another client that names AWS's errors in `name` has thrown */
export function failureOf(error: unknown): AwsFailure {
  const facts: ErrorFacts = Object(error);
  const { name, code = '', $metadata, $response } = facts;
  const status = $metadata?.httpStatusCode ?? 0;
  if (isThrottlingError(facts)) return 'throttled';
  if (passingNames.has(name) || passingStatuses.has(status)) return 'not-done';
  if (status >= 400 && status < 500) return isTransientError(facts) ? 'not-done' : 'rejected';
  if (connectCodes.has(code)) return 'not-done';
  return setUpNames.has(name) && status === 0 && $response === undefined ? 'rejected' : 'lost';
}

export function isCredentialsRefusal({ name }: { readonly name: string }): boolean {
  return credentialNames.has(name);
}

/** Node's code where there is one, for its own errors are all called Error; else the name. Never the message: it quotes what was sent. */
export function reasonOf(error: unknown): string | undefined {
  const { name, code }: { readonly name?: unknown; readonly code?: unknown } = Object(error);
  const reason = typeof code === 'string' ? code : name;
  return typeof reason === 'string' ? reason : undefined;
}
