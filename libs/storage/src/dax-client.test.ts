import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { connectDax, readItemsToTheirEnd } from './dax-client.ts';

interface Decoder {
  decodeCbor(): Decoder;
  _ensureAvailable(bytes: number): void;
}

const require = createRequire(import.meta.url);
const DaxDecoder: new (bytes: Buffer) => Decoder = require('@amazon-dax-sdk/client-dax/src/DaxCborDecoder.js');
const assembler: { _decodeStreamItem(decoder: Decoder): { readonly _anonymousAttributeValues: readonly unknown[] } } =
  require('@amazon-dax-sdk/client-dax/src/Assembler.js');

let thrown = 0;
class CountingDecoder extends DaxDecoder {
  override _ensureAvailable(bytes: number): void {
    try {
      super._ensureAvailable(bytes);
    } catch (error) {
      thrown += 1;
      throw error;
    }
  }
}

/** A byte string with list id 1000 and `values`, and another value behind it, as in an answer with two items. */
function itemOf(values: string): Decoder {
  const item = Buffer.from(`1903e8${values}`, 'hex');
  return new CountingDecoder(Buffer.concat([Buffer.of(0x40 + item.length), item, Buffer.from('182a', 'hex')]));
}

const read = (values: string) => assembler._decodeStreamItem(itemOf(values).decodeCbor())._anonymousAttributeValues;
const everyKind = [
  ['', []],
  ['626869', [{ S: 'hi' }]],
  ['60182a', [{ S: '' }, { N: '42' }]],
  ['81616180a1616b01', [{ L: [{ S: 'a' }] }, { L: [] }, { M: { k: { N: '1' } } }]],
  ['42abcdf5f6', [{ B: Buffer.from('abcd', 'hex') }, { BOOL: true }, { NULL: true }]],
] as const;

describe('items of the DAX client', () => {
  it('are read by the client as it is with one error each', () => {
    for (const [values, expected] of everyKind) expect(read(values)).toEqual(expected);
    expect(thrown).toBe(everyKind.length);
  });

  it('are left to a version that is not known', async () => {
    vi.doMock('@amazon-dax-sdk/client-dax/package.json', () => ({ default: { version: '3.1.1' } }));
    expect(await readItemsToTheirEnd()).toBe(false);
    vi.doUnmock('@amazon-dax-sdk/client-dax/package.json');
    read('626869');
    expect(thrown).toBe(everyKind.length + 1);
  });

  it('are the same without, once a connection is made: this version is the known one', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const credentials = { current: () => ({ accessKeyId: 'local', secretAccessKey: 'local' }) };
    const connection = await connectDax({ endpoint: `dax://127.0.0.1:${port}`, region: 'eu-west-1', credentials });
    connection.close();
    silent.close();
    thrown = 0;
    for (const [values, expected] of everyKind) expect(read(values)).toEqual(expected);
    expect(thrown).toBe(0);
  });

  it('are an error when a value is cut off, rather than items without it', async () => {
    await readItemsToTheirEnd();
    expect(() => read('62686963686f')).toThrow('Not enough data');
  });
});
