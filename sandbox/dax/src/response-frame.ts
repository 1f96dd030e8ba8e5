/**
 * Responses as a client of preamble version 1 (AWS's Java client) reads them: in frames. A frame is its length as a big-endian
 * int32, these 8 bytes of header included; a byte of flags; three bytes that are 0; and the payload. Requests have no frames.
 */

const HEADER_BYTES = 8;
const FLAGS_AT = 4;
const END_OF_MESSAGE = 1;

/** One whole response as the only frame of its message. */
export function responseFrame(response: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(HEADER_BYTES + response.length);
  frame.writeUInt32BE(frame.length, 0);
  frame.writeUInt32BE(0, FLAGS_AT);
  frame[FLAGS_AT] = END_OF_MESSAGE;
  frame.set(response, HEADER_BYTES);
  return frame;
}
