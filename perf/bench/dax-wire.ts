/** One GetItem on DAX's wire, as few bytes of CPU as can be: to load a node, not to use it. After what AWS's client sends. */

/** Magic, no layering, a session, the agent, no types. */
export const preamble = Buffer.concat([
  Buffer.from('674a37796e653547', 'hex'),
  Buffer.from('00', 'hex'),
  cborBytes(Buffer.alloc(16, 1)),
  Buffer.concat([Buffer.from('a1', 'hex'), cborText('UserAgent'), cborText('quartersec-bench')]),
  Buffer.from('00', 'hex'),
]);

/** @param key of a table whose partition and sort key are texts */
export function getItemRequest(tableName: string, key: { readonly pk: string; readonly sk: string }): Buffer {
  return Buffer.concat([
    Buffer.from('011a0fb0cc6a', 'hex'), // service 1, method 263244906
    cborBytes(Buffer.from(tableName)),
    cborBytes(Buffer.concat([cborText(key.pk), Buffer.from(key.sk)])),
    Buffer.from('bfff', 'hex'), // no options
  ]);
}

function cborBytes(bytes: Buffer): Buffer {
  return Buffer.concat([cborLength(0x40, bytes.length), bytes]);
}

function cborText(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([cborLength(0x60, bytes.length), bytes]);
}

/** RFC 8949, section 3; up to 255, which is more than we send. */
function cborLength(majorType: number, length: number): Buffer {
  return length < 24 ? Buffer.from([majorType + length]) : Buffer.from([majorType + 24, length]);
}
