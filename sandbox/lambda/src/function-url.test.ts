import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { fixture, observedHost, testGate } from './fixtures/host.ts';
import { functionUrlAnswer } from './function-url-answer.ts';
import { functionUrlEvent } from './function-url-event.ts';

const facts = {
  routeKey: '$default',
  method: 'GET',
  target: '/',
  rawHeaders: ['Host', 'abc.lambda-url.local'],
  body: Buffer.alloc(0),
  sourceIp: '127.0.0.1',
  requestId: 'r1',
  receivedEpochMs: 1_583_348_638_390,
};
const event = (changes: Partial<typeof facts>) => JSON.parse(functionUrlEvent({ ...facts, ...changes }));
const answer = (returned: unknown) => {
  const payload = typeof returned === 'string' ? returned : JSON.stringify(returned);
  return functionUrlAnswer({ requestId: 'r1', environmentId: 'e1', coldStart: false, durationMs: 1, payload });
};

describe('functionUrlEvent', () => {
  it('is payload format 2.0', () => {
    expect(event({ target: '/my/path?parameter1=value1&parameter1=value2&parameter2=a%20b' })).toEqual({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/my/path',
      rawQueryString: 'parameter1=value1&parameter1=value2&parameter2=a%20b',
      headers: { host: 'abc.lambda-url.local', 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' },
      queryStringParameters: { parameter1: 'value1,value2', parameter2: 'a b' },
      requestContext: {
        accountId: 'anonymous',
        apiId: 'abc.lambda-url.local',
        domainName: 'abc.lambda-url.local',
        domainPrefix: 'abc',
        http: { method: 'GET', path: '/my/path', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1' },
        requestId: 'r1',
        routeKey: '$default',
        stage: '$default',
        time: '04/Mar/2020:19:03:58 +0000',
        timeEpoch: 1_583_348_638_390,
      },
      isBase64Encoded: false,
    });
  });

  it('lower-cases and joins headers, and keeps cookies apart', () => {
    const rawHeaders = ['X-A', '1', 'x-a', '2', 'Cookie', 'a=1; b=2', 'Connection', 'keep-alive', '__proto__', 'x'];
    const { headers, cookies } = event({ rawHeaders });
    expect(cookies).toEqual(['a=1', 'b=2']);
    expect(Object.entries(headers)).toEqual([
      ['x-a', '1,2'],
      ['__proto__', 'x'],
      ['x-forwarded-for', '127.0.0.1'],
      ['x-forwarded-proto', 'http'],
    ]);
  });

  it.each([
    ['application/json', '{"a":"ü"}', '{"a":"ü"}', false],
    ['Application/JSON; charset=utf-8', '{}', '{}', false],
    ['text/plain', 'hi', 'hi', false],
    ['application/vnd.api+json', '{}', '{}', false],
    ['application/x-www-form-urlencoded', 'a=1', 'YT0x', true],
    ['application/octet-stream', 'hi', 'aGk=', true],
    ['application/jsonlike', 'hi', 'aGk=', true],
    ['', 'hi', 'aGk=', true],
  ])('passes a body of type %j as %j', (type, body, expected, isBase64Encoded) => {
    const given = event({ rawHeaders: ['Content-Type', type], body: Buffer.from(body) });
    expect([given.body, given.isBase64Encoded]).toEqual([expected, isBase64Encoded]);
  });

  it('passes as base64 what calls itself text and is no UTF-8', () => {
    const given = event({ rawHeaders: ['Content-Type', 'application/json'], body: Buffer.from([0x7b, 0xff]) });
    expect([given.body, given.isBase64Encoded]).toEqual(['e/8=', true]);
  });
});

describe('functionUrlAnswer', () => {
  it.each([
    [{ message: 'hi' }, '{"message":"hi"}'],
    [[1, 2], '[1,2]'],
    ['"text"', '"text"'],
    ['null', 'null'],
  ])('sends %j, which has no statusCode, as JSON with 200', (returned, body) => {
    expect(answer(returned)).toEqual({ status: 200, headers: ['Content-Type', 'application/json'], body });
  });

  it('sends a structured answer as it says', () => {
    const returned = {
      statusCode: 201,
      headers: { 'content-type': 'text/html', 'X-N': 7, 'Content-Length': '1' },
      body: '<p>',
      cookies: ['a=1; Secure', 'b=2'],
    };
    const headers = ['content-type', 'text/html', 'X-N', '7', 'Set-Cookie', 'a=1; Secure', 'Set-Cookie', 'b=2'];
    expect(answer(returned)).toEqual({ status: 201, headers, body: '<p>' });
  });

  it('decodes a base64 body', () => {
    expect(answer({ statusCode: 200, body: '/wA=', isBase64Encoded: true }).body).toEqual(Buffer.from([0xff, 0x00]));
  });

  it.each([
    ['no JSON', '{'],
    ['a status out of range', { statusCode: 42 }],
    ['a status that is no number', { statusCode: 'fine' }],
    ['a body that is no string', { statusCode: 200, body: { a: 1 } }],
    ['a header that would split the response', { statusCode: 200, headers: { 'X-A': 'a\r\nX-B: b' } }],
    ['a cookie that would split the response', { statusCode: 200, cookies: ['a=1\r\nX-B: b'] }],
    ['a header without a name', { statusCode: 200, headers: { '': 'x' } }],
  ])('is 502 for %s', (_what, returned) => {
    expect(answer(returned).status).toBe(502);
  });
});

describe('a function URL', () => {
  it('answers what the function answers, on a port of its own', async () => {
    const { host } = await observedHost({ functions: [fixture('web')] });
    const response = await fetch(`${host.functionUrl('web')}a/b?c=d`, {
      method: 'PUT',
      body: '{"x":1}',
      headers: { 'content-type': 'application/json' },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    const seen = (await response.json()) as { requestContext: { requestId: string } };
    expect(seen).toMatchObject({
      rawPath: '/a/b',
      rawQueryString: 'c=d',
      body: '{"x":1}',
      requestContext: { http: { method: 'PUT' } },
    });
    expect(response.headers.get('x-amzn-requestid')).toBe(seen.requestContext.requestId);
  });

  it('carries status, cookies and bytes', async () => {
    const { host } = await observedHost({ functions: [fixture('web')] });
    const wanted = { statusCode: 418, cookies: ['a=1', 'b=2'], body: '/wA=', isBase64Encoded: true };
    const response = await fetch(host.functionUrl('web'), { headers: { 'x-answer': JSON.stringify(wanted) } });
    expect(response.status).toBe(418);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from([0xff, 0x00]));
    const noContent = await fetch(host.functionUrl('web'), { headers: { 'x-answer': '{"statusCode":204}' } });
    expect(noContent.status).toBe(204);
  });

  it('answers 413 to more than 6 MB, and does not invoke', async () => {
    const { host } = await observedHost({ functions: [fixture('web')] });
    const response = await fetch(host.functionUrl('web'), { method: 'POST', body: 'x'.repeat(10_000_000) });
    expect(response.status).toBe(413);
    expect(host.stats().functions.web).toMatchObject({ invocations: 0 });
  });

  it('answers 502 when the function fails, without its reason', async () => {
    const { host } = await observedHost({ functions: [fixture('fail')] });
    const response = await fetch(host.functionUrl('fail'));
    expect([response.status, await response.text()]).toEqual([502, '{"Message":"Internal Server Error"}']);
  });

  it('answers 429 when every environment is taken', async () => {
    const gate = await testGate();
    const { host } = await observedHost({ functions: [fixture('hold', { maxEnvironments: 1, maxWaiting: 0 })] });
    const running = host.invoke('hold', { untilUrl: gate.url });
    await gate.arrived(1);
    expect((await fetch(host.functionUrl('hold'))).status).toBe(429);
    gate.open();
    await running;
  });

  it('hands on the trace of its caller', async () => {
    const { host } = await observedHost({ functions: [fixture('describeContext')] });
    const trace = 'Root=1-5e6b4a90-1234567890abcdef12345678;Sampled=1';
    const response = await fetch(host.functionUrl('describeContext'), { headers: { 'x-amzn-trace-id': trace } });
    expect(await response.json()).toMatchObject({ environment: { _X_AMZN_TRACE_ID: trace } });
  });

  it('forgets a client that leaves in the middle of its request', async () => {
    const { host } = await observedHost({ functions: [fixture('web')] });
    const half = request(host.functionUrl('web'), { method: 'POST', headers: { 'content-length': 10 } });
    half.on('error', () => {});
    half.write('half');
    await new Promise((resolve) => half.on('socket', (socket) => socket.once('connect', resolve)));
    half.destroy();
    expect((await fetch(host.functionUrl('web'))).status).toBe(200);
    expect(host.stats().functions.web).toMatchObject({ invocations: 1 });
  });
});
