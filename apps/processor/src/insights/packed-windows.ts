/** Windows as they are stored: one text a day, since ids and hashes are most of it. Pure. */
import { contentChars, type ListedRecord, type Window, type Windows } from './windows.ts';

/** By account: its id, the day from which it speaks, and its records by day (`null`: pending), those that count apart. */
export type PackedWindows = readonly (readonly [string, string, readonly PackedDay[]])[];
type PackedDay = readonly [date: string | null, counted: string, uncounted: string];

/** More would crowd the item that they stand in, of at most 400 KB: then they are not stored, and made again from the journal. */
export const mostPacked = 4_000;

/** Between an id, which may have any length, and its hash. */
const idEnd = ' ';

export function packWindows(windows: Windows): PackedWindows {
  const records = [...windows.values()].reduce((sum, window) => sum + window.records.size, 0);
  if (records > mostPacked) return [];
  return [...windows]
    .map(([accountId, { fromDate, records }]) => [accountId, fromDate, packDays(records)] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
}

/** In order, so that windows that are equal are stored equal, however they came about. */
function packDays(records: Window['records']): readonly PackedDay[] {
  const sorted = [...records].sort(([one], [other]) => (one < other ? -1 : 1));
  const byDay = Map.groupBy(sorted, ([, { date }]) => date);
  return [...byDay]
    .map(([date, each]): PackedDay => {
      const textOf = (isCounted: boolean) =>
        each
          .filter(([, record]) => record.isCounted === isCounted)
          .map(([id, { content }]) => `${content}${id}`)
          .join(idEnd);
      return [date, textOf(true), textOf(false)];
    })
    .sort(([one], [other]) => ((one ?? '') < (other ?? '') ? -1 : 1));
}

export function unpackWindows(packed: PackedWindows): Windows {
  return new Map(
    packed.map(([accountId, fromDate, days]) => {
      const records = days.flatMap(([date, counted, uncounted]) => [
        ...recordsIn(counted, date, true),
        ...recordsIn(uncounted, date, false),
      ]);
      return [accountId, { fromDate, records: new Map(records) }];
    }),
  );
}

function recordsIn(
  text: string,
  date: string | null,
  isCounted: boolean,
): readonly (readonly [string, ListedRecord])[] {
  if (text === '') return [];
  return text
    .split(idEnd)
    .map((each) => [each.slice(contentChars), { date, content: each.slice(0, contentChars), isCounted }]);
}
