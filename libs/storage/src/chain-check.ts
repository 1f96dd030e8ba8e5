/** The audit of one connection: its entries in order against each other, and the head against their fold. Pure. */
import { type AuditFinding, finding } from './audit-finding.ts';
import type { ItemName } from './connection-links.ts';
import { asEntryItem, hashHolds, readEntry, versionOfSk } from './entry-codec.ts';
import { foldHead } from './fold-head.ts';
import { decodeHead, isSameHead } from './head-codec.ts';
import { decodeInsightState } from './insight-state.ts';
import { connectionPk, entrySk, genesisHash, type Head, headSk, insightsSk, type JournalEntry } from './model.ts';
import type { TableItem } from './table.ts';

export interface ChainReport {
  readonly connectionId: string;
  readonly findings: readonly AuditFinding[];
  /** Items whose hash does not hold under their key: altered or misplaced, which only a look at the rest can tell. */
  readonly suspects: readonly TableItem[];
  /** Ranges of versions without an item. */
  readonly gaps: readonly Gap[];
  readonly entries: number;
  /** By the entries, else by the head. */
  readonly userId: string | undefined;
  /** Records that the entries of `asideSinceEpochMs` and later set aside, since the last entry that took some back. */
  readonly aside: number;
  /** Provider and Item of the newest link, where they are known. */
  readonly item: ItemName | undefined;
}

export interface Gap {
  readonly fromVersion: number;
  readonly throughVersion: number;
}

export interface ChainCheck {
  /** Takes the items of `LOG#...` keys in key order. */
  add(item: TableItem): void;
  finish(): ChainReport;
}

/** @param asideSinceEpochMs older entries are not counted among those that set records aside */
export function createChainCheck(
  connectionId: string,
  headItem: TableItem | undefined,
  insightsItem: TableItem | undefined,
  asideSinceEpochMs = Number.POSITIVE_INFINITY,
): ChainCheck {
  const pk = connectionPk(connectionId);
  const head = headItem && decodeHead(headItem);
  const insights = insightsItem && decodeInsightState(insightsItem);
  let isOfOtherHistory = false;
  const findings: AuditFinding[] = [];
  const suspects: TableItem[] = [];
  const suspectVersions: number[] = [];
  const gaps: Gap[] = [];
  let entries = 0;
  let aside = 0;
  let last: { readonly version: number; readonly hash: string } = { version: 0, hash: genesisHash };
  let fold: Head | undefined;
  let foldable = true;
  let atHead: { readonly hash: string; readonly fold: Head | undefined } | undefined;

  function note(code: AuditFinding['code'], sk: string, facts?: AuditFinding['facts']): void {
    findings.push(finding(code, { pk, sk }, facts));
  }

  function noteMissing(fromVersion: number, throughVersion: number): void {
    for (const gap of gapsWithout(suspectVersions, fromVersion, throughVersion)) {
      gaps.push(gap);
      note('ENTRY_MISSING', entrySk(gap.fromVersion), { throughVersion: gap.throughVersion });
    }
  }

  function takeGenuine(entry: JournalEntry): void {
    const { version, hash, previousHash, content } = entry;
    entries += 1;
    if (content.kind === 'returned') aside = 0;
    if (content.kind === 'page' && content.writtenEpochMs >= asideSinceEpochMs) aside += content.quarantined;
    noteMissing(last.version + 1, version - 1);
    const follows = version === last.version + 1;
    if (follows && previousHash !== last.hash) note('CHAIN_BROKEN', entrySk(version));
    foldable &&= follows && previousHash === last.hash;
    if (foldable) {
      try {
        fold = foldHead(fold, entry);
      } catch {
        foldable = false;
        note('ENTRY_UNREADABLE', entrySk(version));
      }
    }
    last = { version, hash };
    if (version === insights?.version) isOfOtherHistory = hash !== insights.hash;
    if (version === head?.version) atHead = { hash, fold: foldable ? fold : undefined };
  }

  function judgeHead(): void {
    if (headItem === undefined) {
      if (entries > 0) note('HEAD_MISSING', headSk, { journalVersion: last.version });
      return;
    }
    if (head === undefined) {
      note('HEAD_DIFFERS', headSk);
      return;
    }
    const facts = { headVersion: head.version, journalVersion: last.version };
    if (head.version > last.version) {
      noteMissing(last.version + 1, head.version);
      if (!suspectVersions.includes(head.version)) note('HEAD_AHEAD', headSk, facts);
    }
    if (head.version < last.version) note('HEAD_BEHIND', headSk, facts);
    if (atHead === undefined) return;
    const differs = atHead.fold ? !isSameHead(atHead.fold, head) : atHead.hash !== head.hash;
    if (differs) note('HEAD_DIFFERS', headSk, facts);
  }

  /** An entry that is missing or altered has a finding of its own. */
  function judgeInsights(): void {
    if (insightsItem === undefined) return;
    const isAhead = insights !== undefined && insights.version > Math.max(last.version, head?.version ?? 0);
    if (insights === undefined || isAhead || isOfOtherHistory) note('INSIGHTS_DIFFER', insightsSk);
  }

  return {
    add(item) {
      const version = versionOfSk(item.sk);
      if (version === undefined) return; // the scan names it
      const stored = asEntryItem(item);
      if (stored === undefined || !hashHolds(stored)) {
        suspects.push(item);
        suspectVersions.push(version);
        return;
      }
      const entry = readEntry(stored);
      if (entry !== undefined) return takeGenuine(entry);
      foldable = false;
      note('ENTRY_UNREADABLE', item.sk);
      last = { version, hash: stored.hash };
    },
    finish() {
      judgeHead();
      judgeInsights();
      const known = fold ?? head;
      const item = known?.itemId === undefined ? undefined : { provider: known.provider, itemId: known.itemId };
      return { connectionId, findings, suspects, gaps, entries, userId: known?.userId, aside, item };
    },
  };
}

/** @param occupied ascending */
function gapsWithout(occupied: readonly number[], fromVersion: number, throughVersion: number): readonly Gap[] {
  const gaps: Gap[] = [];
  let next = fromVersion;
  for (const version of occupied) {
    if (version < fromVersion || version > throughVersion) continue;
    if (version > next) gaps.push({ fromVersion: next, throughVersion: version - 1 });
    next = version + 1;
  }
  if (next <= throughVersion) gaps.push({ fromVersion: next, throughVersion });
  return gaps;
}
