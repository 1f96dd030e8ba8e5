/** The records of a page's lists, one by one: a record that is none is set aside and costs only itself. Pure. */
import {
  issueUnder,
  type QuarantinedRecord,
  type SchemaDrift,
  type Transaction,
  tupleHash,
} from '@quartersec/validation';
import type { Fault } from '../quarantine.ts';
import type { Counts, OpenDay, Place } from './place.ts';
import type { CountedKind, Listed, ListedEntry, ListStandard, RecordList } from './standard.ts';

export interface ListReading {
  /** How a record that is none is set aside. */
  readonly setAside: (path: string, record: unknown, fault: Fault) => QuarantinedRecord;
  /** Filled on the way. */
  readonly refused: QuarantinedRecord[];
  readonly drift: SchemaDrift;
}

export function readList<Wire>(
  { path, records }: RecordList,
  kind: CountedKind<Wire>,
  { setAside, refused, drift }: ListReading,
): readonly Listed<Wire>[] {
  return records.flatMap((record, index) => {
    const at = `${path}[${index}]`;
    const sound = kind.read(record);
    if (!sound.ok) {
      const { path: member, expected, received } = issueUnder('', sound.issue);
      refused.push(setAside(at, record, { reason: 'SCHEMA', member, expected, received }));
      return [];
    }
    kind.count(sound.value, drift);
    drift.unknownFields += sound.dropped.length + sound.missing;
    return [{ path: at, wire: sound.value, dropped: sound.dropped }];
  });
}

type StatedEntry<Entry> = Listed<Entry> & { readonly status: Transaction['status'] | undefined };

/** One page has no entry twice: an id that it has twice is of two entries. */
export function hasRepeatedId<Entry>(
  entries: readonly Listed<Entry>[],
  { statedId }: Pick<ListStandard<never, never, Entry>, 'statedId'>,
): boolean {
  const ids = entries.map(({ wire }) => statedId(wire)).filter((id) => id !== null);
  return new Set(ids).size < ids.length;
}

export interface Counted<Entry> extends Pick<Place, 'openDay' | 'undated'> {
  readonly entries: readonly ListedEntry<Entry>[];
}

/** Counts those without ids among their equals, on from the page before where their day began there. */
export function countEquals<Entry>(
  stated: readonly StatedEntry<Entry>[],
  isReused: boolean,
  before: Pick<Place, 'openDay' | 'undated'>,
  standard: Pick<ListStandard<never, never, Entry>, 'statedId' | 'dayOf' | 'fingerprintParts'>,
): Counted<Entry> {
  const counts = new Map<string, { readonly day: string | null; readonly seen: number }>([
    ...Object.entries(before.openDay?.counts ?? {}).map(
      ([mark, seen]) => [mark, { day: before.openDay?.day ?? '', seen }] as const,
    ),
    ...Object.entries(before.undated).map(([mark, seen]) => [mark, { day: null, seen }] as const),
  ]);
  const entries = stated.map((listed) => {
    const id = isReused ? null : standard.statedId(listed.wire);
    if (id !== null) return { ...listed, id, occurrence: 0 };
    const parts = standard.fingerprintParts(listed.wire, listed.status);
    const mark = tupleHash(parts.map((part) => part.toWellFormed()));
    const occurrence = counts.get(mark)?.seen ?? 0;
    counts.set(mark, { day: standard.dayOf(listed.wire, listed.status), seen: occurrence + 1 });
    return { ...listed, id, occurrence };
  });
  const of = (day: string | null): Counts =>
    Object.fromEntries([...counts].filter((each) => each[1].day === day).map(([mark, { seen }]) => [mark, seen]));
  const days = entries.map(({ wire, status }) => standard.dayOf(wire, status)).filter((day) => day !== null);
  const last = days.at(-1);
  const undated = of(null);
  if (last === undefined) return { entries, openDay: before.openDay, undated };
  const open = of(last);
  const openDay: OpenDay | null = Object.keys(open).length === 0 ? null : { day: last, counts: open };
  return { entries, openDay, undated };
}
