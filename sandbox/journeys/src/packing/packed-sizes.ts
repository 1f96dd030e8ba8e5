/** Sizes of packed items, as DynamoDB counts and bills them: of the events of a day, and of those with five transactions. */
import { encodeHead, itemBytes, itemWriteUnits, sealEntry, type TableItem } from '@quartersec/storage';
import { type SampleEvent, sizedEvents } from './sample-entries.ts';

export interface ItemSizes {
  readonly items: number;
  readonly meanBytes: number;
  readonly p50Bytes: number;
  readonly p95Bytes: number;
  readonly meanWriteUnits: number;
}

export interface PackedSizes {
  readonly entry: ItemSizes;
  readonly entryOfFive: ItemSizes;
  readonly head: ItemSizes;
}

export function packedSizes(): PackedSizes {
  const events = sizedEvents();
  const entries = (wanted: readonly SampleEvent[]) =>
    wanted.map(({ before, connectionId, content }) => sealEntry(before, connectionId, content).item);
  return {
    entry: sizesOf(entries(events)),
    entryOfFive: sizesOf(entries(events.filter((event) => recordsOf(event) === 5))),
    head: sizesOf(events.map(({ after }) => encodeHead(after))),
  };
}

export function recordsOf({ content }: SampleEvent): number {
  return content.added.length + content.modified.length;
}

function sizesOf(items: readonly TableItem[]): ItemSizes {
  const bytes = items.map(itemBytes);
  return {
    items: items.length,
    meanBytes: Math.round(mean(bytes)),
    p50Bytes: quantile(bytes, 0.5),
    p95Bytes: quantile(bytes, 0.95),
    meanWriteUnits: Math.round(mean(items.map(itemWriteUnits)) * 1_000) / 1_000,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Nearest rank. @param share 0 to 1 */
export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((left, right) => left - right)[Math.ceil(values.length * share) - 1] ?? Number.NaN;
}
