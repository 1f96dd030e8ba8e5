/**
 * What packed texts may refer to, by the id that they carry. A dictionary never changes: entries that were packed with it
 * need it for ever. A better one gets the next id and its own file (`npm run dictionary -w @quartersec/sandbox-journeys`).
 */
import { dictionary1 } from './dictionary-1.ts';

const dictionaries: ReadonlyMap<number, Buffer> = new Map([[1, Buffer.from(dictionary1)]]);

/** New texts are packed with it. */
export const newestDictionaryId = 1;

export function dictionaryOf(id: number): Buffer | undefined {
  return dictionaries.get(id);
}

export const dictionaryIds: readonly number[] = [...dictionaries.keys()];
