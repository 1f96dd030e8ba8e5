import { describe, expect, it } from 'vitest';
import { createLineWriter, createOutput } from './stdout-lines.ts';

it('writes lines of the same moment at once and loses none', async () => {
  const written: string[] = [];
  const writeLine = createLineWriter((text) => written.push(text));
  writeLine('one');
  writeLine('two');
  await null;
  writeLine('three');
  await null;
  expect(written).toEqual(['one\ntwo\n', 'three\n']);
});

describe('output to a pipe that does not wait', () => {
  /** A pipe with room for so many bytes, and a stream in front of it that keeps the rest. */
  function fullPipe(roomBytes: number) {
    let room = roomBytes;
    let written = '';
    let kept = '';
    let streams = 0;
    const write = createOutput({
      writeSync(bytes) {
        if (room === 0) throw Object.assign(new Error('again'), { code: 'EAGAIN' });
        const taken = bytes.subarray(0, room);
        room -= taken.length;
        written += Buffer.from(taken).toString();
        return taken.length;
      },
      stream: () => ({
        write(bytes) {
          streams += 1;
          kept += Buffer.from(bytes).toString();
        },
        get writableLength() {
          return kept.length;
        },
      }),
    });
    const drain = () => {
      written += kept;
      kept = '';
      room = Number.POSITIVE_INFINITY;
    };
    return {
      write,
      drain,
      makeRoom: (bytes: number) => (room = bytes),
      written: () => written,
      streams: () => streams,
    };
  }

  it('keeps lines whole and in order while the reader is slow, and afterwards', () => {
    const pipe = fullPipe(8);
    pipe.write('first line\n');
    pipe.makeRoom(100); // the reader has come, the stream has not been told yet
    pipe.write('second\n');
    expect(pipe.written()).toBe('first li');
    pipe.drain();
    pipe.write('third\n');
    expect(pipe.written()).toBe('first line\nsecond\nthird\n');
    expect(pipe.streams()).toBe(2);
  });

  it('needs no stream where there is room', () => {
    const pipe = fullPipe(100);
    pipe.write('line\n');
    expect([pipe.written(), pipe.streams()]).toEqual(['line\n', 0]);
  });
});
