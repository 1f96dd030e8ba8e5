/** How far a reader of the feed is, in each connection. Ids are in it whole: one that is gone has to be named. Pure. */
import type { ChangePosition } from '@quartersec/storage';
import { numberBytes, openCursor, sealCursor, textBytes } from './cursor-text.ts';

/** By connection. */
export type ChangePlaces = ReadonlyMap<string, ChangePosition>;

/** As the contract has it: a URL must have room for it. 100 connections with ids of ours take 4,200. */
export const longestCursor = 6_000;

const markBytes = 4;

export function encodeChanges(places: ChangePlaces, userId: string): string {
  const connections = [...places].map(([connectionId, { version, given, mark }]) =>
    Buffer.concat([
      textBytes(connectionId),
      numberBytes(version),
      numberBytes(given),
      Buffer.from(mark.padEnd(2 * markBytes, '0'), 'hex'),
    ]),
  );
  return sealCursor(['changes', userId], Buffer.concat([numberBytes(places.size), ...connections]));
}

/** @returns `undefined` for what `encodeChanges` never made for this user */
export function decodeChanges(text: string, userId: string): ChangePlaces | undefined {
  const bytes = openCursor(['changes', userId], text);
  if (bytes === undefined) return undefined;
  const places = new Map<string, ChangePosition>();
  for (let left = bytes.number(); left > 0; left -= 1) {
    const connectionId = bytes.text();
    const [version, given, mark] = [bytes.number(), bytes.number(), bytes.bytes(markBytes).toString('hex')];
    places.set(connectionId, { version, given, mark: version === 0 ? '' : mark });
  }
  return places;
}
