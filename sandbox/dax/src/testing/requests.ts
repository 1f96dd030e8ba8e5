/** Requests as bytes, for tests that need no real client. */
import { CborWriter } from '../cbor-writer.ts';
import { hex } from './hex.ts';

/** Service and method id, as packet dumps show them. */
export const PREFIX = {
  authorizeConnection: '011a58c2336b',
  endpoints: '011a1b2bcf02',
  defineKeySchema: '013a2c43e27e',
  defineAttributeListId: '013a495927bb',
  defineAttributeList: '011a27f9bd71',
  getItem: '011a0fb0cc6a',
  putItem: '013a7d8e7e56',
  updateItem: '011a54f89c0f',
  deleteItem: '011a3c696221',
  query: '013a3781c2ae',
  scan: '013a6fc8309b',
  batchGetItem: '013a29985cdb',
  batchWriteItem: '011a06ed585f',
  transactGetItems: '011a6f3d49db',
  transactWriteItems: '013a4524c569',
} as const;

/** Table of the requests below: its hash key `pk` is a string, it has no range key. */
export const TABLE_HEX = '45"table"';

export function request(method: keyof typeof PREFIX, argumentsHex = ''): Buffer {
  return hex(PREFIX[method] + argumentsHex);
}

/** @param kwargs CBOR in hex; an empty indefinite map by default, as the JavaScript client sends it */
export function getRequest(pk: string, kwargs = 'bfff'): Buffer {
  return Buffer.concat([request('getItem', TABLE_HEX), new CborWriter().bytes(Buffer.from(pk)).finish(), hex(kwargs)]);
}

/** A put of the key alone. */
export function putRequest(pk: string, kwargs = 'bfff'): Buffer {
  return Buffer.concat([
    request('putItem', TABLE_HEX),
    new CborWriter().bytes(Buffer.from(pk)).finish(),
    hex(`4101 ${kwargs}`),
  ]);
}

export function deleteRequest(pk: string, kwargs = 'bfff'): Buffer {
  return Buffer.concat([
    request('deleteItem', TABLE_HEX),
    new CborWriter().bytes(Buffer.from(pk)).finish(),
    hex(kwargs),
  ]);
}

/** `SET x = 5`, with ReturnValues by its number on the wire. */
export function updateRequest(pk: string, returnValues = 1): Buffer {
  const expression = hex('830181 8313 821261"x" 821100 8105');
  return Buffer.concat([
    request('updateItem', TABLE_HEX),
    new CborWriter()
      .bytes(Buffer.from(pk))
      .mapHeader(2)
      .integer(8)
      .bytes(expression)
      .integer(7)
      .integer(returnValues)
      .finish(),
  ]);
}
