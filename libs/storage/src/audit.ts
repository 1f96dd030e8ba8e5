/**
 * The audit: recomputes everything that the table claims and names each difference. Reads only. Memory grows with the
 * number of connections, not with what they hold.
 */
import { grantSk } from './access-grant.ts';
import { type AuditFinding, type AuditReport, finding } from './audit-finding.ts';
import { type ChainReport, createChainCheck } from './chain-check.ts';
import { itemLinkKey, listKey, parseItemLink, parseListKey, parseOpenLink } from './connection-links.ts';
import { connectionIdOfPk, storedHash, versionOfSk } from './entry-codec.ts';
import { parseErasureKey } from './erasure-mark.ts';
import { isExchangeKey } from './exchange-record.ts';
import { parseFeedback } from './insight-feedback.ts';
import { insightStateKey } from './insight-state.ts';
import { connectionPk, headSk, insightsSk } from './model.ts';
import { isPendingLinkKey } from './pending-link.ts';
import { connectionIdOfQuarantine, openQuarantined, quarantinePk, quarantineRange } from './quarantine.ts';
import { judgeSuspects } from './suspect-entries.ts';
import type { CallOptions, Table, TableItem, TableKey } from './table.ts';
import { parseUserLinkKey, userLinkKey } from './user-link.ts';
import { compareUtf8 } from './utf8-order.ts';

type Within = Pick<CallOptions, 'deadline'>;

export interface AuditOptions extends Within {
  /** Waits until a run that is under way has written its head; default: no wait, for a table that is at rest. */
  readonly settle?: () => Promise<void>;
  /** Now; without it nothing is said about records that were set aside and are gone, since they end with their time to live. */
  readonly nowEpochMs?: number;
}

/**
 * A record lives 90 days from its event on. The event may have waited four weeks before its page became an entry: 14 days on the queue,
 * 14 among the dead letters. So what an entry of these days set aside must be there.
 */
const asideStandsMs = 60 * 86_400_000;

const pageItems = 64;
/** Around every `LOG#...`: `$` follows `#`. */
const firstEntrySk = 'LOG#';
const afterEntriesSk = 'LOG$';
/** A run that commits while the audit reads looks like a difference; another look, after `settle`, tells. */
const looks = 4;

/**
 * May run beside writers: of a head only that is reported which another look finds unchanged.
 * @throws {StorageError} as `Table`
 */
export async function auditTable(
  table: Table,
  { settle, nowEpochMs = Number.POSITIVE_INFINITY, ...within }: AuditOptions,
): Promise<AuditReport> {
  const inventory = withoutErasures(await takeInventory(table, within));
  const look = (connectionId: string) => auditConnection(table, connectionId, nowEpochMs - asideStandsMs, within);
  const reports = await auditConnections(inventory.connectionIds, look, settle);
  const suspects = await judgeSuspects(reports, (hashes) => findTwins(table, hashes, within));
  const findings = [
    ...inventory.findings,
    ...reports.flatMap((report) => report.findings),
    ...suspects,
    ...judgeLinks(reports, inventory),
    ...judgeQuarantines(reports, inventory.quarantines),
    ...(await findMissingAside(table, reports, look, within)),
  ];
  return {
    connections: reports.length,
    entries: reports.reduce((sum, report) => sum + report.entries, 0),
    quarantined: inventory.quarantined,
    erasing: inventory.erasing.size,
    findings: findings.sort((a, b) => compareUtf8(a.pk, b.pk) || compareUtf8(a.sk, b.sk) || (a.code < b.code ? -1 : 1)),
  };
}

interface Inventory {
  readonly connectionIds: ReadonlySet<string>;
  readonly links: readonly TableKey[];
  /** Connections on the schedule's list. */
  readonly listed: ReadonlySet<string>;
  /** Connections that are being erased: what is left of them says nothing. */
  readonly erasing: ReadonlySet<string>;
  /** Items' links, with the connection that each leads to. */
  readonly itemLinks: readonly { readonly key: TableKey; readonly connectionId: string }[];
  /** One key for each connection that has quarantined records. */
  readonly quarantines: ReadonlyMap<string, TableKey>;
  readonly quarantined: number;
  readonly findings: readonly AuditFinding[];
}

async function takeInventory(table: Table, within: Within): Promise<Inventory> {
  const connectionIds = new Set<string>();
  const links: TableKey[] = [];
  const listed = new Set<string>();
  const erasing = new Set<string>();
  const itemLinks: Inventory['itemLinks'][number][] = [];
  const quarantines = new Map<string, TableKey>();
  const findings: AuditFinding[] = [];
  let quarantined = 0;
  for await (const item of table.scan({ ...within, fresh: true })) {
    const { pk, sk } = item;
    const connectionId = connectionIdOfPk(pk);
    const quarantineOf = connectionIdOfQuarantine(pk);
    const listedId = parseListKey(item);
    const itemLink = parseItemLink(item);
    const erasedId = parseErasureKey(item);
    if (connectionId !== undefined && isOfConnection(sk)) {
      connectionIds.add(connectionId);
    } else if (parseUserLinkKey(item) !== undefined && Object.keys(item).length === 2) {
      links.push({ pk, sk });
    } else if (listedId !== undefined && (Object.keys(item).length === 2 || parseOpenLink(item) !== undefined)) {
      listed.add(listedId);
    } else if (erasedId !== undefined) {
      erasing.add(erasedId);
    } else if (parseFeedback(item) !== undefined) {
      // What a user has said follows from nothing that is stored.
    } else if (isExchangeKey(item) || isPendingLinkKey(item)) {
      // Ends by itself, and nothing stands on it.
    } else if (itemLink !== undefined) {
      itemLinks.push({ key: { pk, sk }, ...itemLink });
    } else if (quarantineOf !== undefined) {
      quarantined += 1;
      if (!quarantines.has(quarantineOf)) quarantines.set(quarantineOf, { pk, sk });
      if (openQuarantined(item) === undefined) findings.push(finding('QUARANTINE_ALTERED', item));
    } else {
      findings.push(finding('ITEM_UNKNOWN', item));
    }
  }
  return { connectionIds, links, listed, erasing, itemLinks, quarantines, quarantined, findings };
}

function withoutErasures(inventory: Inventory): Inventory {
  const { erasing, connectionIds, links, listed, itemLinks, quarantines } = inventory;
  if (erasing.size === 0) return inventory;
  const stays = (connectionId: string) => !erasing.has(connectionId);
  return {
    ...inventory,
    connectionIds: new Set([...connectionIds].filter(stays)),
    links: links.filter((link) => stays(parseUserLinkKey(link)?.connectionId ?? '')),
    listed: new Set([...listed].filter(stays)),
    itemLinks: itemLinks.filter(({ connectionId }) => stays(connectionId)),
    quarantines: new Map([...quarantines].filter(([connectionId]) => stays(connectionId))),
  };
}

function isOfConnection(sk: string): boolean {
  return sk === headSk || sk === insightsSk || sk === grantSk || versionOfSk(sk) !== undefined;
}

type Look = (connectionId: string) => Promise<ChainReport>;

async function auditConnections(
  connectionIds: Iterable<string>,
  look: Look,
  settle: AuditOptions['settle'],
): Promise<readonly ChainReport[]> {
  const reports = new Map<string, ChainReport>();
  for (const connectionId of connectionIds) reports.set(connectionId, await look(connectionId));
  let moving = [...reports.values()].filter(isAboutHead);
  for (let round = 2; round <= looks && moving.length > 0; round++) {
    await settle?.();
    const before = moving;
    moving = [];
    for (const { connectionId, findings } of before) {
      const again = await look(connectionId);
      reports.set(connectionId, again);
      if (isAboutHead(again) && JSON.stringify(again.findings) !== JSON.stringify(findings)) moving.push(again);
    }
  }
  return [...reports.values()];
}

const isAboutHead = ({ findings }: ChainReport) => findings.some(({ code }) => code.startsWith('HEAD_'));

async function auditConnection(
  table: Table,
  connectionId: string,
  asideSinceEpochMs: number,
  within: Within,
): Promise<ChainReport> {
  const headItem = await table.get({ pk: connectionPk(connectionId), sk: headSk }, { ...within, fresh: true });
  const insightsItem = await table.get(insightStateKey(connectionId), { ...within, fresh: true });
  const check = createChainCheck(connectionId, headItem, insightsItem, asideSinceEpochMs);
  for await (const item of entryItems(table, connectionId, within)) check.add(item);
  return check.finish();
}

async function* entryItems(table: Table, connectionId: string, within: Within): AsyncGenerator<TableItem> {
  let fromSk = firstEntrySk;
  for (;;) {
    const range = { pk: connectionPk(connectionId), fromSk, toSk: afterEntriesSk, limit: pageItems };
    const items = await table.query(range, { ...within, fresh: true });
    yield* items;
    const last = items.at(-1);
    if (last === undefined || items.length < pageItems) return;
    fromSk = `${last.sk}\u0000`; // the next key there can be
  }
}

/** Another pass over the table, made only when there is a suspect. */
async function findTwins(
  table: Table,
  hashes: ReadonlySet<string>,
  within: Within,
): Promise<ReadonlyMap<string, readonly TableKey[]>> {
  const twins = new Map<string, TableKey[]>();
  for await (const { pk, sk, hash: stored } of table.scan({ ...within, fresh: true })) {
    const hash = storedHash(stored);
    if (hash === undefined || !hashes.has(hash) || sk === headSk) continue;
    twins.set(hash, [...(twins.get(hash) ?? []), { pk, sk }]);
  }
  return twins;
}

function judgeLinks(reports: readonly ChainReport[], inventory: Inventory): readonly AuditFinding[] {
  const known = new Map(reports.flatMap((report) => (report.entries > 0 ? [[report.connectionId, report]] : [])));
  const found = new Set(inventory.links.map(({ pk, sk }) => `${pk} ${sk}`));
  const findings: AuditFinding[] = [];
  for (const link of inventory.links) {
    const { userId, connectionId } = parseUserLinkKey(link) ?? { userId: '', connectionId: '' };
    const report = known.get(connectionId);
    if (report === undefined) findings.push(finding('LINK_ORPHANED', link));
    else if (report.userId !== undefined && report.userId !== userId) findings.push(finding('LINK_FOREIGN', link));
  }
  for (const { key, connectionId } of inventory.itemLinks) {
    if (!known.has(connectionId)) findings.push(finding('LINK_ORPHANED', key));
  }
  for (const connectionId of inventory.listed) {
    if (!known.has(connectionId)) findings.push(finding('LINK_ORPHANED', listKey(connectionId)));
  }
  const items = new Map(inventory.itemLinks.map(({ key, connectionId }) => [key.pk, connectionId]));
  for (const { connectionId, userId, item } of known.values()) {
    const key = userId === undefined ? undefined : userLinkKey(userId, connectionId);
    if (key !== undefined && !found.has(`${key.pk} ${key.sk}`)) findings.push(finding('LINK_MISSING', key));
    if (!inventory.listed.has(connectionId)) findings.push(finding('LINK_MISSING', listKey(connectionId)));
    const itemKey = item === undefined ? undefined : itemLinkKey(item);
    if (itemKey !== undefined && items.get(itemKey.pk) !== connectionId)
      findings.push(finding('LINK_MISSING', itemKey));
  }
  return findings;
}

function judgeQuarantines(
  reports: readonly ChainReport[],
  quarantines: ReadonlyMap<string, TableKey>,
): readonly AuditFinding[] {
  const known = new Set(reports.filter((report) => report.entries > 0).map((report) => report.connectionId));
  const orphans = [...quarantines].filter(([connectionId]) => !known.has(connectionId));
  return orphans.map(([, key]) => finding('QUARANTINE_ORPHANED', key));
}

/**
 * Records are kept before the entry that says so, and taken away behind the one that says that they are back. So a connection that did
 * not go on between two looks and has fewer of them has lost some.
 */
async function findMissingAside(
  table: Table,
  reports: readonly ChainReport[],
  look: Look,
  within: Within,
): Promise<readonly AuditFinding[]> {
  const findings: AuditFinding[] = [];
  for (const first of reports.filter(({ aside }) => aside > 0)) {
    const { connectionId } = first;
    let report = first;
    for (let round = 1; round <= looks; round++) {
      const items = await table.query(
        { pk: quarantinePk(connectionId), ...quarantineRange },
        { ...within, fresh: true },
      );
      if (items.length >= report.aside) break;
      const again = await look(connectionId);
      if (again.entries === report.entries) {
        const facts = { setAside: report.aside, items: items.length };
        findings.push(finding('QUARANTINE_MISSING', { pk: connectionPk(connectionId), sk: headSk }, facts));
        break;
      }
      report = again;
    }
  }
  return findings;
}
