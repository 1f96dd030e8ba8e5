/** Flow of one connection, on a socket of the test: what is read, what is held back, what is closed. */
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerError } from './answer-error.ts';
import { AttributeLists } from './attribute-lists.ts';
import { Connection, type ConnectionDeps } from './connection.ts';
import type { Core } from './core.ts';
import { LargeRequestSlots } from './large-request-slots.ts';
import { Scopes } from './scopes.ts';
import { hex } from './testing/hex.ts';
import { mutatedRequest, REQUESTS } from './testing/mutated-requests.ts';
import { JAVA_PREAMBLE, PREAMBLE } from './testing/raw-client.ts';
import { request, TABLE_HEX } from './testing/requests.ts';

/** The part of a socket that a connection uses. */
class TestSocket extends EventEmitter {
  destroyed = false;
  paused = false;
  takesMore = true;
  readonly written: Buffer[] = [];
  setNoDelay = () => this;
  setKeepAlive = () => this;
  pause = () => {
    this.paused = true;
  };
  resume = () => {
    this.paused = false;
  };
  isPaused = () => this.paused;
  write = (bytes: Buffer) => {
    this.written.push(bytes);
    return this.takesMore;
  };
  destroy = () => {
    if (this.destroyed) return;
    this.destroyed = true;
    this.emit('close');
  };
  destroySoon = () => this.destroy();
}

const FUZZ_STREAMS = Number(process.env.DAX_FUZZ_STREAMS ?? 300);
const PING = request('defineAttributeList', '01');
const SLOW = request('defineKeySchema', TABLE_HEX);

function newConnection(slots = new LargeRequestSlots(1)) {
  const clock = { ms: 0 };
  const socket = new TestSocket();
  const schema = Promise.withResolvers<object>();
  const core = {
    lists: new AttributeLists({ limitBytes: 1_000 }),
    schemas: { current: () => schema.promise },
  } as unknown as Core;
  const scopes = new Scopes({ pinned: {}, open: () => core });
  const deps: ConnectionDeps = {
    scopes,
    meters: new Map(),
    stats: { open: 0, accepted: 0, refused: 0 },
    slots,
    requestBytesMax: 32 * 1024 * 1024,
    advertised: undefined,
    nowMs: () => clock.ms,
    log: () => {},
  };
  const connection = new Connection(socket as unknown as Socket, deps);
  return {
    clock,
    socket,
    connection,
    core,
    receive: (...parts: Buffer[]) => socket.emit('data', Buffer.concat(parts)),
    answerSlow: async () => {
      schema.resolve({ hash: { name: 'pk', type: 'S' }, range: undefined });
      await new Promise((resolve) => setImmediate(resolve));
    },
    answers: () => Buffer.concat(socket.written).toString('hex'),
  };
}

describe('a connection', () => {
  it('is never closed for being idle', () => {
    const { clock, connection, receive, socket } = newConnection();
    receive(PREAMBLE);
    clock.ms = 1e12;
    connection.checkStalled(clock.ms);
    receive(PING);
    clock.ms = 2e12;
    connection.checkStalled(clock.ms);
    expect(socket.destroyed).toBe(false);
  });

  it.each([
    ['before its preamble', []],
    ['within its preamble', [PREAMBLE.subarray(0, 10)]],
    ['within a request', [PREAMBLE, PING, PING.subarray(0, 3)]],
  ])('that stands still %s is closed after a minute', (_, parts) => {
    const { clock, connection, receive, socket } = newConnection();
    if (parts.length > 0) receive(...parts);
    clock.ms = 60_000;
    connection.checkStalled(clock.ms);
    expect(socket.destroyed).toBe(false);
    clock.ms = 60_001;
    connection.checkStalled(clock.ms);
    expect(socket.destroyed).toBe(true);
  });

  it('that gives single bytes of a request is closed all the same', () => {
    const { clock, connection, receive, socket } = newConnection();
    receive(PREAMBLE, request('defineAttributeListId', '9f'));
    for (clock.ms = 1_000; clock.ms <= 61_000; clock.ms += 10_000) receive(hex('60'));
    connection.checkStalled(clock.ms);
    expect(socket.destroyed).toBe(true);
  });

  it('that is always within some request, but finishes each, is not closed', () => {
    const { clock, connection, receive, socket } = newConnection();
    receive(PREAMBLE, PING.subarray(0, 3));
    for (clock.ms = 0; clock.ms <= 200_000; clock.ms += 10_000) {
      receive(PING.subarray(3), PING.subarray(0, 3));
      connection.checkStalled(clock.ms);
    }
    expect(socket.destroyed).toBe(false);
  });

  it('that waits for a slow answer is not closed', async () => {
    const { clock, connection, receive, socket, answerSlow, answers } = newConnection();
    receive(PREAMBLE, SLOW);
    clock.ms = 1e9;
    connection.checkStalled(clock.ms);
    expect(socket.destroyed).toBe(false);
    await answerSlow();
    expect(answers()).toBe('80a162706b6153');
  });

  it('is not read far ahead of a request that is being answered', async () => {
    const { receive, socket, answerSlow, answers } = newConnection();
    receive(PREAMBLE, SLOW, PING);
    expect(socket.paused).toBe(false);
    receive(...Array.from({ length: 20_000 }, () => PING));
    expect(socket.paused).toBe(true);
    expect(answers()).toBe('');
    await answerSlow();
    expect(socket.paused).toBe(false);
    expect(answers()).toBe(`80a162706b6153${'8080'.repeat(20_001)}`);
  });

  it('whose client does not take its answers is not answered further, and closed after a minute', () => {
    const { clock, connection, receive, socket, answers } = newConnection();
    socket.takesMore = false;
    receive(PREAMBLE, PING, PING, PING);
    expect(answers()).toBe('8080');
    clock.ms = 30_000;
    socket.emit('drain');
    expect(answers()).toBe('80808080');
    clock.ms = 89_000;
    connection.checkStalled(clock.ms);
    expect(socket.destroyed).toBe(false);
    clock.ms = 120_000;
    connection.checkStalled(clock.ms);
    expect(socket.destroyed).toBe(true);
  });

  it('waits with a large request while others assemble theirs', () => {
    const slots = new LargeRequestSlots(1);
    const [first, second] = [newConnection(slots), newConnection(slots)];
    const large = Buffer.concat([request('defineAttributeListId', '9f'), Buffer.alloc(300_000, 0x60)]);
    first.receive(PREAMBLE, large);
    second.receive(PREAMBLE, large);
    expect([first.socket.paused, second.socket.paused]).toEqual([false, true]);
    second.clock.ms = 1e9; // the wait is not its fault
    second.connection.checkStalled(second.clock.ms);
    expect(second.socket.destroyed).toBe(false);
    first.socket.destroy();
    expect(second.socket.paused).toBe(false);
  });

  it('gives up its place in the queue when it closes', () => {
    const slots = new LargeRequestSlots(1);
    const [first, second, third] = [newConnection(slots), newConnection(slots), newConnection(slots)];
    const large = Buffer.concat([request('defineAttributeListId', '9f'), Buffer.alloc(300_000, 0x60)]);
    for (const { receive } of [first, second, third]) receive(PREAMBLE, large);
    second.socket.destroy();
    first.socket.destroy();
    expect(third.socket.paused).toBe(false);
  });

  it('finishes what is at work before it closes', async () => {
    const { connection, receive, socket, answerSlow, answers } = newConnection();
    receive(PREAMBLE, SLOW, PING);
    connection.finish();
    expect(socket.destroyed).toBe(false);
    await answerSlow();
    expect(answers()).toBe('80a162706b6153');
    expect(socket.destroyed).toBe(true);
  });
});

/** Payloads of the frames in `bytes`, which holds whole frames and nothing else. */
function payloads(bytes: Buffer): string[] {
  const found: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readInt32BE(at);
    expect(length).toBeGreaterThan(8);
    expect(at + length).toBeLessThanOrEqual(bytes.length);
    expect(bytes.subarray(at + 4, at + 8)).toEqual(hex('01000000'));
    found.push(bytes.subarray(at + 8, at + length).toString('hex'));
    at += length;
  }
  return found;
}

describe('a connection of a client that expects frames', () => {
  const refused = new AnswerError('ResourceNotFoundException', 'no such table');
  const respond = async (preamble: Buffer, requests: readonly Buffer[]): Promise<Buffer> => {
    const { core, receive, socket } = newConnection();
    const unknownTables = {
      current: () => Promise.reject(refused),
      all: () => Promise.reject(refused),
      with: () => Promise.reject(refused),
    };
    Object.assign(core, { schemas: unknownTables });
    receive(preamble, ...requests);
    for (const _ of requests) await new Promise((resolve) => setImmediate(resolve));
    return Buffer.concat(socket.written);
  };

  it('gets the responses that others get, each in a frame, whatever it sends', async () => {
    let frames = 0;
    const one = fc.oneof(mutatedRequest, fc.constantFrom(...REQUESTS));
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 4 }), async (requests) => {
        const framed = payloads(await respond(JAVA_PREAMBLE, requests));
        expect(framed.join('')).toBe((await respond(PREAMBLE, requests)).toString('hex'));
        frames += framed.length;
      }),
      { numRuns: FUZZ_STREAMS },
    );
    expect(frames).toBeGreaterThan(FUZZ_STREAMS / 2);
  });
});
