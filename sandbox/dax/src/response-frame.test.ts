import { describe, expect, it } from 'vitest';
import { responseFrame } from './response-frame.ts';
import { startHarness } from './testing/harness.ts';
import { hex } from './testing/hex.ts';
import { connectRaw, JAVA_PREAMBLE } from './testing/raw-client.ts';
import { getRequest, request } from './testing/requests.ts';
import { dynamoError } from './testing/scripted-backend.ts';

describe('responseFrame', () => {
  it('puts the length with its own 8 bytes and the end of the message in front', () => {
    expect(responseFrame(hex('80f6'))).toEqual(hex('0000000a 01000000 80f6'));
    expect(responseFrame(Buffer.alloc(70_000, 1)).subarray(0, 9)).toEqual(hex('00011178 01000000 01'));
  });
});

describe('a Java client', () => {
  it('gets each response in a frame, in order, errors and those of cached items too', async () => {
    await using harness = await startHarness(({ body }) =>
      JSON.stringify(body).includes('wrong') ? dynamoError('ValidationException', 'no') : {},
    );
    const client = await connectRaw(harness.node.port);
    const authorize = request('authorizeConnection', '62"id" 61"s" 41"x" f6 f6');
    const calls = [authorize, getRequest('a'), getRequest('a'), getRequest('wrong'), authorize, getRequest('a')];
    client.send(Buffer.concat([JAVA_PREAMBLE, ...calls]));
    const nothing = '0000000a 01000000 80f6';
    const error = '85 04 1825 1826 1827 182e 62"no" 83 f6 73"ValidationException" 190190';
    const expected = hex(`${nothing} ${nothing} 0000002e 01000000 ${error} ${nothing}`);
    expect((await client.receive(expected.length)).toString('hex')).toBe(expected.toString('hex'));
    expect(harness.node.stats().itemCache.negativeHits).toBe(2);
    client.close();
  });

  it('may mark a list of names as a string set, and as nothing else', async () => {
    await using harness = await startHarness();
    const client = await connectRaw(harness.node.port);
    client.send(Buffer.concat([JAVA_PREAMBLE, request('defineAttributeListId', 'd90cf9 81 61"x"')]));
    const tagged = (await client.receive(18)).subarray(8);
    client.send(request('defineAttributeListId', '81 61"x"'));
    expect((await client.receive(18)).subarray(8)).toEqual(tagged);
    client.send(request('defineAttributeListId', 'd90cfa 81 61"x"'));
    await client.closed;
  });
});
