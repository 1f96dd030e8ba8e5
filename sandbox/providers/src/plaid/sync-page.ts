/** One page of /transactions/sync: its records are JSON text already. */

export type PageList = 'accounts' | 'added' | 'modified' | 'removed';

export interface SyncPage {
  readonly accounts: readonly string[];
  readonly added: readonly string[];
  readonly modified: readonly string[];
  readonly removed: readonly string[];
  readonly nextCursor: string;
  readonly hasMore: boolean;
  readonly requestId: string;
  readonly updateStatus: string;
  /** Lists that are `null` where they would be empty. */
  readonly nullLists?: readonly PageList[];
  /** A member that is left out. */
  readonly missing?: string;
  /** More members of the page, as JSON text that begins with a comma. */
  readonly extraMembers?: string;
}

export function syncPageJson(page: SyncPage): string {
  if (page.nullLists !== undefined || page.missing !== undefined) return brokenPageJson(page);
  return (
    `{"accounts":[${page.accounts.join(',')}],"added":[${page.added.join(',')}],"modified":[${page.modified.join(',')}],` +
    `"removed":[${page.removed.join(',')}],"next_cursor":"${page.nextCursor}","has_more":${page.hasMore},` +
    `"request_id":"${page.requestId}","transactions_update_status":"${page.updateStatus}"${page.extraMembers ?? ''}}`
  );
}

function brokenPageJson(page: SyncPage): string {
  const { nullLists = [], missing } = page;
  const list = (name: PageList): [string, string] => [
    name,
    page[name].length === 0 && nullLists.includes(name) ? 'null' : `[${page[name].join(',')}]`,
  ];
  const members: readonly [name: string, json: string][] = [
    list('accounts'),
    list('added'),
    list('modified'),
    list('removed'),
    ['next_cursor', `"${page.nextCursor}"`],
    ['has_more', String(page.hasMore)],
    ['request_id', `"${page.requestId}"`],
    ['transactions_update_status', `"${page.updateStatus}"`],
  ];
  const kept = members.filter(([name]) => name !== missing).map(([name, json]) => `"${name}":${json}`);
  return `{${kept.join(',')}${page.extraMembers ?? ''}}`;
}
