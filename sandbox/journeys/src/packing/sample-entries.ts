/**
 * Entries as the functions write them, from the simulator's pages through the connector's own normalisation. Ids and cursors
 * are made over in a real bank's look (37 and 112 characters without a pattern): the simulator's share a prefix, and so
 * compress better than anyone's would. Same seed, same entries.
 */
import { createHash } from 'node:crypto';
import { normalisePlaidPage, type PlaidSyncPage, type ValidPage, validatePlaidPage } from '@quartersec/providers';
import { PlaidBank, Publication, Story, type SyncPage, syncPageJson } from '@quartersec/sandbox-providers';
import {
  type EntryContent,
  foldHead,
  type Head,
  type JournalEntry,
  type PageEntry,
  sealEntry,
  sealToken,
} from '@quartersec/storage';
import { type Account, canonicalJson } from '@quartersec/validation';

export interface SampleEvent {
  readonly connectionId: string;
  /** What the entry builds on. */
  readonly before: Head;
  readonly content: PageEntry;
  readonly after: Head;
}

export interface SampleOptions {
  readonly seed: number;
  readonly connections: number;
  /** Events of each connection, behind its first read. */
  readonly events: number;
}

const startedEpochMs = Date.UTC(2026, 0, 5, 6);
const dayMs = 86_400_000;
const tokenKey = Buffer.alloc(32, 7).toString('base64');

/** @returns the events behind each connection's first read, as the journal would hold them */
export function sampleEvents({ seed, connections, events }: SampleOptions): readonly SampleEvent[] {
  const story = new Story({ seed, connections, startDate: '2026-01-05', historyTransactions: 24 });
  const bank = new PlaidBank(story, new Publication(connections, null), 0);
  return Array.from({ length: connections }, (_, index) => eventsOf(bank, seed, index, events)).flat();
}

function eventsOf(bank: PlaidBank, seed: number, index: number, events: number): readonly SampleEvent[] {
  const drawn = (what: string, length: number) => drawnText(`${seed} ${index} ${what}`, length);
  const connectionId = `conn-${drawn('connection', 16)}`;
  let head = linked(connectionId, index, drawn);
  const sampled: SampleEvent[] = [];
  let cursor: string | null = null;
  for (let event = 0; event <= events; event++) {
    const wire = bank.syncPage(index, { cursor, count: 500, account: null, withDescription: false });
    if (typeof wire === 'string') throw new Error(`the simulator refuses its own cursor: ${wire}`);
    const writtenEpochMs = startedEpochMs + event * dayMs + index * 977;
    const content = pageEntry(head, realLook(wire, drawn), {
      runId: drawnUuid(drawn(`run ${event}`, 32)),
      loopId: drawnUuid(drawn(`loop ${event}`, 32)),
      cursorAfter: drawn(`cursor ${event}`, 112),
      writtenEpochMs,
    });
    const after = append(head, connectionId, content);
    if (event > 0) sampled.push({ connectionId, before: head, content, after });
    head = after;
    cursor = wire.nextCursor;
  }
  return sampled;
}

function linked(connectionId: string, index: number, drawn: (what: string, length: number) => string): Head {
  const accessToken = `access-production-${drawnUuid(drawn('token', 32))}`;
  const nonce = Buffer.from(drawn('nonce', 12));
  return append(undefined, connectionId, {
    kind: 'linked',
    runId: drawnUuid(drawn('link', 32)),
    writtenEpochMs: startedEpochMs,
    userId: `user-${drawn('user', 16)}`,
    provider: 'plaid',
    institutionId: `ins_${100 + (index % 50)}`,
    sealedToken: sealToken(accessToken, { tokenKeys: tokenKey, connectionId }, nonce),
  });
}

function append(head: Head | undefined, connectionId: string, content: EntryContent): Head {
  const entry: JournalEntry = sealEntry(head, connectionId, content).entry;
  return foldHead(head, entry);
}

interface Run {
  readonly runId: string;
  readonly loopId: string;
  readonly cursorAfter: string;
  readonly writtenEpochMs: number;
}

function pageEntry(head: Head, page: ValidPage<PlaidSyncPage>, run: Run): PageEntry {
  const canonical = normalisePlaidPage(page, {
    connectionId: head.connectionId,
    institutionId: head.institutionId,
    knownAccounts: head.accounts,
    today: new Date(run.writtenEpochMs).toISOString().slice(0, 10),
  });
  const known = new Map(head.accounts.map((account) => [account.accountId, canonicalJson(account)]));
  const isNews = (account: Account) => known.get(account.accountId) !== canonicalJson(account);
  return {
    kind: 'page',
    runId: run.runId,
    writtenEpochMs: run.writtenEpochMs,
    loop: { id: run.loopId, page: 1, last: true },
    cursorBefore: head.cursor,
    cursorAfter: run.cursorAfter,
    syncStartedEpochMs: run.writtenEpochMs - 93,
    added: canonical.added,
    modified: canonical.modified,
    removed: canonical.removed,
    accounts: canonical.accounts.filter(isNews),
    quarantined: canonical.quarantined.length,
  };
}

/**
 * Ids wherever they stand, and the words of shops and statements, each made over as texts of the same length: neither a
 * dictionary nor a figure may owe anything to the simulator's few shops.
 */
function realLook(page: SyncPage, drawn: (what: string, length: number) => string): ValidPage<PlaidSyncPage> {
  const renamed = (record: string) =>
    record.replace(/"(name|merchant_name)":"([^"]*)"/g, (_, member: string, name: string) => {
      const words = name.replace(/[A-Za-z]{3,}/g, (word) => madeUpWord(word, drawn(word.toLowerCase(), 32)));
      return `"${member}":"${words}"`;
    });
  const made = { ...page, added: page.added.map(renamed), modified: page.modified.map(renamed) };
  const text = syncPageJson(made).replace(/"[A-Za-z0-9]{37}"/g, (id) => `"${drawn(id, 37)}"`);
  return validatePlaidPage({ text, requestId: null });
}

/** Pronounceable, as long as the word and in its letter case. */
function madeUpWord(word: string, seed: string): string {
  const sounds = ['bcdfghjklmnprstvwz', 'aeiou'] as const;
  const letters = [...word].map((_, at) => {
    const from = sounds[at % 2 === 0 ? 0 : 1];
    return from[seed.charCodeAt(at % seed.length) % from.length] ?? '';
  });
  const made = letters.join('');
  if (word === word.toUpperCase()) return made.toUpperCase();
  return `${(made[0] ?? '').toUpperCase()}${made.slice(1)}`;
}

/** Letters and digits without a pattern. */
function drawnText(seed: string, length: number): string {
  let text = '';
  for (let block = 0; text.length < length; block++) {
    text += createHash('sha256')
      .update(`${seed} ${block}`)
      .digest('base64')
      .replace(/[^A-Za-z0-9]/g, '');
  }
  return text.slice(0, length);
}

function drawnUuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The events that figures are given for: 3 to 8 transactions, of sixty connections. */
export function sizedEvents(): readonly SampleEvent[] {
  return sampleEvents({ seed: 1, connections: 60, events: 6 }).filter(({ content }) => {
    const transactions = content.added.length + content.modified.length;
    return transactions >= 3 && transactions <= 8;
  });
}
