/** Records set aside because they could not be read exactly: kept for the fix, gone after their time to live. */
import { canonicalJson, type QuarantinedRecord } from '@quartersec/validation';
import { hashParts } from './entry-hash.ts';
import { putSettled } from './settled-put.ts';
import type { CallOptions, Table, TableItem } from './table.ts';

const ttlDaysDefault = 90;
const daySeconds = 86_400;
const quarantinePkPrefix = 'QUAR#';
const quarantineAttributes = 4;
/**
 * Three quarters of the connections to the table (`maxSockets` of `aws-call.ts`): a write that waits for one uses up its time, and the other events
 * of a batch write meanwhile, too.
 */
const writtenAtOnce = 48;
/** Every sort key starts with a year. */
export const quarantineRange = { fromSk: '0', toSk: ':' } as const;

export interface QuarantineOptions extends Pick<CallOptions, 'deadline'> {
  /** When the EVENT was received, as its message says: the same on every redelivery, so nothing is kept twice. */
  readonly receivedEpochMs: number;
  readonly ttlDays?: number;
  /** Seals the record's original text, so that it can come back; without it only the redacted form is kept. */
  readonly seal?: (original: string) => string;
}

/** A record as it is kept: nothing in it can be read as it came without the key. */
export interface KeptRecord extends Omit<QuarantinedRecord, 'original'> {
  readonly sealed?: string;
  /** Version of the entry of whose page it was. */
  readonly asideVersion?: number;
  /** From 2: which of those that look alike and were set aside together. */
  readonly occurrence?: number;
}

/** As it is to be kept, its original in the clear. */
type SetAside = QuarantinedRecord & Pick<KeptRecord, 'asideVersion' | 'occurrence'>;

/**
 * Safe to repeat with the same record, time and sealed text.
 * @throws {StorageError} as `Table.put`
 */
export async function putQuarantined(
  table: Table,
  connectionId: string,
  { original, ...record }: SetAside,
  options: QuarantineOptions,
): Promise<void> {
  const { receivedEpochMs, ttlDays = ttlDaysDefault, seal, deadline } = options;
  const pk = quarantinePk(connectionId);
  const time = new Date(receivedEpochMs).toISOString();
  const expiresEpochSeconds = Math.floor(receivedEpochMs / 1000) + ttlDays * daySeconds;
  const kept: KeptRecord =
    original === undefined || seal === undefined ? record : { ...record, sealed: seal(original) };
  const body = canonicalJson(kept);
  const sk = `${time}#${recordHash(pk, time, expiresEpochSeconds, body)}`;
  await putSettled(table, { pk, sk, body, expiresEpochSeconds }, { deadline });
}

/**
 * All of a page, many beside each other: one by one, a page of 500 would not fit into the time of its event. Safe to repeat with the
 * same records and time, also where each sealing gives another text. What an earlier delivery wrote before its time was over is not
 * written again, so that every delivery gets further.
 * @throws {StorageError} as `putQuarantined`, once the writes under way have ended; no other is begun after the first failure
 */
export async function putAllQuarantined(
  table: Table,
  connectionId: string,
  records: readonly SetAside[],
  options: QuarantineOptions,
): Promise<void> {
  const missing = (await withoutPresent(table, connectionId, countAlike(records), options)).values();
  let failed: { readonly error: unknown } | undefined;
  const writeOn = async () => {
    for (const record of missing) {
      try {
        await putQuarantined(table, connectionId, record, options);
      } catch (error) {
        failed ??= { error };
      }
      if (failed !== undefined) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(writtenAtOnce, records.length) }, writeOn));
  if (failed !== undefined) throw failed.error;
}

/** Pages that are stored together may have the same defect at the same place: each is an item of its own. */
function countAlike(records: readonly SetAside[]): readonly SetAside[] {
  const counts = new Map<string, number>();
  return records.map((record) => {
    const text = textOf(record);
    const occurrence = (counts.get(text) ?? 0) + 1;
    counts.set(text, occurrence);
    return occurrence === 1 ? record : { ...record, occurrence };
  });
}

/** A record without what is sealed, which is another text each time. */
function textOf({ original: _, sealed: __, ...plain }: SetAside & Pick<KeptRecord, 'sealed'>): string {
  return canonicalJson(plain);
}

async function withoutPresent(
  table: Table,
  connectionId: string,
  records: readonly SetAside[],
  { receivedEpochMs, deadline }: QuarantineOptions,
): Promise<readonly SetAside[]> {
  const time = new Date(receivedEpochMs).toISOString();
  const range = { pk: quarantinePk(connectionId), fromSk: `${time}#`, toSk: `${time}#g` }; // after every hash in hexadecimal
  const items = await table.query(range, { deadline, fresh: true });
  const present = new Set(items.flatMap((item) => openQuarantined(item)?.record ?? []).map(textOf));
  return present.size === 0 ? records : records.filter((record) => !present.has(textOf(record)));
}

export interface StoredQuarantine {
  readonly receivedEpochMs: number;
  readonly expiresEpochSeconds: number;
  readonly record: KeptRecord;
}

/**
 * @returns oldest first; damaged items are left out (the audit names them)
 * @throws {StorageError} as `Table.query`
 */
export async function readQuarantined(
  table: Table,
  connectionId: string,
  options: CallOptions,
): Promise<readonly StoredQuarantine[]> {
  const items = await table.query({ pk: quarantinePk(connectionId), ...quarantineRange }, options);
  return items.flatMap((item) => openQuarantined(item) ?? []);
}

/** @returns `undefined` when the item is not what was written */
export function openQuarantined(item: TableItem): StoredQuarantine | undefined {
  const { pk, sk, body, expiresEpochSeconds } = item;
  if (typeof body !== 'string' || typeof expiresEpochSeconds !== 'number') return undefined;
  const time = sk.slice(0, sk.lastIndexOf('#'));
  const isOurs = sk === `${time}#${recordHash(pk, time, expiresEpochSeconds, body)}`;
  if (!isOurs || Object.keys(item).length !== quarantineAttributes) return undefined;
  return { receivedEpochMs: Date.parse(time), expiresEpochSeconds, record: JSON.parse(body) as KeptRecord };
}

export function quarantinePk(connectionId: string): string {
  return `${quarantinePkPrefix}${connectionId}`;
}

/** @returns the connection whose quarantine this is, `undefined` where it is none */
export function connectionIdOfQuarantine(pk: string): string | undefined {
  return pk.startsWith(quarantinePkPrefix) ? pk.slice(quarantinePkPrefix.length) : undefined;
}

/** 128 bits, over everything in the item: it tells records apart and shows damage. */
function recordHash(pk: string, time: string, expiresEpochSeconds: number, body: string): string {
  return hashParts([pk, time, String(expiresEpochSeconds), body]).slice(0, 32);
}
