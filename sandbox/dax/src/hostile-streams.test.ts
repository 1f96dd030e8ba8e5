/** Streams that are no DAX, broken, or made to hurt: each closes its own connection and nothing else. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CborReader } from './cbor-reader.ts';
import { DaxNodeError } from './dax-node-error.ts';
import { RequestFramer } from './request-framer.ts';
import { startHarness } from './testing/harness.ts';
import { hex } from './testing/hex.ts';
import { mutatedRequest } from './testing/mutated-requests.ts';
import { connectRaw, JAVA_PREAMBLE, PREAMBLE } from './testing/raw-client.ts';
import { getRequest, PREFIX, request, TABLE_HEX } from './testing/requests.ts';

const FUZZ_STREAMS = Number(process.env.DAX_FUZZ_STREAMS ?? 300);

const preamble = fc.constantFrom(PREAMBLE, PREAMBLE, JAVA_PREAMBLE);
const stream = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(preamble, fc.array(mutatedRequest, { maxLength: 3 }))
      .map(([first, parts]) => Buffer.concat([first, ...parts])),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
  {
    weight: 2,
    arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.concat([PREAMBLE, Buffer.from(bytes)])),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...Object.values(PREFIX)), fc.uint8Array({ maxLength: 200 }))
      .map(([prefix, bytes]) => Buffer.concat([PREAMBLE, hex(prefix), Buffer.from(bytes)])),
  },
);

describe('random and mutated streams', () => {
  it('are cut into requests or refused, never anything else', () => {
    fc.assert(
      fc.property(
        stream,
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 20 }),
        (bytes, steps) => {
          const framer = new RequestFramer(1_000);
          try {
            for (let at = 0, step = 0; at < bytes.length; step += 1) {
              const end = at + (steps[step % steps.length] as number);
              framer.push(bytes.subarray(at, end));
              while (framer.next() !== undefined);
              at = end;
            }
          } catch (error) {
            expect(error).toBeInstanceOf(DaxNodeError);
          }
        },
      ),
      { numRuns: FUZZ_STREAMS * 10 },
    );
  });

  it('are cut in the same way however they arrive', () => {
    const frames = (bytes: Buffer, size: number): string => {
      const framer = new RequestFramer(1_000);
      const found: string[] = [];
      try {
        for (let at = 0; at < bytes.length; at += size) {
          framer.push(bytes.subarray(at, at + size));
          for (let frame = framer.next(); frame !== undefined; frame = framer.next()) {
            found.push(`${frame.method.name} ${new CborReader(frame.reader.readRest()).readRest().toString('hex')}`);
          }
        }
      } catch {
        found.push('refused');
      }
      return found.join('\n');
    };
    fc.assert(
      fc.property(stream, fc.integer({ min: 1, max: 80 }), (bytes, size) => {
        expect(frames(bytes, size)).toBe(frames(bytes, bytes.length + 1));
      }),
      { numRuns: FUZZ_STREAMS * 5 },
    );
  });

  it('leave the node and its other connections as they were', async () => {
    const failures: string[] = [];
    const log = (line: string) => line.includes('unexpectedly') && failures.push(line);
    await using harness = await startHarness(() => ({}), { log });
    const witness = await harness.connect();
    const hostile = async (bytes: Buffer) => {
      const client = await connectRaw(harness.node.port);
      client.socket.end(bytes);
      client.socket.resume();
      await client.closed;
    };
    await fc.assert(
      fc.asyncProperty(fc.array(stream, { minLength: 1, maxLength: 10 }), async (streams) => {
        await Promise.all(streams.map(hostile));
        witness.send(Buffer.concat([request('defineAttributeList', '01'), getRequest('witness')]));
        expect((await witness.receive(4)).toString('hex')).toBe('808080f6');
      }),
      { numRuns: Math.ceil(FUZZ_STREAMS / 10) },
    );
    expect(failures).toEqual([]);
    expect(harness.node.stats().connections.refused).toBeGreaterThan(0);
  });
});

describe('a connection is closed', () => {
  it.each([
    ['02', 2],
    ['1903e8', 1000],
    ['20', -1],
  ])(
    'that names preamble version %s, before the rest of it comes, and the log says what is spoken',
    async (cbor, version) => {
      const lines: string[] = [];
      await using harness = await startHarness(() => ({}), { log: (line) => lines.push(line) });
      const client = await connectRaw(harness.node.port);
      client.send(`67"J7yne5G" ${cbor}`);
      await client.closed;
      expect(lines).toEqual([
        `closed the connection of 127.0.0.1: preamble version ${version} is unknown: this node speaks 0 (JavaScript, Python and Go clients) and 1 (Java client)`,
      ]);
      expect(harness.node.stats().connections.refused).toBe(1);
    },
  );

  it.each(
    [
      ['GET / HTTP/1.1\r\n\r\n', 'speaks HTTP'],
      ['\x16\x03\x01', 'speaks TLS'],
      [Buffer.concat([PREAMBLE, hex('0102')]), 'asks for an unknown method'],
      [Buffer.concat([PREAMBLE, hex('02 1a1b2bcf02')]), 'asks for an unknown service'],
      [Buffer.concat([PREAMBLE, hex('01 8100')]), 'has an array for a method'],
      [Buffer.concat([PREAMBLE, request('defineKeySchema', '5b00000fffffffffff')]), 'announces more than may come'],
      [Buffer.concat([PREAMBLE, request('getItem', `${TABLE_HEX} 01 f6`)]), 'has a number for a key'],
      [Buffer.concat([PREAMBLE, getRequest('a', 'a1 00 41ff')]), 'has a broken expression'],
    ].map(([bytes, what]) => ({ bytes: bytes ?? '', what })),
  )('that $what', async ({ bytes }) => {
    await using harness = await startHarness();
    const client = await connectRaw(harness.node.port);
    client.send(Buffer.from(bytes));
    await client.closed;
    expect(harness.node.stats().connections.refused).toBe(1);
  });

  it('whose request is larger than allowed', async () => {
    await using harness = await startHarness(() => ({}), { requestBytesMax: 10_000 });
    const client = await harness.connect();
    client.send(Buffer.concat([request('defineAttributeListId', '9f'), Buffer.alloc(20_000, 0x60)]));
    await client.closed;
    expect(harness.node.stats().connections.refused).toBe(1);
  });
});

describe('a request of several megabytes', () => {
  it('is read in pieces and answered', async () => {
    await using harness = await startHarness(() => ({ UnprocessedItems: {} }));
    const client = await harness.connect();
    client.send(request('defineAttributeListId', '81 61"x"'));
    const id = (await client.receive(10)).subarray(1);
    const text = Buffer.concat([hex('7a00060000'), Buffer.alloc(0x60000, 'y')]);
    const item = Buffer.concat([hex('5a'), Buffer.from([0, 6, 0, id.length + 5]), id, text]);
    const puts = Array.from({ length: 25 }, (_, index) => Buffer.concat([hex('41'), Buffer.from([65 + index]), item]));
    client.send(Buffer.concat([request('batchWriteItem', 'a1 65"table" 9832'), ...puts, hex('f6')]));
    expect((await client.receive(4)).toString('hex')).toBe('80a080a0');
    const sent = harness.backend.requests[0]?.body.RequestItems as { table: unknown[] };
    expect(sent.table.length).toBe(25);
  });
});
