/** What a client may ask, checked as Plaid documents it. */
import type { PlaidErrorCode } from './error-body.ts';
import type { SyncRequest } from './plaid-bank.ts';

export interface RequestFault {
  readonly code: PlaidErrorCode;
  readonly message: string;
}

const invalid = (message: string): RequestFault => ({ code: 'INVALID_FIELD', message });

/** @returns `undefined` when they are no object */
function readOptions(fields: Record<string, unknown>): Record<string, unknown> | undefined {
  const { options = {} } = fields;
  if (options === null) return {};
  if (typeof options !== 'object' || Array.isArray(options)) return undefined;
  return options as Record<string, unknown>;
}

const isWhole = (value: unknown, from: number, to: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to;

/** @param accountIds of the connection, by account */
export function readSyncRequest(
  fields: Record<string, unknown>,
  accountIds: readonly string[],
): SyncRequest | RequestFault {
  const { cursor = null, count = 100 } = fields;
  if (cursor !== null && typeof cursor !== 'string') return invalid('cursor must be a string');
  if (cursor !== null && cursor.length > 256) return invalid('cursor must be at most 256 characters');
  if (!isWhole(count, 1, 500)) return invalid('count must be a whole number from 1 to 500');
  const options = readOptions(fields);
  if (options === undefined) return invalid('options must be an object');
  const {
    account_id: accountId = null,
    days_requested: days,
    include_original_description: describe = false,
  } = options;
  if (days !== undefined && days !== null && !isWhole(days, 1, 730))
    return invalid('options.days_requested must be a whole number from 1 to 730');
  if (describe !== null && typeof describe !== 'boolean')
    return invalid('options.include_original_description must be a boolean');
  const account = accountId === null ? null : accountIds.indexOf(String(accountId));
  if (account === -1)
    return { code: 'INVALID_ACCOUNT_ID', message: 'options.account_id is not an account of this item' };
  return {
    cursor,
    count,
    account,
    withDescription: describe === true,
    ...(typeof days === 'number' ? { daysRequested: days } : {}),
  };
}

/** @param open the accounts of the list. @returns ids of those asked for */
export function readAccountFilter(
  fields: Record<string, unknown>,
  open: readonly (readonly [id: string, json: string])[],
): string[] | RequestFault {
  const options = readOptions(fields);
  if (options === undefined) return invalid('options must be an object');
  const { account_ids: wanted } = options;
  const ids = open.map(([id]) => id);
  if (wanted === undefined || wanted === null) return ids;
  if (!Array.isArray(wanted)) return invalid('options.account_ids must be an array');
  if (!wanted.every((id) => ids.includes(String(id)))) {
    return { code: 'INVALID_ACCOUNT_ID', message: 'options.account_ids names an account that is not of this item' };
  }
  return wanted.map(String);
}
