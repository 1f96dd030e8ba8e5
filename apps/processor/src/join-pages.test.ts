import type { CanonicalPage, Transaction } from '@quartersec/validation';
import { describe, expect, it } from 'vitest';
import { joinPages } from './join-pages.ts';
import type { StagedPage } from './pipeline-run.ts';

const record = (transactionId: string, supersedes: string | null = null) =>
  ({ transactionId, supersedes }) as Transaction;
const records = (count: number, name: string) => Array.from({ length: count }, (_, at) => record(`${name}-${at}`));
const account = (accountId: string, name: string) => ({ accountId, name }) as CanonicalPage['accounts'][number];

let pages = 0;
function staged(canonical: Partial<CanonicalPage>, page: Partial<StagedPage['page']> = {}): StagedPage {
  pages += 1;
  const lists = { added: [], modified: [], removed: [], accounts: [], quarantined: [] };
  return {
    page: {
      wire: undefined,
      nextCursor: `behind-${pages}`,
      hasMore: true,
      history: 'unknown',
      requestId: null,
      unknownFields: 1,
      unknownEnums: 0,
      ...page,
    },
    canonical: { ...lists, ...canonical },
    position: { loopId: 'L', kind: 'delta', cursor: `at-${pages}`, pages, startedEpochMs: 0 },
  };
}

describe('pages of one read', () => {
  it('become one, from where the first began to where the last ends', () => {
    const first = staged({ accounts: [account('a', 'old'), account('b', 'b')] }, { history: 'complete' });
    const second = staged({ accounts: [account('a', 'new')], covers: [{ accountId: 'a', fromDate: '2026-01-01' }] });
    const third = staged(
      { added: [record('t')], covers: [{ accountId: 'b', fromDate: '2026-01-02' }] },
      { hasMore: false },
    );
    expect(joinPages([first, second, third])).toEqual([
      {
        page: { ...third.page, history: 'complete', unknownFields: 3 },
        canonical: {
          ...third.canonical,
          accounts: [account('a', 'new'), account('b', 'b')],
          covers: [
            { accountId: 'a', fromDate: '2026-01-01' },
            { accountId: 'b', fromDate: '2026-01-02' },
          ],
        },
        position: first.position,
      },
    ]);
  });

  it('end at their own cursor where the last leads no further', () => {
    const last = staged({}, { nextCursor: null, hasMore: false });
    expect(joinPages([staged({}), last])).toMatchObject([{ page: { nextCursor: last.position.cursor } }]);
  });

  it.each<[string, Partial<CanonicalPage>, Partial<CanonicalPage>]>([
    ['withdrawn and listed again', { removed: ['t'] }, { added: [record('t')] }],
    ['listed and withdrawn', { added: [record('t')] }, { removed: ['t'] }],
    ['replaced and listed again', { added: [record('u', 't')] }, { modified: [record('t')] }],
  ])('stay apart where one record is in both: %s', (_, first, second) => {
    expect(joinPages([staged(first), staged(second)])).toHaveLength(2);
  });

  it('stay apart where together they are more than a page', () => {
    const long = [staged({ added: records(300, 'a') }), staged({ added: records(300, 'b') }), staged({})];
    expect(joinPages(long).map(({ canonical }) => canonical.added.length)).toEqual([300, 300]);
  });

  it('stay one that is larger than what is joined', () => {
    const [one] = [staged({ added: records(900, 'a') })];
    expect(joinPages([one])).toEqual([one]);
  });
});
