import { describe, expect, it } from 'vitest';
import { connectionRow, connectionsAnswer } from '../../test/connections-answer.ts';
import { connectionsOf } from './connections.ts';

const lineOf = (more: object) => connectionsOf(connectionsAnswer({ rows: [connectionRow('a', more)] }))?.rows[0];

describe('connectionsOf', () => {
  it('says how many are in which state, those that work first, and nothing of states that nobody has', () => {
    const byStatus = { revoked: 1, 'login-required': 3, active: 1_204, waiting: 1, 'consent-expired': 0 };
    expect(connectionsOf(connectionsAnswer({ linked: 1_209, byStatus }))?.counts).toEqual([
      { status: 'active', count: 1_204, tone: 'good', text: '1,204 active' },
      { status: 'waiting', count: 1, tone: 'still', text: '1 waits for its next try' },
      { status: 'login-required', count: 3, tone: 'user', text: '3 need a login' },
      { status: 'revoked', count: 1, tone: 'ended', text: '1 revoked' },
    ]);
  });

  it.each([
    [{ linked: 30, fresh: 30 }, ['30 of 30 read within the last 26 h']],
    [{ linked: 30, fresh: 27, neverRead: 1 }, ['27 of 30 read within the last 26 h, 2 longer ago, 1 not read yet']],
    [
      { linked: 1_000, fresh: 127, unseen: 872, unreadable: 1 },
      [
        '127 of 1,000 read within the last 26 h',
        '872 not looked at yet',
        'stored data of 1 connection do not verify: npm run audit',
      ],
    ],
    [{ linked: 0 }, []],
  ])('says how fresh they are: %j', (facts, says) => {
    expect(connectionsOf(connectionsAnswer(facts))?.says).toEqual(says);
  });

  it.each([
    ['active', 'none', 'Active', 'good', null],
    ['waiting', 'none', 'Waiting', 'still', null],
    ['login-required', 'update-mode', 'Login required', 'user', 'Log in at the bank again'],
    ['consent-required', 're-consent', 'Consent required', 'user', 'Give consent at the bank again'],
    ['consent-expired', 're-consent', 'Consent expired', 'user', 'Give consent at the bank again'],
    ['relink-required', 'relink', 'Relink required', 'user', 'Link the bank anew'],
    ['revoked', 'relink', 'Revoked', 'ended', 'Link the bank anew'],
    ['toString', 'toString', 'toString', 'still', null],
  ])('has words for %s, and for what its user has to do', (status, userAction, stateText, tone, todo) => {
    expect(lineOf({ status, userAction })).toMatchObject({ status, stateText, tone, todo });
  });

  it('does not praise what works and is stale, or was never read', () => {
    const { readEpochMs } = connectionsAnswer();
    const at = (agoMs: number) => lineOf({ syncedEpochMs: readEpochMs - agoMs });
    expect(at(93_600_000)).toMatchObject({ tone: 'good', stateText: 'Active' });
    expect(at(93_600_001)).toMatchObject({ tone: 'stale', stateText: 'Active, but stale' });
    expect(lineOf({ syncedEpochMs: null, history: 'none' })).toMatchObject({ tone: 'still', history: 'none yet' });
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a list', []],
    ['an error', { error: 'x' }],
    ['no rows', { ...connectionsAnswer(), rows: null }],
    ['no statuses', { ...connectionsAnswer(), byStatus: null }],
    ['a time that is none', { ...connectionsAnswer(), readEpochMs: 1e16 }],
  ])('takes %s for no answer', (_, answer) => {
    expect(connectionsOf(answer)).toBeUndefined();
  });

  it('passes over rows that are none, and keeps what it is given to a size', () => {
    const rows = [null, 7, {}, connectionRow('x'.repeat(5_000)), connectionRow('b', { accounts: -1, userId: 7 })];
    const lines = connectionsOf(connectionsAnswer({ rows }))?.rows;
    expect(lines?.map(({ connectionId }) => connectionId)).toEqual(['x'.repeat(100), 'b']);
    expect(lines?.[1]).toMatchObject({ accounts: 0, userId: '' });
    expect(lineOf({ syncedEpochMs: 8.7e15 })).toMatchObject({ syncedEpochMs: null });
    const many = Array.from({ length: 500 }, (_, index) => connectionRow(`conn-${index}`));
    expect(connectionsOf(connectionsAnswer({ rows: many }))?.rows).toHaveLength(20);
    expect(connectionsOf(connectionsAnswer({ byStatus: { active: 'many' }, fresh: -1 }))).toMatchObject({
      counts: [],
      says: ['0 of 1 read within the last 26 h, 1 longer ago'],
    });
  });
});
