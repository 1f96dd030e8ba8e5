/** Altered or misplaced? An intact entry under a wrong key verifies under its own one: these are the keys to try. */
import { type AuditFinding, finding } from './audit-finding.ts';
import type { ChainReport } from './chain-check.ts';
import { asEntryItem, type EntryItem, hashHolds } from './entry-codec.ts';
import { connectionPk, entrySk } from './model.ts';
import type { TableItem, TableKey } from './table.ts';

/** A forged head can open a gap of any length: no more than this many of its versions are tried. */
const gapTries = 10_000;

/**
 * @param reports all connections of the table: an entry may have been moved from any of them
 * @param twinsOf keys of other items that carry one of these hashes: where a copy's original is
 */
export async function judgeSuspects(
  reports: readonly ChainReport[],
  twinsOf: (hashes: ReadonlySet<string>) => Promise<ReadonlyMap<string, readonly TableKey[]>>,
): Promise<readonly AuditFinding[]> {
  const suspects = reports.flatMap((report) => report.suspects.map((item) => ({ item, report })));
  if (suspects.length === 0) return [];
  const twins = await twinsOf(new Set(suspects.map(({ item }) => String(item.hash))));
  return suspects.map(({ item, report }) => {
    const candidates = ownKeys(item, report, reports, twins.get(String(item.hash)) ?? []);
    return judge(item, candidates);
  });
}

function judge(item: TableItem, candidates: Iterable<TableKey>): AuditFinding {
  const stored = asEntryItem(item);
  const home = stored && firstHome(stored, candidates);
  if (home === undefined) return finding('ENTRY_ALTERED', item);
  return finding('ENTRY_MISPLACED', item, { homePk: home.pk, homeSk: home.sk });
}

function firstHome(stored: EntryItem, candidates: Iterable<TableKey>): TableKey | undefined {
  for (const { pk, sk } of candidates) if (hashHolds(stored, pk, sk)) return { pk, sk };
  return undefined;
}

/** Most likely first: the original of a copy, another place in the same journal (a swap), an empty place (a move). */
function* ownKeys(
  item: TableItem,
  report: ChainReport,
  reports: readonly ChainReport[],
  twins: readonly TableKey[],
): Generator<TableKey> {
  yield* twins;
  for (let version = 1; version <= report.lastVersion; version++) yield { pk: item.pk, sk: entrySk(version) };
  for (const { connectionId, gaps } of reports) {
    for (const { fromVersion, throughVersion } of gaps) {
      const through = Math.min(throughVersion, fromVersion + gapTries - 1);
      for (let version = fromVersion; version <= through; version++) {
        yield { pk: connectionPk(connectionId), sk: entrySk(version) };
      }
    }
  }
  // Two entries of different connections, exchanged: each lies where the other belongs.
  for (const other of reports) for (const { pk, sk } of other.suspects) yield { pk, sk };
}
