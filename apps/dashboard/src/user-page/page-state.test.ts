import { describe, expect, it } from 'vitest';
import { account, connection, userData } from '../../test/user-answers.ts';
import { noticesOf, pageState } from './page-state.ts';

const bare = { accounts: [], forecasts: [] };
const corrupt = { connectionId: 'conn-b', code: 'ENTRY_CORRUPT' };
const login = { userAction: 'update-mode', status: 'login-required' };

describe('the page', () => {
  it.each([
    ['empty', { ...bare, connections: [] }],
    ['waiting', { ...bare, connections: [], unreadable: [corrupt] }],
    ['reading', { ...bare, connections: [connection({ history: 'none' })] }],
    ['reading', { ...bare, connections: [connection({ history: 'none' }), connection(login)] }],
    ['waiting', { ...bare, connections: [connection(login)] }],
    ['reading', { accounts: [account('1', { state: 'closed' })] }],
    ['ready', {}],
    ['ready', { connections: [connection(login)] }],
  ] as const)('is %s with %j', (state, more) => {
    expect(pageState(userData(more))).toBe(state);
  });
});

describe('notices', () => {
  it('are none while all is well', () => {
    expect(noticesOf(userData())).toEqual([]);
  });

  it('say what the user has to do first, then what cannot be relied on', () => {
    const connections = [
      connection({ history: 'none' }),
      connection({ history: 'recent', institutionId: 'ins_2' }),
      connection(login),
      connection({ userAction: 're-consent' }),
      connection({ userAction: 'relink' }),
      connection({ userAction: 'constructor' }),
    ];
    expect(noticesOf(userData({ connections, unreadable: [corrupt] }))).toEqual([
      {
        tone: 'user',
        text: 'The bank ins_1 asks you to log in again: until then nothing new comes from it (npm run link -- --connection conn-a).',
      },
      {
        tone: 'user',
        text: 'The bank ins_1 asks for your consent again: until then nothing new comes from it (npm run link -- --connection conn-a).',
      },
      {
        tone: 'user',
        text: 'The bank ins_1 has to be linked anew: until then nothing new comes from it (npm run link).',
      },
      {
        tone: 'user',
        text: 'The bank ins_1 needs you: until then nothing new comes from it (npm run link -- --connection conn-a).',
      },
      { tone: 'broken', text: 'conn-b is left out: its stored data do not verify (ENTRY_CORRUPT).' },
      { tone: 'still', text: 'The first data of ins_1 are being read.' },
      { tone: 'still', text: 'Of ins_2 only the last weeks are there yet; the rest is being read.' },
    ]);
  });
});
