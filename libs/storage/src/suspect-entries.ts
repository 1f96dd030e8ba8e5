/** Altered or misplaced? An intact entry under a wrong key verifies under its own one: these are the keys to try. */
import { type AuditFinding, finding } from './audit-finding.ts';
import type { ChainReport } from './chain-check.ts';
import { asEntryItem, type EntryItem, hashHolds, storedHash } from './entry-codec.ts';
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
  const suspects = reports.flatMap((report) => report.suspects);
  if (suspects.length === 0) return [];
  const twins = await twinsOf(new Set(suspects.map(({ hash }) => String(storedHash(hash)))));
  return suspects.map((item) => judge(item, homes(reports, suspects, twins.get(String(storedHash(item.hash))) ?? [])));
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

/** Where the original of a copy lies, where another suspect lies in its place (a swap), where nothing lies (a move). */
function* homes(
  reports: readonly ChainReport[],
  suspects: readonly TableItem[],
  twins: readonly TableKey[],
): Generator<TableKey> {
  yield* twins;
  yield* suspects;
  for (const { connectionId, gaps } of reports) {
    for (const { fromVersion, throughVersion } of gaps) {
      const through = Math.min(throughVersion, fromVersion + gapTries - 1);
      for (let version = fromVersion; version <= through; version++) {
        yield { pk: connectionPk(connectionId), sk: entrySk(version) };
      }
    }
  }
}
