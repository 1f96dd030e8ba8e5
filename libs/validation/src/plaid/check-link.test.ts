import { describe, expect, it } from 'vitest';
import { checkExchange, checkItem, checkLinkToken } from './check-link.ts';

describe('the answers of linking', () => {
  it('are taken with members that are new', () => {
    expect(checkLinkToken({ link_token: 'link-1', expiration: '2026-01-01T00:00:00Z', more: 1 }).ok).toBe(true);
    expect(checkExchange({ access_token: 'access-1', item_id: 'item-1', request_id: 'r' }).ok).toBe(true);
    const item = { item_id: 'item-1', institution_id: null, consent_expiration_time: null, products: [] };
    expect(checkItem({ item, status: {} }).ok).toBe(true);
  });

  it.each([
    [checkLinkToken, { expiration: '2026-01-01T00:00:00Z' }, 'link_token'],
    [checkExchange, { access_token: 'access-1', item_id: 7 }, 'item_id'],
    [checkItem, { item: { item_id: 'item-1', institution_id: 5 } }, 'institution_id'],
  ])('are refused by the member that is wrong', (check, value, member) => {
    const checked = check(value);
    expect(checked.ok ? '' : checked.issue.path).toContain(member);
  });
});
