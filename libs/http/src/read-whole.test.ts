import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AnswerListener, createHttpOrigin, type HttpOrigin, type HttpRequest } from './http-origin.ts';
import { ok, type RawServer, startRawServer, watchCall } from './raw-server.contract.ts';
import { sendForText } from './read-whole.ts';

const request: HttpRequest = { method: 'GET', path: '/', headers: {} };

/** An origin that hands the listener of the newest call to the test. */
function createScripted() {
  let destroyed = 0;
  let listener: AnswerListener | undefined;
  const origin: HttpOrigin = {
    send(_request, told) {
      listener = told;
      return {
        destroy() {
          destroyed += 1;
        },
        pause() {},
        resume() {},
      };
    },
    close() {},
  };
  return { origin, destroyed: () => destroyed, told: () => listener as AnswerListener };
}

describe('a whole answer', () => {
  it.each([
    ['one part', ['Caffè €']],
    ['no part', []],
    [
      'parts, also where a character is cut in two',
      [Buffer.from('è').subarray(0, 1), Buffer.from('è').subarray(1), 'x'],
    ],
    ['many small parts', Array.from({ length: 3_000 }, (_, index) => `${index},`)],
  ])('is the text of %s', async (_what, parts) => {
    const { origin, told } = createScripted();
    const answer = sendForText(origin, request, 100_000);
    told().onHead(201, {});
    for (const part of parts) told().onData(Buffer.from(part));
    told().onEnd();
    const text = Buffer.concat(parts.map((part) => Buffer.from(part))).toString();
    expect(await answer).toEqual({ status: 201, date: undefined, text });
  });

  it('leaves the memory of others as it is', async () => {
    const { origin, told } = createScripted();
    const answer = sendForText(origin, request, 100);
    const slab = Buffer.from('ab--');
    told().onHead(200, {});
    told().onData(slab.subarray(0, 2));
    told().onData(Buffer.from('cd'));
    told().onEnd();
    expect(await answer).toMatchObject({ text: 'abcd' });
    expect(slab.toString()).toBe('ab--');
  });

  it('is taken up to the limit, and given up beyond it', async () => {
    const within = createScripted();
    const atLimit = sendForText(within.origin, request, 4);
    for (const part of ['abc', 'd']) within.told().onData(Buffer.from(part));
    within.told().onEnd();
    expect(await atLimit).toMatchObject({ text: 'abcd' });
    expect(within.destroyed()).toBe(0);

    const { signal } = new AbortController();
    const beyond = createScripted();
    const overLimit = sendForText(beyond.origin, request, 4, signal);
    for (const part of ['abc', 'hunter2']) beyond.told().onData(Buffer.from(part));
    await expect(overLimit).rejects.toThrow(/^answer over 4 bytes$/);
    expect(beyond.destroyed()).toBe(1);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('is an error where the connection says so', async () => {
    const { origin, told } = createScripted();
    const answer = sendForText(origin, request, 4);
    const error = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
    told().onError(error);
    await expect(answer).rejects.toBe(error);
  });

  it('is an error where the request is none', async () => {
    const origin = createHttpOrigin({ url: new URL('http://127.0.0.1:1') });
    const { signal } = new AbortController();
    await expect(sendForText(origin, { ...request, path: '/a b' }, 4, signal)).rejects.toThrow(TypeError);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('a signal', () => {
  let server: RawServer;
  let origin: HttpOrigin;
  beforeEach(async () => {
    server = await startRawServer();
    origin = createHttpOrigin({ url: server.url });
  });
  afterEach(async () => {
    origin.close();
    await server.close();
  });

  it('that says so before lets nothing be sent', async () => {
    const scripted = createScripted();
    const reason = new Error('too late');
    await expect(sendForText(scripted.origin, request, 4, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(scripted.told()).toBeUndefined();
  });

  it.each([
    ['in its head', 'HTTP/1.1 200 OK\r\n'],
    ['in its body', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi'],
  ])('ends a call with its connection, %s', async (_where, bytes) => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const call = sendForText(origin, request, 4, controller.signal);
    const { socket, nextRequest, ended } = await server.nextConnection();
    await nextRequest();
    socket.write(bytes);
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    await ended;
    const next = watchCall(origin);
    const other = await server.nextConnection();
    await other.nextRequest();
    other.socket.write(ok(''));
    expect(await next.ended).toBe('end');
  });

  it('that says so after does nothing to the connection', async () => {
    const controller = new AbortController();
    const call = sendForText(origin, request, 4, controller.signal);
    const { socket, nextRequest } = await server.nextConnection();
    await nextRequest();
    socket.write(ok('hi'));
    expect(await call).toEqual({ status: 200, date: undefined, text: 'hi' });
    controller.abort();
    const next = watchCall(origin);
    await nextRequest();
    socket.write(ok(''));
    expect(await next.ended).toBe('end');
  });

  it('keeps no listener of 10,000 calls, however they end', async () => {
    const { signal } = new AbortController();
    const scripted = createScripted();
    for (let index = 0; index < 10_000; index += 1) {
      const call = sendForText(scripted.origin, request, 4, signal);
      if (index % 2 === 0) scripted.told().onEnd();
      else scripted.told().onError(new Error('reset'));
      await call.catch(() => {});
    }
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
