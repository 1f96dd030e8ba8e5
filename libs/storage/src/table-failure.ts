/** What a failed call means for the item and for the caller: the only place that knows DynamoDB's and Node's error names. */

export type TableFailure =
  /** Not carried out: the table asks us to slow down. */
  | 'throttled'
  /** Not carried out: the request did not get there, or something that passes was in its way. */
  | 'not-done'
  /** Carried out or not, nobody can tell: no answer, half an answer, or a server's own failure. */
  | 'lost'
  /** The put's condition did not hold. */
  | 'refused'
  | 'too-large'
  /** Refused as such: asking again would change nothing. */
  | 'rejected';

/** DynamoDB developer guide, "Error handling with DynamoDB": these come before anything is written. */
const throttlingNames = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'LimitExceededException',
]);

/**
 * Of the 4xx these alone say nothing against the request: another write was under way, or it did not arrive whole or in time.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
const passingNames = new Set([
  'ReplicatedWriteConflictException',
  'TransactionConflictException',
  'TransactionInProgressException',
  'PriorRequestNotComplete',
  'RequestTimeout',
  'RequestTimeoutException',
]);
/** RFC 9110: Request Timeout, Misdirected Request; RFC 8470: Too Early. */
const passingStatuses: ReadonlySet<unknown> = new Set([408, 421, 425]);

/** Failures of the connect, before a byte of the request went out. */
const connectCodes = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** AWS's DAX client knows no node to send to. */
const unroutedName = 'NoRouteException';

/** Failures of the client's own set-up: no wait brings credentials or a region. */
const setUpNames = new Set(['CredentialsProviderError', 'TokenProviderError', 'TypeError']);

interface ErrorFacts {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown };
  readonly $response?: unknown;
}

/** @param error what the SDK (or another client that names DynamoDB's errors in `name`) has thrown */
export function failureOf(error: unknown): TableFailure {
  const { name, code, message, $metadata, $response } = (error ?? {}) as ErrorFacts;
  const status = $metadata?.httpStatusCode;
  if (name === 'ConditionalCheckFailedException') return 'refused';
  if (typeof name === 'string' && throttlingNames.has(name)) return 'throttled';
  if (status === 429) return 'throttled';
  if ((typeof name === 'string' && passingNames.has(name)) || passingStatuses.has(status)) return 'not-done';
  if (name === 'ValidationException' && /item size/i.test(String(message))) return 'too-large';
  if (typeof status === 'number' && status >= 400 && status < 500) return 'rejected';
  if (name === unroutedName || (typeof code === 'string' && connectCodes.has(code))) return 'not-done';
  if (typeof name === 'string' && setUpNames.has(name) && status === undefined && $response === undefined) {
    return 'rejected';
  }
  return 'lost';
}
