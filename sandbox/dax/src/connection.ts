/**
 * One client connection: requests in, answers out, in order, one at a time. It reads no further than it can answer,
 * and whatever goes wrong on it stays on it. An idle one is never closed: a client would hang on it.
 */
import type { Socket } from 'node:net';
import { AnswerError, encodeError } from './answer-error.ts';
import type { Caller, Core } from './core.ts';
import { DaxNodeError } from './dax-node-error.ts';
import type { LargeRequestSlots } from './large-request-slots.ts';
import { type Frame, RequestFramer } from './request-framer.ts';
import { responseFrame } from './response-frame.ts';
import type { Scopes } from './scopes.ts';
import type { ConnectionStats, OperationMeter } from './stats.ts';

export interface ConnectionDeps {
  readonly scopes: Scopes;
  readonly meters: Map<string, OperationMeter>;
  readonly stats: ConnectionStats;
  readonly slots: LargeRequestSlots;
  readonly requestBytesMax: number;
  /** Where clients are to connect; undefined: where this one did. */
  readonly advertised: { readonly address: string; readonly port: number } | undefined;
  readonly nowMs: () => number;
  readonly log: (line: string) => void;
}

const AHEAD_BYTES_MAX = 64 * 1024; // read beyond a request that is still being answered
const LARGE_BYTES = 256 * 1024;
const STALLED_MS = 60_000; // clients give up a request after 60 s
const KEEP_ALIVE_MS = 60_000;
const GO_CLIENT = /^DaxGo/;

export class Connection {
  readonly #socket: Socket;
  readonly #deps: ConnectionDeps;
  readonly #framer: RequestFramer;
  #caller: Caller | undefined;
  #core: Core;
  /** A request is at work. */
  #busy = false;
  /** The client does not take its answers. */
  #choked = false;
  #closing = false;
  #slot: 'none' | 'waiting' | 'held' = 'none';
  /** Since when this connection owes bytes, or does not take them; undefined when it is idle or we are at work. */
  #waitingSinceMs: number | undefined;

  constructor(socket: Socket, deps: ConnectionDeps) {
    this.#socket = socket;
    this.#deps = deps;
    this.#framer = new RequestFramer(deps.requestBytesMax);
    this.#core = deps.scopes.enter({});
    this.#waitingSinceMs = deps.nowMs();
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.on('data', (chunk) => this.#received(chunk));
    socket.on('drain', () => {
      this.#choked = false;
      this.#waitingSinceMs = undefined;
      this.#proceed();
    });
    socket.on('error', () => socket.destroy()); // resets are the client's business
    socket.on('close', () => {
      this.#leaveSlot();
      deps.scopes.leave(this.#core);
    });
  }

  /** Answers what is at work, then closes. */
  finish(): void {
    this.#closing = true;
    if (!this.#busy) this.#socket.destroySoon();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Closes when the client has stood still for too long inside a request, or in front of its answer. */
  checkStalled(nowMs: number): void {
    if (this.#waitingSinceMs !== undefined && nowMs - this.#waitingSinceMs > STALLED_MS) {
      this.#refuse(`nothing moved for ${STALLED_MS} ms`);
    }
  }

  #received(chunk: Buffer): void {
    this.#framer.push(chunk);
    this.#proceed();
  }

  /** Answers all that can be answered now, then decides whether to read on. */
  #proceed(): void {
    try {
      while (!this.#busy && !this.#choked && !this.#closing && !this.#socket.destroyed) {
        const frame = this.#framer.next();
        if (frame === undefined) break;
        this.#handle(frame);
      }
    } catch (error) {
      this.#failed(error);
      return;
    }
    this.#adjustFlow();
  }

  #adjustFlow(): void {
    const socket = this.#socket;
    if (socket.destroyed) return;
    const pending = this.#framer.pendingBytes;
    const occupied = this.#busy || this.#choked;
    if (occupied) this.#waitingSinceMs = this.#choked ? (this.#waitingSinceMs ?? this.#deps.nowMs()) : undefined;
    else if (pending === 0) this.#waitingSinceMs = this.#framer.preambleSeen ? undefined : this.#waitingSinceMs;
    else this.#waitingSinceMs ??= this.#deps.nowMs();

    if (!occupied && pending > LARGE_BYTES) this.#wantSlot();
    else if (!occupied && pending === 0) this.#leaveSlot();
    if ((occupied && pending > AHEAD_BYTES_MAX) || this.#slot === 'waiting') {
      if (this.#slot === 'waiting') this.#waitingSinceMs = undefined; // the wait is ours
      socket.pause();
    } else if (socket.isPaused()) socket.resume();
  }

  #wantSlot(): void {
    if (this.#slot === 'none') this.#slot = this.#deps.slots.take(this.#slotGranted) ? 'held' : 'waiting';
  }

  readonly #slotGranted = (): void => {
    this.#slot = 'held';
    this.#adjustFlow();
  };

  #leaveSlot(): void {
    if (this.#slot === 'held') this.#deps.slots.release();
    else if (this.#slot === 'waiting') this.#deps.slots.forget(this.#slotGranted);
    this.#slot = 'none';
  }

  #handle({ method, reader }: Frame): void {
    this.#waitingSinceMs = undefined; // a request came in whole: whatever follows starts its own wait
    const meter = this.#deps.meters.get(method.name);
    const startedMs = performance.now();
    const done = (bytes: Buffer | undefined, failed: boolean): void => {
      if (meter !== undefined) {
        meter.latency.record(performance.now() - startedMs);
        if (failed) meter.errors += 1;
      }
      if (bytes !== undefined) this.#send(bytes);
    };
    try {
      const answer = method.answer(this.#core, reader, this.#callerFacts());
      if (!(answer instanceof Promise)) {
        done(answer, answer !== undefined && answer[0] !== 0x80);
        return;
      }
      this.#busy = true;
      answer
        .then(
          (bytes) => done(bytes, bytes !== undefined && bytes[0] !== 0x80),
          (error: unknown) => done(this.#errorBytes(error), true),
        )
        .then(
          () => this.#finished(),
          (error: unknown) => this.#failed(error),
        );
    } catch (error) {
      done(this.#errorBytes(error), true);
    }
  }

  #finished(): void {
    this.#busy = false;
    if (this.#closing) this.#socket.destroySoon();
    else this.#proceed();
  }

  /** @throws what is no answer to the client but the end of the connection */
  #errorBytes(error: unknown): Buffer {
    if (error instanceof AnswerError) return encodeError(error);
    if (error instanceof DaxNodeError) throw error;
    this.#deps.log(`a request failed unexpectedly: ${error instanceof Error ? error.stack : String(error)}`);
    return encodeError(
      new AnswerError('InternalServerError', 'The DAX node failed; its log says why', { cause: error }),
    );
  }

  #send(bytes: Buffer): void {
    if (this.#socket.destroyed) return;
    this.#choked = !this.#socket.write(this.#framer.framed ? responseFrame(bytes) : bytes);
  }

  #failed(error: unknown): void {
    this.#refuse(error instanceof Error ? error.message : String(error));
  }

  #refuse(why: string): void {
    if (this.#socket.destroyed) return;
    this.#deps.stats.refused += 1;
    this.#deps.log(`closed the connection of ${this.#socket.remoteAddress ?? 'a client'}: ${why}`);
    this.#socket.destroy();
  }

  #callerFacts(): Caller {
    if (this.#caller === undefined) {
      const { advertised } = this.#deps;
      const local = this.#socket.localAddress ?? '127.0.0.1';
      this.#caller = {
        address: advertised?.address ?? local.replace(/^::ffff:/, ''),
        port: advertised?.port ?? this.#socket.localPort ?? 0,
        selectsAllByDefault: GO_CLIENT.test(this.#framer.userAgent),
        authorized: (claimed) => {
          const { scopes } = this.#deps;
          const core = scopes.enter(claimed);
          scopes.leave(this.#core);
          this.#core = core;
        },
      };
    }
    return this.#caller;
  }
}
