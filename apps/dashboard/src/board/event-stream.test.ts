import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { EventStream, readersAtMost } from './event-stream.ts';

class FakeResponse extends EventEmitter {
  written: string[] = [];
  keepsUp = true;
  destroyed = false;
  status = 0;
  writeHead(status: number): this {
    this.status = status;
    return this;
  }
  write(text: string): boolean {
    this.written.push(text);
    return this.keepsUp;
  }
  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

function setUp() {
  const clock = { nowEpochMs: 0 };
  const stream = new EventStream(() => clock.nowEpochMs);
  const reader = () => {
    const response = new FakeResponse();
    const taken = stream.add(response as unknown as ServerResponse, {});
    return { response, taken };
  };
  return { clock, stream, reader };
}

describe('EventStream', () => {
  it('sends each event to every reader', () => {
    const { stream, reader } = setUp();
    const [first, second] = [reader(), reader()];
    stream.send('snapshot', '{"a":1}');
    stream.heartbeat();
    for (const { response } of [first, second]) {
      expect(response.written).toEqual(['retry: 1000\n\n', 'event: snapshot\ndata: {"a":1}\n\n', ': still here\n\n']);
    }
  });

  it('forgets a reader that is gone', () => {
    const { stream, reader } = setUp();
    const [gone, failed] = [reader(), reader()];
    gone.response.emit('close');
    failed.response.emit('error', new Error('reset'));
    expect(stream.readers).toBe(0);
  });

  it('writes nothing to a slow reader until it has taken what it has, and then the newest', () => {
    const { stream, reader } = setUp();
    const { response } = reader();
    response.keepsUp = false;
    stream.send('snapshot', '1');
    stream.send('snapshot', '2');
    stream.send('snapshot', '3');
    expect(response.written.slice(1)).toEqual(['event: snapshot\ndata: 1\n\n']);
    response.keepsUp = true;
    response.emit('drain');
    stream.send('snapshot', '4');
    expect(response.written.slice(2)).toEqual(['event: snapshot\ndata: 4\n\n']);
  });

  it('drops a reader that takes nothing for ten seconds', () => {
    const { clock, stream, reader } = setUp();
    const { response } = reader();
    response.keepsUp = false;
    stream.send('snapshot', '1');
    clock.nowEpochMs = 10_000;
    stream.send('snapshot', '2');
    expect(response.destroyed).toBe(false);
    clock.nowEpochMs = 10_001;
    stream.send('snapshot', '3');
    expect([response.destroyed, stream.readers]).toEqual([true, 0]);
  });

  it('takes so many readers and no more', () => {
    const { stream, reader } = setUp();
    const taken = Array.from({ length: readersAtMost + 1 }, () => reader().taken);
    expect(taken.filter((one) => one)).toHaveLength(readersAtMost);
    expect(taken.at(-1)).toBe(false);
    expect(stream.readers).toBe(readersAtMost);
  });

  it('closes every connection at the end', () => {
    const { stream, reader } = setUp();
    const { response } = reader();
    stream.close();
    expect([response.destroyed, stream.readers]).toEqual([true, 0]);
  });
});
