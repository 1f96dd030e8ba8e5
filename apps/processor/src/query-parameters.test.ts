import { describe, expect, it } from 'vitest';
import { encodeCursor } from './page-cursor.ts';
import { askForNothing, askForPage } from './query-parameters.ts';

const ask = (parameters: Record<string, string>) => askForPage(new URLSearchParams(parameters).toString(), parameters);

describe('the parameters of a page', () => {
  it('are none, for the newest 50', () => {
    expect(ask({})).toEqual({ page: { limit: 50 } });
    expect(askForPage('')).toEqual({ page: { limit: 50 } });
  });

  it('are the size, the place, and what to leave out', () => {
    const after = { version: 3, date: '2026-01-02', transactionId: 'a' };
    const all = { limit: '500', cursor: encodeCursor(after), account: 'acc-1', from: '2026-01-01', to: '2026-01-01' };
    expect(ask({ ...all, status: 'PDNG' })).toEqual({
      page: { limit: 500, after, accountId: 'acc-1', fromDate: '2026-01-01', toDate: '2026-01-01', status: 'PDNG' },
    });
  });

  it.each([
    [{ limit: '0' }, 'LIMIT_INVALID', 'from 1 to 500'],
    [{ limit: '501' }, 'LIMIT_INVALID', 'from 1 to 500'],
    [{ limit: '' }, 'LIMIT_INVALID', 'from 1 to 500'],
    [{ limit: '10,20' }, 'LIMIT_INVALID', 'from 1 to 500'],
    [{ cursor: '' }, 'CURSOR_INVALID', 'nextCursor'],
    [{ cursor: 'next' }, 'CURSOR_INVALID', 'nextCursor'],
    [{ account: 'a b' }, 'ACCOUNT_INVALID', '/connections/{id}/accounts'],
    [{ account: '' }, 'ACCOUNT_INVALID', '/connections/{id}/accounts'],
    [{ from: '2026-1-1' }, 'DATE_INVALID', 'from must be'],
    [{ to: '2026-02-30' }, 'DATE_INVALID', 'to must be'],
    [{ from: '2026-01-02', to: '2026-01-01' }, 'DATE_INVALID', 'after'],
    [{ status: 'booked' }, 'STATUS_INVALID', 'BOOK, PDNG'],
    [{ acount: 'a' }, 'PARAMETER_UNKNOWN', 'limit, cursor, account, from, to, status'],
    [{ account: 'a'.repeat(2_000) }, 'QUERY_TOO_LONG', '1024'],
  ] as const)('%j is refused', (parameters, code, remedy) => {
    expect(ask(parameters)).toEqual({ refused: { code, remedy: expect.stringContaining(remedy) } });
  });
});

describe('a route without parameters', () => {
  it('refuses all of them', () => {
    expect(askForNothing('')).toEqual({});
    expect(askForNothing('limit=1', { limit: '1' })).toMatchObject({ refused: { code: 'PARAMETER_UNKNOWN' } });
  });
});
