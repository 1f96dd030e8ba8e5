/** Fetches and validates one page, again where that helps, within the event's deadline. The waits come from `retry-policy.ts`. */
import { attemptTimeoutMs, type Deadline, maxAttempts, patientTimeoutMs } from '@quartersec/sla';
import type { Connector, PageRequest, ValidPage } from './connector.ts';
import { ProviderError } from './provider-error.ts';
import { decideRetry, type RetryDecision } from './retry-policy.ts';

export interface RetryDeps {
  /** Resolves after this many ms. */
  readonly sleep: (ms: number) => Promise<void>;
  /** 0 to 1, exclusive. */
  readonly random: () => number;
  /** Monotonic, in ms: `performance.now`. */
  readonly nowMs: () => number;
  /** Told of every attempt as it ends, `error` being `undefined` for the one that gave the page. */
  readonly onAttempt?: (attempt: AttemptReport) => void;
  /** Nobody waits for the answer: a slow provider is given more time for its first answer. Default false. */
  readonly patient?: boolean;
}

export interface AttemptReport {
  /** From 1. */
  readonly attempt: number;
  /** The call alone, without validation and waits. */
  readonly providerMs: number;
  readonly error: ProviderError | undefined;
}

/** Times of a page, whether it came or not. */
export interface FetchTimes {
  /** Calls made. */
  readonly attempts: number;
  /** Waiting for the provider, all calls. */
  readonly providerMs: number;
  /** The fetch step as a whole: calls and the waits between them. */
  readonly fetchMs: number;
  /** Validation, all attempts. */
  readonly validateMs: number;
}

export interface FetchedPage<Wire> extends FetchTimes {
  readonly outcome: 'page';
  readonly page: ValidPage<Wire>;
}

export interface FailedFetch extends FetchTimes {
  readonly outcome: 'failed';
  /** Of the last attempt. */
  readonly error: ProviderError;
  /** The last permitted attempt failed, by count or by deadline: this is what must be alerted. */
  readonly exhausted: boolean;
  /** When to ask again, if the provider said so or its kind of fault implies it; `undefined` leaves it to the caller. */
  readonly backToQueueAfterMs?: number;
}

export type FetchResult<Wire> = FetchedPage<Wire> | FailedFetch;

/**
 * Up to `maxAttempts` calls, each fetch + validate; a page that fails validation is a failed attempt.
 * A deadline that is over before the first call gives `attempts: 0` and goes back to the queue at once.
 * @throws only what is no `ProviderError`: a defect of a connector, which a retry would not cure
 */
export async function fetchWithRetries<Wire>(
  connector: Pick<Connector<Wire>, 'provider' | 'fetchPage' | 'validatePage'>,
  request: PageRequest,
  deadline: Deadline,
  deps: RetryDeps,
): Promise<FetchResult<Wire>> {
  const startedMs = deps.nowMs();
  let attempts = 0;
  let providerMs = 0;
  let validateMs = 0;
  let timeouts = request.timeouts ?? 0;
  const times = (): FetchTimes => {
    const fetchMs = deps.nowMs() - startedMs - validateMs;
    return { attempts, providerMs, fetchMs, validateMs };
  };

  const attempt = async (timeoutMs: number): Promise<ValidPage<Wire> | ProviderError> => {
    const calledMs = deps.nowMs();
    attempts += 1;
    const limits = { attemptTimeoutMs: timeoutMs, deadline };
    const raw = await orProviderError(() => connector.fetchPage({ ...request, timeouts }, limits));
    const answeredMs = deps.nowMs();
    const page = raw instanceof ProviderError ? raw : await orProviderError(() => connector.validatePage(raw));
    providerMs += answeredMs - calledMs;
    validateMs += deps.nowMs() - answeredMs;
    const error = page instanceof ProviderError ? page : undefined;
    deps.onAttempt?.({ attempt: attempts, providerMs: answeredMs - calledMs, error });
    return page;
  };

  let lastError: ProviderError | undefined;
  for (;;) {
    const attemptsLeft = maxAttempts - attempts;
    const timeoutMs = deps.patient
      ? patientTimeoutMs(deadline.remainingMs(), attemptsLeft)
      : attemptTimeoutMs(deadline.remainingMs(), attemptsLeft);
    if (timeoutMs === 0) return { ...outOfTime(connector.provider, lastError), ...times() };
    const page = await attempt(timeoutMs);
    if (!(page instanceof ProviderError)) return { outcome: 'page', page, ...times() };
    lastError = page;
    if (page.code === 'TIMEOUT') timeouts += 1;
    const { outcome, facts } = page;
    const remainingMs = deadline.remainingMs();
    const decision = decideRetry({ attempts, outcome, retryAfterMs: facts.retryAfterMs, remainingMs }, deps.random);
    if (decision.action !== 'retry') return { ...failed(page, decision), ...times() };
    await deps.sleep(decision.afterMs);
  }
}

type Failure = Omit<FailedFetch, keyof FetchTimes>;

function failed(error: ProviderError, decision: Exclude<RetryDecision, { action: 'retry' }>): Failure {
  const exhausted = decision.action === 'give-up';
  const afterMs = decision.action === 'stop' ? undefined : decision.afterMs;
  return { outcome: 'failed', error, exhausted, ...(afterMs !== undefined && { backToQueueAfterMs: afterMs }) };
}

/** Nothing left to begin with: earlier pages took it all, and this one has its turn in the next event. Or overslept. */
function outOfTime(provider: string, lastError: ProviderError | undefined): Failure {
  if (lastError !== undefined) return failed(lastError, { action: 'give-up' });
  const error = new ProviderError('TIMEOUT', { provider, detail: 'no time left for a call' });
  return failed(error, { action: 'hand-back', afterMs: 0 });
}

async function orProviderError<Value>(step: () => Value | Promise<Value>): Promise<Value | ProviderError> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
}
