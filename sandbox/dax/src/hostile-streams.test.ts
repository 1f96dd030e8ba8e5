/** Streams that are no DAX, broken, or made to hurt: each closes its own connection and nothing else. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CborReader } from './cbor-reader.ts';
import { DaxNodeError } from './dax-node-error.ts';
import { RequestFramer } from './request-framer.ts';
import { startHarness } from './testing/harness.ts';
import { hex } from './testing/hex.ts';
import { connectRaw, PREAMBLE } from './testing/raw-client.ts';
import {
  deleteRequest,
  getRequest,
  PREFIX,
  putRequest,
  request,
  TABLE_HEX,
  updateRequest,
} from './testing/requests.ts';

const FUZZ_STREAMS = Number(process.env.DAX_FUZZ_STREAMS ?? 300);

/** Real requests to start from. */
const CORPUS: readonly Buffer[] = [
  getRequest('a'),
  getRequest('a', 'a1 00 4b 8201 81 8312 61"l" d90cfc02'),
  putRequest('a', 'a2 04 4a 8301820c8212 62"pk" 80 07 02'),
  updateRequest('a', 4),
  deleteRequest('a'),
  request('query', `${TABLE_HEX} 50 83018300 8212 62"pk" 821100 81 61"p" a1 0d 05`),
  request('scan', `${TABLE_HEX} a2 10 00 11 02`),
  request('batchGetItem', 'a1 65"table" 83 f4 f6 82 41"a" 41"b" f6'),
  request('batchWriteItem', 'a1 65"table" 84 41"a" 4101 41"b" f6 f6'),
  request('transactGetItems', `81 ${TABLE_HEX} 81 41"a" 81 f6 f6`),
  request('transactWriteItems', `81 07 81 ${TABLE_HEX} 81 41"a" 81 f6 81 f6 81 01 81 f6 81 f6 f6`),
  request('endpoints'),
  request('defineKeySchema', TABLE_HEX),
  request('defineAttributeListId', '81 61"x"'),
  request('authorizeConnection', '62"id" 61"s" 41"x" f6 f6'),
];

const mutated = fc
  .record({
    base: fc.constantFrom(...CORPUS),
    edits: fc.array(fc.tuple(fc.nat(200), fc.nat(255), fc.constantFrom('set', 'insert', 'remove', 'cut')), {
      minLength: 1,
      maxLength: 5,
    }),
  })
  .map(({ base, edits }) => {
    let bytes = [...base];
    for (const [place, byte, how] of edits) {
      const at = place % (bytes.length + 1);
      if (how === 'set') bytes[at] = byte;
      else if (how === 'insert') bytes.splice(at, 0, byte);
      else if (how === 'remove') bytes.splice(at, 1);
      else bytes = bytes.slice(0, at);
    }
    return Buffer.from(bytes);
  });
const stream = fc.oneof(
  { weight: 5, arbitrary: fc.array(mutated, { maxLength: 3 }).map((parts) => Buffer.concat([PREAMBLE, ...parts])) },
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
