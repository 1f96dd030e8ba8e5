/** From the bytes of a `/transactions/sync` answer to a page of known shape. Pure. */
import {
  type Checked,
  type DocumentShape,
  issueUnder,
  jsonTypeOf,
  parseDocument,
  type QuarantinedRecord,
  type RecordKind,
  redactRecord,
  stringifyExact,
  ValidationError,
  type ValidationIssue,
} from '@quartersec/validation';
import {
  accountRecord,
  checkRemoved,
  checkSyncEnvelope,
  countAccountNews,
  countEnvelopeNews,
  countRemovedNews,
  countTransactionNews,
  type News,
  type PlaidAccount,
  type PlaidRemovedTransaction,
  type PlaidSyncEnvelope,
  type PlaidTransaction,
  plaidRedactionPolicy,
  transactionRecord,
} from '@quartersec/validation/plaid';
import type { RawPage, ValidPage } from '../connector.ts';
import { ProviderError } from '../provider-error.ts';
import { safeRequestId } from '../safe-identifier.ts';

/** Records in the provider's order; `null` where one was refused, so that an index is still its place in the page. */
export interface PlaidSyncPage {
  readonly added: readonly (PlaidTransaction | null)[];
  readonly modified: readonly (PlaidTransaction | null)[];
  readonly removed: readonly (PlaidRemovedTransaction | null)[];
  readonly accounts: readonly (PlaidAccount | null)[];
  readonly refused: readonly QuarantinedRecord[];
  /** What was left out of records of the page: only records of which something was. */
  readonly dropped: ReadonlyMap<PlaidTransaction | PlaidAccount, readonly ValidationIssue[]>;
}

/**
 * A page that is not one fails as a whole; a record that is not one is set aside and costs only itself; a member that
 * nothing depends on is left out and costs only itself.
 * @throws {ProviderError} `BODY_UNREADABLE` for what is not JSON, `PAGE_INVALID` for another shape of the page itself
 */
export function validatePlaidPage(raw: RawPage): ValidPage<PlaidSyncPage> {
  const envelope = readEnvelope(raw);
  const news: News = { unknownFields: 0, unknownEnums: 0 };
  countEnvelopeNews(envelope, news);
  const refused: QuarantinedRecord[] = [];
  const dropped = new Map<PlaidTransaction | PlaidAccount, readonly ValidationIssue[]>();

  function checkAll<T>(
    list: 'added' | 'modified' | 'removed' | 'accounts',
    check: (record: unknown) => Checked<T>,
    count: (record: T, news: News) => void,
  ): (T | null)[] {
    return (envelope[list] ?? []).map((record, index) => {
      const checked = check(record);
      if (checked.ok) {
        count(checked.value, news);
        return checked.value;
      }
      const issue = issueUnder(`$input.${list}[${index}]`, checked.issue);
      const redacted = redactRecord(record, plaidRedactionPolicy);
      const original = list === 'added' || list === 'modified' ? { original: stringifyExact(record) } : {};
      refused.push({ ...issue, reason: 'SCHEMA', redacted, ...original });
      return null;
    });
  }

  /** Notes what was left out of a record. */
  function noting<T extends PlaidTransaction | PlaidAccount>({ read }: RecordKind<T>): (record: unknown) => Checked<T> {
    return (record) => {
      const sound = read(record);
      if (sound.ok && sound.dropped.length + sound.missing > 0) {
        if (sound.dropped.length > 0) dropped.set(sound.value, sound.dropped);
        news.unknownFields += sound.dropped.length + sound.missing;
      }
      return sound;
    };
  }

  const checkedTransaction = noting(transactionRecord);
  const accounts = checkAll('accounts', noting(accountRecord), countAccountNews);
  const added = checkAll('added', checkedTransaction, countTransactionNews);
  const modified = checkAll('modified', checkedTransaction, countTransactionNews);
  const removed = checkAll('removed', checkRemoved, countRemovedNews);
  return {
    wire: { added, modified, removed, accounts, refused, dropped },
    nextCursor: envelope.next_cursor === '' ? null : envelope.next_cursor,
    hasMore: envelope.has_more,
    history: historyOf(envelope.transactions_update_status),
    requestId: safeRequestId(envelope.request_id) ?? raw.requestId,
    ...news,
  };
}

function historyOf(status: unknown): ValidPage<PlaidSyncPage>['history'] {
  switch (status) {
    case 'NOT_READY':
      return 'not-ready';
    case 'INITIAL_UPDATE_COMPLETE':
      return 'recent';
    case 'HISTORICAL_UPDATE_COMPLETE':
      return 'complete';
    default:
      return 'unknown';
  }
}

function readEnvelope(raw: RawPage): PlaidSyncEnvelope {
  const body = readBody(raw);
  const checked = checkSyncEnvelope(body);
  if (!checked.ok) throw invalid(body, raw, checked.issue);
  // A list that did not come is empty, unless its name came and cannot be read.
  const absent = lists.find((list) => checked.value[list] === undefined);
  if (absent !== undefined && !Object.keys(checked.value).every((name) => name.isWellFormed())) {
    throw invalid(body, raw, { path: `$input.${absent}`, expected: 'array', received: 'damaged' });
  }
  // A cursor goes back to the provider, and through UTF-8 a lone surrogate would come back as another text.
  if (checked.value.next_cursor.isWellFormed()) return checked.value;
  throw invalid(body, raw, { path: '$input.next_cursor', expected: 'well-formed Unicode', received: 'string' });
}

function readBody(raw: RawPage): unknown {
  try {
    return parseDocument(raw.text, syncPageShape);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    throw new ProviderError(
      'BODY_UNREADABLE',
      { provider: 'plaid', detail: error.message, ...(raw.requestId !== null && { requestId: raw.requestId }) },
      { cause: error },
    );
  }
}

function invalid(body: unknown, raw: RawPage, issue: ValidationIssue): ProviderError {
  const requestId = requestIdOf(body) ?? raw.requestId;
  const detail = `${issue.path}: expected ${issue.expected}, received ${issue.received}`;
  return new ProviderError('PAGE_INVALID', { provider: 'plaid', detail, ...(requestId !== null && { requestId }) });
}

const lists = ['added', 'modified', 'removed', 'accounts'] as const;

/** Where a damaged byte costs its record: each record of these lists has an id, and nothing inside one does. */
const syncPageShape: DocumentShape = {
  lists,
  members: [...lists, 'next_cursor', 'has_more', 'request_id', 'transactions_update_status'],
  recordMembers: ['transaction_id', 'account_id'],
};

/** A body that is no page may still say which call it answers. */
function requestIdOf(body: unknown): string | undefined {
  if (jsonTypeOf(body) !== 'object') return undefined;
  return safeRequestId((body as { readonly request_id?: unknown }).request_id);
}
