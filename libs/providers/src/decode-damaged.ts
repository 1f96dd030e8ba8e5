/** UTF-8 with bytes in it that are none: kept apart from every text that a sender can mean. */
import { isUtf8 } from 'node:buffer';

/**
 * Stands for each byte that is not UTF-8. A lone surrogate has no UTF-8 of its own, so no undamaged body decodes to one,
 * while U+FFFD may have been sent; and every reader of texts refuses it where it is.
 */
const DAMAGED_BYTE = '\udc80';

/** @returns the text, without a byte order mark, with a lone surrogate for each byte that belongs to no character */
export function decodeDamaged(bytes: Uint8Array): string {
  let text = '';
  let copiedTo = 0;
  let at = 0;
  while (at < bytes.length) {
    const length = characterLength(bytes[at] ?? 0);
    if (length === 1 || (length > 1 && isUtf8(bytes.subarray(at, at + length)))) {
      at += length;
    } else {
      text += `${decodeWhole(bytes.subarray(copiedTo, at))}${DAMAGED_BYTE}`;
      at += 1;
      copiedTo = at;
    }
  }
  text += decodeWhole(bytes.subarray(copiedTo));
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** By the first byte; 0 where no character begins with it. */
function characterLength(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2) return 0;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}

function decodeWhole(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
