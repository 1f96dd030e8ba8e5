/** What users do through the API, as an app would: an answer that does not come is asked for again. */
import assert from 'node:assert/strict';
import { StorageError } from '@quartersec/storage';
import { indexOfItem } from './index-of-item.ts';
import type { User } from './user.ts';
import type { Answer, World } from './world.ts';

const repeatsMost = 4;

/** The app asks again after no answer and after a failure that may pass. */
async function askAgain(
  world: World,
  ask: () => Promise<Answer>,
  isOpen: (answer: Answer) => boolean = ({ status }) => status === 0 || status >= 500,
): Promise<Answer> {
  for (let repeats = 0; ; repeats += 1) {
    const answer = await ask();
    if (!isOpen(answer) || repeats === repeatsMost) return answer;
    await world.time.wait(1_000);
  }
}

/** A person at the pages of Link. @returns the public token, `undefined` where there is none */
function atTheBank({ at }: World, linkToken: string, username: string): string | undefined {
  const keys = { client_id: 'client-sandbox', secret: 'secret-sandbox' };
  const body = JSON.stringify({ ...keys, link_token: linkToken, username });
  const answer = at.simulator.answer('POST', '/sandbox/link/finish', {}, body);
  return answer.status === 200 ? JSON.parse(answer.body).public_token : undefined;
}

/** @returns whether it is settled */
export async function exchange(world: World, user: User, publicToken: string): Promise<boolean> {
  const isOpen = ({ status, body }: Answer) => status === 0 || status >= 500 || body.code === 'EXCHANGE_UNSETTLED';
  user.linking.add(publicToken);
  const answer = await askAgain(world, () => world.ask(user.id, 'POST', '/v1/connections', { publicToken }), isOpen);
  if (answer.status === 200 || answer.status === 201) {
    const { how, connection } = answer.body;
    if (how === 'existing' || how === 'relinked') world.trace.saw(58);
    user.connections.add(connection.connectionId);
  }
  if (answer.status === 0 || answer.status >= 500) return false;
  // Nobody can say any more what became of that exchange: the user links anew.
  user.linking.delete(publicToken);
  return true;
}

export async function link(world: World, user: User, isTwiceAtOnce: boolean): Promise<void> {
  const session = await askAgain(world, () => world.ask(user.id, 'POST', '/v1/link-tokens', {}));
  if (session.status !== 201) return;
  const publicToken = atTheBank(world, session.body.linkToken, `${user.id}-bank-${world.dice.roll(2)}`);
  if (publicToken === undefined) return; // no connection is left at the bank
  const twin = isTwiceAtOnce ? world.ask(user.id, 'POST', '/v1/connections', { publicToken }) : undefined;
  const [isSettled, other] = await Promise.all([exchange(world, user, publicToken), twin]);
  if (isTwiceAtOnce) world.trace.saw(25);
  if (other !== undefined && (other.status === 200 || other.status === 201))
    user.connections.add(other.body.connection.connectionId);
  if (!isSettled) return;
  const again = await world.ask(user.id, 'POST', '/v1/connections', { publicToken });
  if (again.status === 200)
    assert(user.connections.has(again.body.connection.connectionId), 'a repeated link is another one');
  assert.notEqual(again.status, 201, 'a link is made twice');
}

/** @returns whether it is gone, by the API's word */
export async function remove(world: World, user: User, connectionId: string): Promise<boolean> {
  user.removing.add(connectionId);
  const answer = await askAgain(world, () => world.ask(user.id, 'DELETE', `/v1/connections/${connectionId}`));
  if (answer.status !== 204) return false;
  user.removing.delete(connectionId);
  user.connections.delete(connectionId);
  user.removed.add(connectionId);
  if (user.connections.size === 0) user.dismissed.clear();
  return true;
}

/** The login has ended; the user mends it in update mode, and asks. */
export async function mendLogin(world: World, user: User, connectionId: string): Promise<void> {
  const session = await askAgain(world, () => world.ask(user.id, 'POST', '/v1/link-tokens', { connectionId }));
  if (session.status !== 201) return;
  if (atTheBank(world, session.body.linkToken, user.id) === undefined) return;
  const asked = await askAgain(world, () => world.ask(user.id, 'POST', `/v1/connections/${connectionId}/refresh`));
  if (asked.status === 202) world.trace.saw(64);
}

export async function readFeed(
  world: World,
  user: User,
  pages: number,
  limit = 1 + world.dice.roll(40),
): Promise<void> {
  const { feed } = user;
  for (let page = 0; page < pages; page += 1) {
    const after = feed.cursor === undefined ? '' : `&after=${encodeURIComponent(feed.cursor)}`;
    const { status, body } = await world.ask(user.id, 'GET', `/v1/changes?limit=${limit}${after}`);
    if (status !== 200) continue;
    assertOwn(world, user, body.changes);
    feed.take(body);
    if (!body.more) return;
  }
}

/** No user ever sees anything of another one. */
export function assertOwn(world: World, user: User, said: unknown): void {
  const text = JSON.stringify(said);
  for (const other of world.people) {
    if (other === user) continue;
    for (const id of [...other.connections, ...other.removed])
      assert(!text.includes(id), `${user.id} is told of ${id}, which is ${other.id}'s`);
  }
}

export async function dismiss(world: World, user: User): Promise<void> {
  const { status, body } = await world.ask(user.id, 'GET', '/v1/insights');
  if (status !== 200) return;
  assertOwn(world, user, body);
  for (const { fingerprint } of body.insights)
    assert(!user.dismissed.has(fingerprint), `${user.id} is told of a dismissed insight again`);
  const insight = body.insights[world.dice.roll(Math.max(1, body.insights.length))];
  if (insight === undefined) return;
  const said = await askAgain(world, () =>
    world.ask(user.id, 'POST', `/v1/insights/${insight.fingerprint}/feedback`, { verdict: 'dismissed' }),
  );
  if (said.status !== 204) return;
  user.dismissed.add(insight.fingerprint);
  world.trace.saw(93);
}

/** The connection at the bank behind a user's own; `undefined` for one that is not there (any more). */
export async function indexOf(world: World, connectionId: string): Promise<number | undefined> {
  const isBeingRemoved = world.people.some(({ removing }) => removing.has(connectionId));
  try {
    const head = await world.journal.readHead(connectionId, { deadline: world.deadline(), fresh: true });
    return head && indexOfItem(head);
  } catch (error) {
    if (isBeingRemoved && error instanceof StorageError && error.code === 'ENTRY_CORRUPT') return undefined; // half erased
    throw error;
  }
}
