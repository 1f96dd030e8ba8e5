/** Where the next page of a reading over many connections begins, and at which version of each the reading is. Pure. */
import { hash } from 'node:crypto';
import type { PagePosition } from '@quartersec/storage';
import { numberBytes, openCursor, sealCursor, textBytes } from './cursor-text.ts';

export interface ReadingCursor {
  /** Behind this record, in every connection. */
  readonly behind: Omit<PagePosition, 'version'>;
  /** By tag of the connection. `leftOut`: it could not be read when the reading came to it. */
  readonly versions: ReadonlyMap<string, number>;
}

export const leftOut = 0;
const tagBytes = 8;

/** Short: of one user's connections, 64 bits tell each from the others, and all of them are in a URL. */
export function tagOf(connectionId: string): string {
  return hash('sha256', connectionId, 'hex').slice(0, 2 * tagBytes);
}

export function encodeReading({ behind, versions }: ReadingCursor, reading: readonly unknown[]): string {
  const connections = [...versions].map(([tag, version]) =>
    Buffer.concat([Buffer.from(tag, 'hex'), numberBytes(version)]),
  );
  const place = [textBytes(behind.date), textBytes(behind.transactionId)];
  return sealCursor(reading, Buffer.concat([...place, numberBytes(versions.size), ...connections]));
}

/** @returns `undefined` for what `encodeReading` never made of this reading */
export function decodeReading(text: string, reading: readonly unknown[]): ReadingCursor | undefined {
  const bytes = openCursor(reading, text);
  if (bytes === undefined) return undefined;
  const behind = { date: bytes.text(), transactionId: bytes.text() };
  const versions = new Map<string, number>();
  for (let left = bytes.number(); left > 0; left -= 1)
    versions.set(bytes.bytes(tagBytes).toString('hex'), bytes.number());
  return { behind, versions };
}
