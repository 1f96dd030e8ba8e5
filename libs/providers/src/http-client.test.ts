import type { LookupFunction } from 'node:net';
import { inspect } from 'node:util';
import { createDeadline } from '@quartersec/sla';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallLimits } from './connector.ts';
import { createHttpClient, type HttpCall, type HttpClient } from './http-client.ts';
import { ProviderError } from './provider-error.ts';
import { answers, type ScriptedAnswer, type ScriptedServer, startScriptedServer } from './scripted-server.ts';

const page = '{"text":"Caffè Nero, 3,20 €"}';
const nowEpochMs = () => Date.UTC(2026, 10, 24, 12, 0, 0);

const within = (totalMs: number, attemptTimeoutMs = totalMs): CallLimits => ({
  attemptTimeoutMs,
  deadline: createDeadline(totalMs, () => performance.now()),
});
const ample = () => within(600_000);

/** Long enough for loopback, short enough to wait for. */
const tight = () => within(600_000, 500);

describe.each(['got', 'node'] as const)('the client over %s', (transport) => {
  let server: ScriptedServer;
  let client: HttpClient;
  let call: HttpCall;

  beforeEach(async () => {
    server = await startScriptedServer();
    client = createHttpClient({
      provider: 'plaid',
      allowedOrigins: [server.baseUrl],
      nowEpochMs,
      maxBodyBytes: 100_000,
      transport,
    });
    call = {
      method: 'POST',
      url: `${server.baseUrl}/pages`,
      headers: { 'x-secret': 'hunter2' },
      body: '{"token":"hunter3"}',
    };
  });

  afterEach(async () => {
    client.close();
    await server.close();
  });

  const failure = async (limits = ample(), each = call): Promise<ProviderError> => {
    const error = await client.send(each, limits).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(ProviderError);
    return error as ProviderError;
  };

  describe('a call that is answered', () => {
    it('gives status, headers and the exact text', async () => {
      server.script(answers.json(200, page, { 'x-request-id': 'r1' }));
      const answer = await client.send(call, ample());
      expect(answer).toMatchObject({ status: 200, text: page, retryAfterMs: undefined });
      expect(answer.headers['x-request-id']).toBe('r1');
    });

    it('sends method, path, headers and body as given', async () => {
      server.script(answers.json(200, page));
      await client.send(call, ample());
      expect(server.calls).toMatchObject([{ method: 'POST', path: '/pages', body: '{"token":"hunter3"}' }]);
      expect(server.calls[0]?.headers).toMatchObject({ 'x-secret': 'hunter2', 'content-length': '19' });
    });

    it('sends no body with a GET', async () => {
      server.script(answers.json(200, page));
      await client.send({ method: 'GET', url: call.url, headers: {} }, ample());
      expect(server.calls).toMatchObject([{ method: 'GET', body: '' }]);
      expect(server.calls[0]?.headers).not.toHaveProperty('content-length');
    });

    it('is sent with DELETE and no body, and takes a response without one', async () => {
      server.script(answers.as(undefined, 204, ''));
      const { body: _, ...gone } = { ...call, method: 'DELETE' as const };
      expect(await client.send(gone, ample())).toMatchObject({ status: 204, text: null });
      expect(server.calls).toMatchObject([{ method: 'DELETE', body: '' }]);
    });

    it('uses one connection for call after call', async () => {
      server.script(
        answers.json(200, page),
        answers.json(500, '{}'),
        answers.as('text/html', 502, '<html>'),
        answers.json(200, page),
      );
      for (let i = 0; i < 4; i += 1) await client.send(call, ample());
      expect(server.calls).toHaveLength(4);
      expect(server.connections()).toBe(1);
    });

    it('unpacks gzip', async () => {
      server.script(answers.gzip(page));
      expect(await client.send(call, ample())).toMatchObject({ status: 200, text: page });
    });

    it('reads a body of several chunks, also where a character is cut in two', async () => {
      const bytes = Buffer.from(page);
      const inTheMiddle = bytes.indexOf('è') + 1;
      server.script((response) => {
        response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
        response.write(bytes.subarray(0, inTheMiddle), () =>
          setImmediate(() => response.end(bytes.subarray(inTheMiddle))),
        );
      });
      expect(await client.send(call, ample())).toMatchObject({ text: page });
    });

    it.each(['application/json', 'application/json;charset=UTF-8', 'Application/JSON', 'application/problem+json'])(
      'takes %s for JSON',
      async (contentType) => {
        server.script(answers.as(contentType, 200, page));
        expect(await client.send(call, ample())).toMatchObject({ text: page });
      },
    );

    it('gives Retry-After in ms', async () => {
      server.script(answers.json(429, '{}', { 'retry-after': '2.5' }));
      expect(await client.send(call, ample())).toMatchObject({ status: 429, text: '{}', retryAfterMs: 2_500 });
    });

    it("counts a Retry-After date from the answer's Date", async () => {
      const headers = { date: 'Tue, 24 Nov 2020 12:00:00 GMT', 'retry-after': 'Tue, 24 Nov 2020 12:00:07 GMT' };
      server.script(answers.json(503, '{}', headers));
      expect(await client.send(call, ample())).toMatchObject({ status: 503, retryAfterMs: 7_000 });
    });
  });

  describe('another status than 200', () => {
    it.each([
      ['nothing', answers.json(400, '')],
      ['invalid UTF-8', answers.as('application/json', 400, Uint8Array.of(0x7b, 0xff, 0x7d))],
      ['a body that is cut off', answers.cutOff(400, page)],
      ['an endless body', answers.flood(400)],
      ['too long a body', answers.announce(400, 65_537)],
    ])('counts even with %s', async (_title, answer) => {
      server.script(answer);
      expect(await client.send(call, ample())).toMatchObject({ status: 400, text: null });
    });

    it.each([
      ['text', answers.as('text/plain', 400, '{"error_code":"X"}'), '{"error_code":"X"}'],
      ['no content type', answers.as(undefined, 400, 'oops'), 'oops'],
    ])(
      'gives its body under the content type of %s: the body decides what an error means',
      async (_title, answer, text) => {
        server.script(answer);
        expect(await client.send(call, ample())).toMatchObject({ status: 400, text });
      },
    );
  });

  it('marks a byte of a 200 that is not UTF-8, where it is', async () => {
    server.script(answers.as('application/json', 200, Uint8Array.of(0x22, 0xc3, 0x28, 0x22)));
    expect(await client.send(call, ample())).toMatchObject({ status: 200, text: '"\udc80("' });
  });

  describe('a 200 that cannot be read', () => {
    it.each([
      ['HTML', answers.as('text/html', 200, '<html>'), 'content type'],
      ['JSON under another name', answers.as('text/plain', 200, page), 'content type'],
      ['no content type', answers.as(undefined, 200, page), 'content type'],
      ['an empty body', answers.json(200, ''), 'empty'],
      [
        'a body that is reset',
        answers.cutOff(200, page),
        { got: 'ERR_HTTP_CONTENT_LENGTH_MISMATCH', node: 'ECONNRESET' },
      ],
      ['a chunked body without its end', answers.unfinished(page), 'ECONNRESET'],
      [
        'broken gzip',
        (response) =>
          response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(page),
        { got: 'ERR_READING_RESPONSE_STREAM', node: 'Z_DATA_ERROR' },
      ],
    ] satisfies [string, ScriptedAnswer, string | Record<typeof transport, string>][])(
      'is unreadable: %s',
      async (_title, answer, detail) => {
        server.script(answer);
        const error = await failure();
        expect(error).toMatchObject({
          code: 'BODY_UNREADABLE',
          outcome: 'soon',
          // Each transport names the same fault by a code of its own.
          facts: { provider: 'plaid', status: 200, detail: typeof detail === 'string' ? detail : detail[transport] },
        });
      },
    );

    it.each([
      ['reset', answers.cutOff(200, page)],
      ['unfinished', answers.unfinished(page)],
      ['of the wrong type', answers.as('text/html', 200, '<html>')],
      ['redirected', answers.redirect('/elsewhere')],
      ['endless', answers.flood(200)],
    ])('leaves no socket of an answer that was %s to the next call', async (_title, answer) => {
      server.script(answer, answers.json(200, page));
      await failure();
      expect(await client.send(call, ample())).toMatchObject({ status: 200 });
      expect(server.connections()).toBe(2);
    });
  });

  describe('limits', () => {
    it('ends an endless body at the byte limit', async () => {
      const sent = Promise.withResolvers<number>();
      server.script(answers.flood(200, sent.resolve));
      expect(await failure()).toMatchObject({
        code: 'BODY_TOO_LARGE',
        facts: { status: 200, detail: 'bytes received' },
      });
      const sentBytes = await sent.promise;
      expect(sentBytes).toBeGreaterThan(100_000);
      expect(sentBytes).toBeLessThan(20_000_000); // the limit, and what the buffers of both sockets hold
    });

    it('does not begin a body that is announced as too large', async () => {
      server.script(answers.announce(200, 100_001));
      expect(await failure()).toMatchObject({ code: 'BODY_TOO_LARGE', facts: { detail: 'content length' } });
    });

    it('counts unpacked bytes', async () => {
      server.script(answers.gzip(new Uint8Array(50_000_000)));
      expect(await failure()).toMatchObject({ code: 'BODY_TOO_LARGE', facts: { detail: 'bytes received' } });
    });

    it('takes a body of exactly the limit', async () => {
      server.script(answers.json(200, '9'.repeat(100_000)));
      expect((await client.send(call, ample())).text).toHaveLength(100_000);
    });

    it('ends a silent call', async () => {
      server.script(answers.silence());
      expect(await failure(tight())).toMatchObject({ code: 'TIMEOUT', outcome: 'soon' });
    });

    it('ends a call whose connection never comes about', async () => {
      const never: LookupFunction = () => {};
      const silent = createHttpClient({
        provider: 'plaid',
        allowedOrigins: ['https://plaid.example'],
        nowEpochMs,
        lookup: never,
        transport,
      });
      const sent = silent.send({ ...call, url: 'https://plaid.example/pages' }, tight());
      await expect(sent).rejects.toMatchObject({ code: 'TIMEOUT', outcome: 'soon' });
      silent.close();
    });

    it('ends a body that comes byte by byte', async () => {
      server.script(answers.trickle(200));
      expect(await failure(tight())).toMatchObject({ code: 'TIMEOUT', facts: { status: 200, detail: 'in the body' } });
    });

    it('ends with the deadline where that is nearer', async () => {
      server.script(answers.trickle(200));
      expect(await failure(within(150, 60_000))).toMatchObject({ code: 'TIMEOUT' });
    });

    it('makes no call without time', async () => {
      expect(await failure(within(0, 1_000))).toMatchObject({ code: 'TIMEOUT', facts: { detail: 'no time left' } });
      expect(await failure(within(1_000, Number.NaN))).toMatchObject({ code: 'TIMEOUT' });
      expect(server.calls).toHaveLength(0);
    });
  });

  describe('an unreachable provider', () => {
    it('is told by the code of the system', async () => {
      await server.close();
      expect(await failure()).toMatchObject({
        code: 'UNREACHABLE',
        outcome: 'soon',
        facts: { detail: 'ECONNREFUSED' },
      });
    });

    it('is one that hangs up before it answers', async () => {
      server.script(answers.hangUp());
      expect(await failure()).toMatchObject({ code: 'UNREACHABLE', facts: { detail: 'ECONNRESET' } });
    });

    it('is one that does not speak HTTP', async () => {
      server.script(answers.garbage('hunter4 is not HTTP\r\n\r\n'));
      const error = await failure();
      expect(error).toMatchObject({
        code: 'UNREACHABLE',
        facts: { detail: 'HPE_INVALID_CONSTANT' },
      });
      expect(inspect(error, { depth: null, showHidden: true })).not.toContain('hunter');
    });
  });

  describe('addresses', () => {
    it('does not follow a redirect, whatever its target', async () => {
      server.script(answers.redirect(`${server.baseUrl}/elsewhere`));
      expect(await failure()).toMatchObject({
        code: 'URL_REFUSED',
        outcome: 'defect',
        facts: { status: 307, detail: 'redirect' },
      });
      expect(server.calls).toHaveLength(1);
    });

    // Loopback only: a client that fails these tests must not reach anything real.
    it.each([
      ['another host', (baseUrl: string) => baseUrl.replace('127.0.0.1', '127.0.0.2')],
      ['another scheme', (baseUrl: string) => baseUrl.replace('http:', 'https:')],
      ['a password', (baseUrl: string) => baseUrl.replace('//', '//user:pass@')],
      ['no URL', () => 'null/open-banking/v1.1/accounts'],
    ])('refuses %s before connecting', async (_title, urlOf) => {
      const error = await failure(ample(), { ...call, url: urlOf(server.baseUrl) });
      expect(error).toMatchObject({
        code: 'URL_REFUSED',
        outcome: 'defect',
        facts: { detail: 'not an allowed origin' },
      });
      expect(server.connections()).toBe(0);
    });

    it('cannot be created for plain http beyond this machine', () => {
      const allowedOrigins = ['http://example.com'];
      expect(() => createHttpClient({ provider: 'plaid', allowedOrigins, nowEpochMs })).toThrow(
        expect.objectContaining({ code: 'URL_REFUSED' }),
      );
    });

    const bankFor = (allowPrivateAddresses: boolean): HttpCall => {
      const lookup: LookupFunction = (_hostname, options, callback) =>
        options.all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4);
      const origin = `https://bank.example:${new URL(server.baseUrl).port}`;
      client.close();
      client = createHttpClient({
        provider: 'bank',
        allowedOrigins: [origin],
        nowEpochMs,
        lookup,
        allowPrivateAddresses,
        transport,
      });
      return { method: 'GET', url: `${origin}/pages`, headers: {} };
    };

    it('does not connect to a private address behind a configured name', async () => {
      const error = await failure(ample(), bankFor(false));
      expect(error).toMatchObject({ code: 'URL_REFUSED', facts: { provider: 'bank', detail: 'private address' } });
      expect(server.connections()).toBe(0);
    });

    it('does so where the configuration says that the provider is reached over a private network', async () => {
      expect(await failure(ample(), bankFor(true))).toMatchObject({ code: 'UNREACHABLE' }); // our server speaks no TLS
      expect(server.connections()).toBe(1);
    });

    it('tells a name that does not resolve', async () => {
      const notFound = Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' });
      const lookup: LookupFunction = (_hostname, _options, callback) => callback(notFound, '');
      client.close();
      client = createHttpClient({
        provider: 'bank',
        allowedOrigins: ['https://bank.example'],
        nowEpochMs,
        lookup,
        transport,
      });
      const bank = { method: 'GET', url: 'https://bank.example/pages', headers: {} } as const;
      expect(await failure(ample(), bank)).toMatchObject({ code: 'UNREACHABLE', facts: { detail: 'ENOTFOUND' } });
    });
  });
});
