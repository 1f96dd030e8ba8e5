import { Dax } from '@amazon-dax-sdk/client-dax';
import { describe, expect, it } from 'vitest';
import { CborWriter } from './cbor-writer.ts';
import type { Core } from './core.ts';
import { claimedScope } from './scope.ts';
import { Scopes } from './scopes.ts';
import { closeDaxClient } from './testing/dax-client.ts';
import { startHarness } from './testing/harness.ts';
import type { RawClient } from './testing/raw-client.ts';
import { getRequest, PREFIX, putRequest } from './testing/requests.ts';

const toSign = (region: string) => `AWS4-HMAC-SHA256\n20260102T030405Z\n20260102/${region}/dax/aws4_request\nabc`;

function authorize(client: RawClient, accessKeyId: string, stringToSign: string): void {
  const claims = new CborWriter().text(accessKeyId).text('0'.repeat(64)).bytes(Buffer.from(stringToSign)).null().null();
  client.send(Buffer.concat([Buffer.from(PREFIX.authorizeConnection, 'hex'), claims.finish()]));
}

describe('claimedScope', () => {
  it.each([
    ['AKIDEXAMPLE', toSign('eu-west-1'), { accessKeyId: 'AKIDEXAMPLE', region: 'eu-west-1' }],
    ['a/b', toSign('eu-west-1'), { accessKeyId: undefined, region: 'eu-west-1' }],
    ['a\r\nx: y', toSign('eu west'), { accessKeyId: undefined, region: undefined }],
    ['id', 'x', { accessKeyId: 'id', region: undefined }],
  ])('of %j and %j', (accessKeyId, stringToSign, expected) => {
    expect(claimedScope(accessKeyId, stringToSign)).toEqual(expected);
  });
});

describe('Scopes', () => {
  const newScopes = () => new Scopes({ pinned: {}, open: (_, ordinal) => ({ ordinal }) as unknown as Core });

  it('gives connections of one scope one core, also after others', () => {
    const scopes = newScopes();
    const first = scopes.enter({ region: 'eu-west-1' });
    scopes.leave(first);
    expect(scopes.enter({ region: 'eu-west-2' })).not.toBe(first);
    expect(scopes.enter({ region: 'eu-west-1' })).toBe(first);
  });

  it('forgets the longest unused of a thousand, never one with a connection, and then takes no more', () => {
    const scopes = newScopes();
    const used = scopes.enter({ accessKeyId: 'used' });
    const unused = scopes.enter({ accessKeyId: 'unused' });
    scopes.leave(unused);
    for (let index = 2; index < 1_000; index += 1) scopes.enter({ accessKeyId: `id${index}` });
    scopes.enter({ accessKeyId: 'one more' });
    expect(scopes.enter({ accessKeyId: 'used' })).toBe(used);
    expect(() => scopes.enter({ accessKeyId: 'unused' })).toThrow(
      expect.objectContaining({ code: 'SCOPES_EXHAUSTED', message: expect.stringContaining('1000 regions') }),
    );
  });
});

describe('several regions and access keys at one node', () => {
  const item = { Item: { pk: { S: 'a' } } };
  const there = '80a1004101';

  it('have tables, and cached items, of their own', async () => {
    await using harness = await startHarness(({ scope }) => (scope === 'local/us-east-1' ? {} : item));
    const [one, other] = [await harness.connect(), await harness.connect()];
    authorize(one, 'mine', toSign('eu-west-1'));
    authorize(other, 'mine', toSign('eu-west-2'));
    for (const client of [one, other, one, other]) {
      client.send(getRequest('a'));
      expect((await client.receive(5)).toString('hex')).toBe(there);
    }
    one.send(putRequest('a'));
    await one.receive(2);
    expect(harness.backend.requests.map(({ operation, scope }) => `${operation} ${scope}`)).toEqual([
      'GetItem mine/eu-west-1',
      'GetItem mine/eu-west-2',
      'PutItem mine/eu-west-1',
    ]);
    expect(harness.node.stats()).toMatchObject({ itemCache: { hits: 2, misses: 2, entries: 2 } });
  });

  it('change with the next authorization of a connection, and before the first are the default', async () => {
    await using harness = await startHarness();
    const client = await harness.connect();
    for (const [accessKeyId, region] of [[], ['first', 'eu-west-1'], ['second', 'eu-west-1']]) {
      if (accessKeyId !== undefined) authorize(client, accessKeyId, toSign(region ?? ''));
      client.send(getRequest('a'));
      await client.receive(2);
    }
    expect(harness.backend.requests.map(({ scope }) => scope)).toEqual([
      'local/us-east-1',
      'first/eu-west-1',
      'second/eu-west-1',
    ]);
  });

  it("are those of AWS's JavaScript client", async () => {
    await using harness = await startHarness(() => item);
    const credentials = { accessKeyId: 'another', secretAccessKey: 'secret' };
    const dax = new Dax({ endpoint: harness.node.url, region: 'eu-west-2', credentials });
    await dax.getItem({ TableName: 'table', Key: { pk: { S: 'a' } } });
    closeDaxClient(dax);
    expect(harness.backend.requests.map(({ scope }) => scope)).toEqual(['another/eu-west-2']);
  });

  it('are one when the options name them, with what clients say in the other place', async () => {
    await using harness = await startHarness(() => item, { region: 'eu-central-1' });
    const [one, other] = [await harness.connect(), await harness.connect()];
    authorize(one, 'mine', toSign('eu-west-1'));
    authorize(other, 'mine', toSign('eu-west-2'));
    for (const client of [one, other]) {
      client.send(getRequest('a'));
      await client.receive(5);
    }
    expect(harness.backend.requests.map(({ scope }) => scope)).toEqual(['mine/eu-central-1']);
  });
});
