/** Bytes from the notation of the protocol notes: hex digits, spaces for reading, and texts in double quotes. */
export function hex(notation: string): Buffer {
  const parts = notation.match(/"[^"]*"|[0-9a-f]{2}/g) ?? [];
  return Buffer.concat(
    parts.map((part) => (part.startsWith('"') ? Buffer.from(part.slice(1, -1)) : Buffer.from(part, 'hex'))),
  );
}
