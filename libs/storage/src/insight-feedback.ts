/** What a user has said of an insight, for ever or until they say otherwise: an item of the user, by the insight's fingerprint. */
import { putUntilKnown } from './settled-put.ts';
import type { CallOptions, Table, TableItem, TableKey } from './table.ts';
import { userPk } from './user-link.ts';

const skPrefix = 'FEEDBACK#';
/** After every `FEEDBACK#...`: `$` follows `#`. */
export const afterFeedback = 'FEEDBACK$';
const verdicts = ['confirmed', 'dismissed', 'snoozed'] as const;
const fingerprintPattern = /^[A-Za-z0-9_-]{1,64}$/;

export type FeedbackVerdict = (typeof verdicts)[number];

export interface InsightFeedback {
  readonly fingerprint: string;
  readonly verdict: FeedbackVerdict;
  /** Of a snooze: the last day without it, YYYY-MM-DD. */
  readonly untilDate: string | null;
  readonly saidEpochMs: number;
}

export function feedbackKey(userId: string, fingerprint: string): TableKey {
  return { pk: userPk(userId), sk: `${skPrefix}${fingerprint}` };
}

/** The last word counts. Safe to repeat. @throws {StorageError} `TABLE_UNREACHABLE` when every answer got lost; and as `Table.put` */
export async function putFeedback(
  table: Table,
  userId: string,
  { fingerprint, verdict, untilDate, saidEpochMs }: InsightFeedback,
  within: Pick<CallOptions, 'deadline'>,
): Promise<void> {
  const item = { ...feedbackKey(userId, fingerprint), verdict, saidEpochMs, ...(untilDate !== null && { untilDate }) };
  await putUntilKnown(table, item, undefined, within);
}

/** @throws {StorageError} as `Table.query` */
export async function readFeedback(
  table: Table,
  userId: string,
  options: CallOptions,
): Promise<readonly InsightFeedback[]> {
  const items = await table.query({ pk: userPk(userId), fromSk: skPrefix, toSk: afterFeedback }, options);
  return items.flatMap((item) => parseFeedback(item) ?? []);
}

/** @returns `undefined` for an item that is none */
export function parseFeedback({ sk, ...item }: TableItem): InsightFeedback | undefined {
  if (!sk.startsWith(skPrefix)) return undefined;
  const fingerprint = sk.slice(skPrefix.length);
  const { verdict, untilDate = null, saidEpochMs } = item;
  const isSound = fingerprintPattern.test(fingerprint) && typeof saidEpochMs === 'number';
  if (!isSound || !isVerdict(verdict) || (untilDate !== null && typeof untilDate !== 'string')) return undefined;
  return { fingerprint, verdict, untilDate, saidEpochMs };
}

function isVerdict(value: unknown): value is FeedbackVerdict {
  return (verdicts as readonly unknown[]).includes(value);
}
