import { expect, it } from 'vitest';
import { connectionRow, connectionsAnswer } from '../../test/connections-answer.ts';
import { connectionsOf } from '../board/connections.ts';
import { sandboxUsers, userToShow } from './sandbox-users.ts';
import { userShell } from './user-shell.ts';

const users = sandboxUsers(
  connectionsOf(
    connectionsAnswer({
      rows: [
        connectionRow('a', { userId: 'user-0' }),
        connectionRow('b', { userId: 'bert', byHand: true }),
        connectionRow('c', { userId: 'user-0' }),
        connectionRow('d', { userId: '' }),
      ],
    }),
  ),
);

it('are listed once each, those who linked a bank first', () => {
  expect(users).toEqual([
    { userId: 'bert', byHand: true },
    { userId: 'user-0', byHand: false },
  ]);
  expect(sandboxUsers(undefined)).toEqual([]);
});

it('one of them is shown, or who is asked for', () => {
  expect(userToShow(null, users)).toBe('bert');
  expect(userToShow('carla', users)).toBe('carla');
  expect(userToShow('<b>', users)).toBe('bert');
  expect(userToShow('', [])).toBe('demo');
});

it('stand in the page as text, and so does who is not among them', () => {
  const html = userShell('carla', [{ userId: '"><script>', byHand: false }]);
  expect(html).toContain('<option value="carla" selected>carla</option><option value="&quot;&gt;&lt;script&gt;">');
  expect(html).toContain('data-user="carla"');
  expect(html).not.toContain('"><script>');
  expect(userShell('bert', users).match(/<option/g)).toHaveLength(2);
});
