/** Requests of every method, whole and damaged, for tests of what a node does with whatever it is sent. */
import fc from 'fast-check';
import { deleteRequest, getRequest, putRequest, request, TABLE_HEX, updateRequest } from './requests.ts';

/** Real requests to start from. */
export const REQUESTS: readonly Buffer[] = [
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
  request('defineAttributeListId', 'd90cf9 81 61"x"'),
  request('authorizeConnection', '62"id" 61"s" 41"x" f6 f6'),
];

/** One of them with some bytes changed, added or taken out. */
export const mutatedRequest = fc
  .record({
    base: fc.constantFrom(...REQUESTS),
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
