/**
 * What every connector must do, whatever its provider: run it from the connector's own test.
 *
 * ```ts
 * describeConnectorContract('plaid', { create, page, otherPage, loginExpired, accountNumber });
 * ```
 */
import { inspect } from 'node:util';
import { createDeadline } from '@quartersec/sla';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallLimits, Connector } from './connector.ts';
import { fetchWithRetries } from './fetch-with-retries.ts';
import { ProviderError } from './provider-error.ts';
import { answers, type ScriptedAnswer, type ScriptedServer, startScriptedServer } from './scripted-server.ts';

export interface ConnectorUnderContract<Wire> {
  /** A connector that calls this base URL with the given secret, and takes bodies of at most 1 MB. */
  create(baseUrl: string, clientSecret: string): { readonly connector: Connector<Wire>; close(): void };
  /** A page as the provider sends it: one record or more, more pages to follow, and `accountNumber` somewhere in it. */
  readonly page: string;
  readonly pageCursor: string;
  /** What the pages are asked with, for a provider whose cursors have a form; it has the default, `planted-cursor`, in it. */
  readonly cursor?: string;
  readonly accountNumber: string;
  /** How the provider says that the user must log in again; its text names `accountNumber`. */
  readonly loginExpired: { readonly status: number; readonly body: string };
}

const clientSecret = 'planted-client-secret';
const secrets = [clientSecret, 'planted-access-token', 'planted-cursor'];

/** Long enough for a busy machine; calls that must be cut short get `brief`. */
const ample = (): CallLimits => ({
  attemptTimeoutMs: 600_000,
  deadline: createDeadline(600_000, () => performance.now()),
});
const brief = (): CallLimits => ({ ...ample(), attemptTimeoutMs: 150 });

export function describeConnectorContract<Wire>(name: string, subject: ConnectorUnderContract<Wire>): void {
  const { page, accountNumber, loginExpired, cursor = 'planted-cursor' } = subject;
  const request = { accessToken: 'planted-access-token', cursor };
  const cutPage = page.slice(0, -20);
  const html = `<html><body>Account ${accountNumber} is not available</body></html>`;

  /** Each fault: the answer, and the code that the pipeline must see. */
  const faults: [string, ScriptedAnswer, string][] = [
    ['500', answers.json(500, `{"message":"${accountNumber}"}`), 'SERVER_ERROR'],
    ['500 in HTML', answers.as('text/html', 500, html), 'SERVER_ERROR'],
    ['503', answers.json(503, ''), 'SERVER_ERROR'],
    ['400 in HTML', answers.as('text/html', 400, html), 'BODY_UNREADABLE'],
    ['429', answers.json(429, '{}'), 'THROTTLED'],
    ['silence', answers.silence(), 'TIMEOUT'],
    ['one byte after the other', answers.trickle(200), 'TIMEOUT'],
    ['one byte of an error after the other', answers.trickle(500), 'TIMEOUT'],
    ['a connection closed without a word', answers.hangUp(), 'UNREACHABLE'],
    ['no HTTP', answers.garbage(`${accountNumber}\r\n\r\n`), 'UNREACHABLE'],
    ['a reset in the middle of the body', answers.cutOff(200, page), 'BODY_UNREADABLE'],
    ['a chunked body without its end', answers.unfinished(page), 'BODY_UNREADABLE'],
    ['truncated JSON', answers.json(200, cutPage), 'BODY_UNREADABLE'],
    ['an empty 200', answers.json(200, ''), 'BODY_UNREADABLE'],
    ['HTML with 200', answers.as('text/html', 200, html), 'BODY_UNREADABLE'],
    ['a page of the wrong content type', answers.as('text/plain', 200, page), 'BODY_UNREADABLE'],
    ['invalid UTF-8', answers.as('application/json', 200, Buffer.from(page, 'utf16le')), 'BODY_UNREADABLE'],
    ['an endless body', answers.flood(200), 'BODY_TOO_LARGE'],
    ['an announced 50 MB', answers.announce(200, 50_000_000), 'BODY_TOO_LARGE'],
    ['50 MB packed small', answers.gzip(new Uint8Array(50_000_000)), 'BODY_TOO_LARGE'],
    ['a redirect', answers.redirect('/elsewhere'), 'URL_REFUSED'],
    ['an object that is no page', answers.json(200, `{"message":"${accountNumber}"}`), 'PAGE_INVALID'],
    ['an array', answers.json(200, '[]'), 'PAGE_INVALID'],
    ['null', answers.json(200, 'null'), 'PAGE_INVALID'],
    ['members on a prototype', answers.json(200, `{"__proto__":${page}}`), 'PAGE_INVALID'],
    ['a number past all bounds', answers.json(200, `1${'0'.repeat(10_000)}`), 'PAGE_INVALID'],
    ['100,000 levels', answers.json(200, `${'['.repeat(100_000)}${']'.repeat(100_000)}`), 'BODY_UNREADABLE'],
  ];
  const hangs = new Set(['TIMEOUT']);

  describe(`${name} keeps the connector contract`, () => {
    let server: ScriptedServer;
    let opened: ReturnType<typeof subject.create>;

    beforeEach(async () => {
      server = await startScriptedServer();
      opened = subject.create(server.baseUrl, clientSecret);
    });
    afterEach(async () => {
      opened.close();
      await server.close();
    });

    const fetchAndValidate = async (limits: CallLimits) =>
      opened.connector.validatePage(await opened.connector.fetchPage(request, limits));

    const failure = async (limits: CallLimits): Promise<ProviderError> => {
      const error = await fetchAndValidate(limits).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(ProviderError);
      return error as ProviderError;
    };

    const retries = (sleep: (ms: number) => Promise<void> = async () => {}) => {
      const nowMs = () => 0; // what fits is decided by 20 s, and never by how slow the machine is
      const deadline = createDeadline(20_000, nowMs);
      const deps = { sleep, random: () => 0, nowMs };
      return fetchWithRetries(opened.connector, request, deadline, deps);
    };

    it('reads a page', async () => {
      server.script(answers.json(200, page));
      const valid = await fetchAndValidate(ample());
      expect(valid).toMatchObject({ nextCursor: subject.pageCursor, hasMore: true });
      expect(server.calls).toHaveLength(1);
    });

    it('normalises it without a throw', async () => {
      server.script(answers.json(200, page));
      const context = { connectionId: 'conn-1', institutionId: 'ins-1', knownAccounts: [], today: '2026-11-24' };
      const canonical = opened.connector.normalisePage(await fetchAndValidate(ample()), context);
      expect(canonical.added.length + canonical.quarantined.length).toBeGreaterThan(0);
    });

    it('keeps its connection for the next page', async () => {
      server.script(answers.json(200, page));
      await fetchAndValidate(ample());
      await fetchAndValidate(ample());
      expect(server.calls).toHaveLength(2);
      expect(server.connections()).toBe(1);
    });

    it.each(faults)('fails on %s with a code of its own, after one call', async (_title, answer, code) => {
      server.script(answer);
      expect(await failure(hangs.has(code) ? brief() : ample())).toMatchObject({ code });
      // A busy machine may cut a call short before it has arrived.
      expect([1, ...(hangs.has(code) ? [0] : [])]).toContain(server.calls.length);
      expect(Object.prototype).not.toHaveProperty('added');
    });

    it('ends with the deadline where the attempt would last longer', async () => {
      server.script(answers.trickle(200));
      const deadline = createDeadline(150, () => performance.now());
      expect(await failure({ attemptTimeoutMs: 60_000, deadline })).toMatchObject({ code: 'TIMEOUT' });
    });

    it('is unreachable when nobody listens', async () => {
      await server.close();
      expect(await failure(ample())).toMatchObject({ code: 'UNREACHABLE' });
    });

    it('asks the user to log in again, after one call', async () => {
      server.script(answers.json(loginExpired.status, loginExpired.body));
      expect(await retries()).toMatchObject({ outcome: 'failed', error: { outcome: 'user-action' }, exhausted: false });
      expect(server.calls).toHaveLength(1);
    });

    it.each([
      ['once', 1, 2],
      ['twice', 2, 3],
      ['three times', 3, 4],
    ])('recovers from a 500 that comes %s', async (_title, failures, attempts) => {
      server.script(...Array<ScriptedAnswer>(failures).fill(answers.json(500, '{}')), answers.json(200, page));
      expect(await retries()).toMatchObject({ outcome: 'page', attempts });
      expect(server.calls).toHaveLength(attempts);
    });

    it('is exhausted after four calls', async () => {
      server.script(answers.json(500, '{}'));
      expect(await retries()).toMatchObject({ outcome: 'failed', attempts: 4, exhausted: true });
      expect(server.calls).toHaveLength(4);
    });

    it.each([
      ['in seconds', { 'retry-after': '3' }],
      ['as a date', { date: 'Tue, 24 Nov 2026 12:00:00 GMT', 'retry-after': 'Tue, 24 Nov 2026 12:00:03 GMT' }],
    ])('waits for a Retry-After %s', async (_title, headers) => {
      server.script(answers.json(429, '{}', headers), answers.json(200, page));
      const slept: number[] = [];
      const result = await retries(async (ms) => void slept.push(ms));
      expect(result).toMatchObject({ outcome: 'page', attempts: 2 });
      expect(slept).toEqual([3_000]);
    });

    it.each([
      ['in seconds', { 'retry-after': '85092' }, 85_092_000],
      ['as a date', { date: 'Tue, 24 Nov 2026 12:00:00 GMT', 'retry-after': 'Tue, 24 Nov 2026 12:01:00 GMT' }, 60_000],
    ])('hands back a Retry-After %s that does not fit', async (_title, headers, backToQueueAfterMs) => {
      server.script(answers.json(429, '{}', headers));
      expect(await retries()).toMatchObject({ outcome: 'failed', exhausted: false, backToQueueAfterMs });
      expect(server.calls).toHaveLength(1);
    });

    it('does not come back at once after a 429 that names no time', async () => {
      server.script(answers.json(429, '{}'));
      const result = await retries();
      expect(result).toMatchObject({ outcome: 'failed', exhausted: false });
      expect(result.outcome === 'failed' && result.backToQueueAfterMs).toBeGreaterThanOrEqual(60_000);
    });

    it.each([
      ...faults,
      ['an expired login', answers.json(loginExpired.status, loginExpired.body), 'user-action'] as const,
    ])('lets no secret and no account number out through the error of %s', async (_title, answer, code) => {
      server.script(answer);
      const error = await failure(hangs.has(code) ? brief() : ample());
      for (const planted of [...secrets, accountNumber]) {
        expect(everythingIn(error)).not.toContain(planted);
      }
    });
  });
}

/** All that a logger or a tracer could find: message, stack, JSON, causes, hidden members, bytes as text. */
function everythingIn(error: Error): string {
  const parts: string[] = [];
  const buffers = new Set<unknown>();
  const visit = (value: unknown, depth: number): void => {
    if (typeof value === 'string') parts.push(value);
    else if (ArrayBuffer.isView(value)) parts.push(Buffer.from(value.buffer).toString('latin1'));
    if (typeof value !== 'object' || value === null || depth > 12 || buffers.has(value)) return;
    buffers.add(value);
    for (const key of Reflect.ownKeys(value)) visit(Reflect.get(value, key), depth + 1);
  };
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    parts.push(each.message, each.stack ?? '', JSON.stringify(each), inspect(each, { depth: null, showHidden: true }));
  }
  visit(error, 0);
  return parts.join('\n');
}
