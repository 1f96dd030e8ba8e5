/** One page of /transactions/sync: its records are JSON text already. */

export interface SyncPage {
  readonly accounts: readonly string[];
  readonly added: readonly string[];
  readonly modified: readonly string[];
  readonly removed: readonly string[];
  readonly nextCursor: string;
  readonly hasMore: boolean;
  readonly requestId: string;
  readonly updateStatus: string;
  /** More members of the page, as JSON text that begins with a comma. */
  readonly extraMembers?: string;
}

export const syncPageJson = (page: SyncPage): string =>
  `{"accounts":[${page.accounts.join(',')}],"added":[${page.added.join(',')}],"modified":[${page.modified.join(',')}],` +
  `"removed":[${page.removed.join(',')}],"next_cursor":"${page.nextCursor}","has_more":${page.hasMore},` +
  `"request_id":"${page.requestId}","transactions_update_status":"${page.updateStatus}"${page.extraMembers ?? ''}}`;
