import { createDeadline, type Deadline } from '@quartersec/sla';
import { describe, expect, it } from 'vitest';
import type { CallLimits, RawPage, ValidPage } from './connector.ts';
import { type AttemptReport, type FetchResult, fetchWithRetries } from './fetch-with-retries.ts';
import { ProviderError, type ProviderErrorCode, type ProviderErrorFacts } from './provider-error.ts';

const error = (code: ProviderErrorCode, facts: Omit<ProviderErrorFacts, 'provider'> = {}) =>
  new ProviderError(code, { provider: 'plaid', ...facts });

const raw: RawPage = { text: 'page', requestId: 'r1' };
const page: ValidPage<string> = {
  wire: 'page',
  nextCursor: 'c1',
  hasMore: false,
  requestId: 'r1',
  history: 'complete',
  unknownFields: 0,
  unknownEnums: 0,
};
const request = { accessToken: 'access-1', cursor: 'c0' };

/** What each call gives, and how long it takes on the virtual clock. The last one stays. */
type Step = { readonly tookMs: number; readonly gives: RawPage | Error };

function run(
  steps: readonly Step[],
  { validate = [] as readonly (Error | undefined)[], totalMs = 2_000, random = 1, oversleptMs = 0 } = {},
) {
  let nowMs = 1_000;
  const slept: number[] = [];
  const timeouts: number[] = [];
  const reports: AttemptReport[] = [];
  let calls = 0;
  const connector = {
    provider: 'plaid' as const,
    async fetchPage(_request: unknown, limits: CallLimits) {
      timeouts.push(limits.attemptTimeoutMs);
      const step = steps[Math.min(calls, steps.length - 1)];
      calls += 1;
      nowMs += step?.tookMs ?? 0;
      if (step?.gives instanceof Error) throw step.gives;
      return step?.gives ?? raw;
    },
    validatePage() {
      nowMs += 3;
      const failure = validate[calls - 1];
      if (failure) throw failure;
      return page;
    },
  };
  const deadline: Deadline = createDeadline(totalMs, () => nowMs);
  const result: Promise<FetchResult<string>> = fetchWithRetries(connector, request, deadline, {
    async sleep(ms) {
      slept.push(ms);
      nowMs += ms + oversleptMs;
    },
    random: () => random,
    nowMs: () => nowMs,
    onAttempt: (report) => reports.push(report),
  });
  return { result, slept, timeouts, reports, calls: () => calls };
}

const ok: Step = { tookMs: 60, gives: raw };
const broken: Step = { tookMs: 20, gives: error('SERVER_ERROR', { status: 500 }) };

describe('fetchWithRetries', () => {
  it('gives the page of the first call', async () => {
    const { result, slept } = run([ok]);
    expect(await result).toEqual({ outcome: 'page', page, attempts: 1, providerMs: 60, fetchMs: 60, validateMs: 3 });
    expect(slept).toEqual([]);
  });

  it('gives the page after one, two, three failures, with the exact count', async () => {
    expect(await run([broken, ok]).result).toMatchObject({
      outcome: 'page',
      attempts: 2,
      providerMs: 80,
      fetchMs: 130,
    });
    expect(await run([broken, broken, ok]).result).toMatchObject({ outcome: 'page', attempts: 3, providerMs: 100 });
    expect(await run([broken, broken, broken, ok]).result).toMatchObject({
      outcome: 'page',
      attempts: 4,
      fetchMs: 470,
    });
  });

  it('stops after exactly four calls', async () => {
    const { result, slept, calls } = run([broken]);
    expect(await result).toMatchObject({
      outcome: 'failed',
      error: { code: 'SERVER_ERROR' },
      attempts: 4,
      exhausted: true,
      providerMs: 80,
      fetchMs: 430,
      validateMs: 0,
    });
    expect(await result).not.toHaveProperty('backToQueueAfterMs');
    expect(calls()).toBe(4);
    expect(slept).toEqual([50, 100, 200]);
  });

  it('counts a page that fails its validation as a failed attempt', async () => {
    const { result } = run([ok], { validate: [error('PAGE_INVALID'), error('BODY_UNREADABLE'), undefined] });
    expect(await result).toMatchObject({ outcome: 'page', attempts: 3, providerMs: 180, fetchMs: 330, validateMs: 9 });
  });

  it.each([
    'MUTATED_DURING_PAGINATION',
    'CURSOR_UNKNOWN',
    'LOGIN_REQUIRED',
    'CONSENT_EXPIRED',
    'ACCESS_REVOKED',
    'NO_LONGER_SUPPORTED',
    'REQUEST_REJECTED',
    'URL_REFUSED',
  ] as const)('calls once, and neither exhausts nor delays, on %s', async (code) => {
    const { result, calls } = run([{ tookMs: 20, gives: error(code) }]);
    const failed = await result;
    expect(failed).toMatchObject({ outcome: 'failed', error: { code }, attempts: 1, exhausted: false });
    expect(failed).not.toHaveProperty('backToQueueAfterMs');
    expect(calls()).toBe(1);
  });

  it('waits for a Retry-After that fits', async () => {
    const { result, slept } = run([{ tookMs: 20, gives: error('THROTTLED', { retryAfterMs: 1_000 }) }, ok], {
      random: 0,
    });
    expect(await result).toMatchObject({ outcome: 'page', attempts: 2 });
    expect(slept).toEqual([1_000]);
  });

  it('hands back a Retry-After that does not, without a further call', async () => {
    const { result, slept, calls } = run([{ tookMs: 20, gives: error('THROTTLED', { retryAfterMs: 30_000 }) }], {
      random: 0,
    });
    expect(await result).toMatchObject({
      outcome: 'failed',
      attempts: 1,
      exhausted: false,
      backToQueueAfterMs: 30_000,
    });
    expect(slept).toEqual([]);
    expect(calls()).toBe(1);
  });

  it('hands a bank that is down back for five minutes', async () => {
    const { result } = run([{ tookMs: 20, gives: error('INSTITUTION_DOWN') }], { random: 0 });
    expect(await result).toMatchObject({
      exhausted: false,
      backToQueueAfterMs: 300_000,
      error: { outcome: 'later' },
    });
  });

  it('is exhausted when the deadline ends before the count does', async () => {
    const hung: Step = { tookMs: 800, gives: error('TIMEOUT') };
    const { result, calls } = run([hung], { totalMs: 1_000 });
    expect(await result).toMatchObject({ outcome: 'failed', error: { code: 'TIMEOUT' }, exhausted: true });
    expect(calls()).toBeLessThan(3);
  });

  it('makes no call when nothing is left, and goes back to the queue', async () => {
    const { result, calls } = run([ok], { totalMs: 149 });
    expect(await result).toMatchObject({
      outcome: 'failed',
      error: { code: 'TIMEOUT' },
      attempts: 0,
      exhausted: false,
      backToQueueAfterMs: 0,
    });
    expect(calls()).toBe(0);
  });

  it('gives each call a share of what is left', async () => {
    const hung: Step = { tookMs: 400, gives: error('TIMEOUT') };
    const { result, timeouts } = run([hung, broken], { random: 0 });
    await result;
    expect(timeouts).toEqual([950, 750, 740, 1_460]);
  });

  it('is exhausted when it overslept', async () => {
    const { result, calls } = run([broken], { oversleptMs: 5_000 });
    expect(await result).toMatchObject({ error: { code: 'SERVER_ERROR' }, attempts: 1, exhausted: true });
    expect(calls()).toBe(1);
  });

  it('reports every attempt with its time and its error', async () => {
    const { result, reports } = run([broken, ok]);
    await result;
    expect(reports).toEqual([
      { attempt: 1, providerMs: 20, error: broken.gives },
      { attempt: 2, providerMs: 60, error: undefined },
    ]);
  });

  it('lets a defect of the connector through', async () => {
    await expect(run([{ tookMs: 0, gives: new TypeError('bug') }]).result).rejects.toThrow(TypeError);
  });
});
