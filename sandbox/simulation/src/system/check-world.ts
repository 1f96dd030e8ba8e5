/** What must hold once a history has come to rest: the invariants of FAULTS.md, and what each user reads against what their banks hold. */
import assert from 'node:assert/strict';
import { packDerived, readDerived, readWhole } from '@quartersec/processor/insights';
import { auditTable, foldTransactions, type Head, type JournalEntry, readEntries } from '@quartersec/storage';
import { type FullRead, readAfter } from '../bank/bank-reads.ts';
import { differences } from '../bank/compare-with-bank.ts';
import { heldLines, lineDifferences, ofStandard, standingLines } from '../bank/held-lines.ts';
import { canonical } from './canonical.ts';
import { indexOfItem } from './index-of-item.ts';
import type { User } from './user.ts';
import { assertOwn } from './user-acts.ts';
import type { World } from './world.ts';

export async function checkWorld(world: World): Promise<void> {
  const { deadline, memory, queue } = world;
  const { findings } = await auditTable(memory, { deadline: deadline() });
  assert.deepEqual(findings, [], 'I3: the audit');
  assert.equal(queue.size, 0, 'I4: messages are left');
  checkDead(world);
  checkLines(world);
  for (const user of world.people) await checkUser(world, user);
  await checkRemoved(world);
}

/** I4: at rest only what nothing can be done with has ended there. */
function checkDead({ queue, people }: World): void {
  const removed = new Set(people.flatMap((user) => [...user.removed]));
  for (const { body } of queue.dead) {
    const { connectionId } = JSON.parse(body) as { readonly connectionId?: string };
    assert(
      connectionId !== undefined && removed.has(connectionId),
      `I4: a dead letter that could be processed: ${body}`,
    );
  }
}

/** I6, and that no defect of ours was met on the way. */
function checkLines({ at, logged }: World): void {
  const names = new Set(
    Array.from({ length: 12 }, (_, index) => at.bank.holds(index)).flatMap(({ transactions }) =>
      Object.values(transactions).flatMap(({ name }) => (typeof name === 'string' && name.length > 5 ? [name] : [])),
    ),
  );
  const text = logged.join('\n');
  for (const secret of ['access-sandbox-', 'public-sandbox-', 'obuk-sandbox-', 'berlin-sandbox-', 'sealed<', ...names])
    assert(!text.includes(secret), `I6: a log line has ${secret}`);
  assert.deepEqual(
    logged.filter((line) => line.includes('UNEXPECTED')),
    [],
    'a defect of ours',
  );
}

interface Stored {
  readonly head: Head;
  readonly entries: readonly JournalEntry[];
}

async function storedOf({ deadline, journal, memory }: World, connectionId: string): Promise<Stored> {
  const head = await journal.readHead(connectionId, { deadline: deadline(), fresh: true });
  assert(head !== undefined, `${connectionId} is gone`);
  const range = { fromVersion: 1, toVersion: head.version };
  return { head, entries: await readEntries(memory, connectionId, range, { deadline: deadline() }) };
}

const openOf = (accounts: readonly { readonly id: string; readonly state: string }[]) =>
  accounts.flatMap(({ id, state }) => (state === 'open' ? [id] : [])).sort();

/** I1 and I2. */
function checkBank(world: World, { head, entries }: Stored): void {
  const { at, banks } = world;
  const index = indexOfItem(head);
  assert(index !== undefined, `${head.connectionId} has no bank`);
  assert.equal(head.status, 'active', `${head.connectionId} does not work`);
  assert.notEqual(head.lastSync, null, `${head.connectionId} was never read to the end`);
  const holding = at.bank.holds(index);
  if (head.provider === 'plaid') {
    const seen = { changes: banks.changes, fullReads: fullReadsOf(world, { head, entries }) };
    assert.deepEqual(differences({ head, entries }, holding, seen), [], `I1: ${head.connectionId}`);
    assert.deepEqual(
      openOf(head.accounts.map(({ providerAccountId: id, state }) => ({ id, state }))),
      openOf(holding.accounts.map(({ account_id: id, state }) => ({ id, state }))),
      `accounts of ${head.connectionId}`,
    );
    return;
  }
  const listed = ofStandard(holding);
  if (!listed.accounts.some(({ state }) => state === 'open')) return; // a list of no account is no word on any of them
  const from = '2024-01-01';
  assert.deepEqual(
    lineDifferences(standingLines(head, entries, from), heldLines(listed, from)),
    [],
    `I1: ${head.connectionId}`,
  );
}

/** Of all Items that the connection was ever linked to, in their order. */
function fullReadsOf({ at, banks }: World, { head: { provider }, entries }: Stored): readonly FullRead[] {
  const items = entries.flatMap(({ content }) => (content.kind === 'linked' ? (content.itemId ?? []) : []));
  const indexes = [...new Set(items.flatMap((itemId) => indexOfItem({ provider, itemId }) ?? []))];
  const holdings = indexes.map((index) => at.bank.holds(index));
  return indexes.flatMap((index, turn) =>
    (banks.fullReads.get(index) ?? []).map((read) => readAfter(read, holdings.slice(0, turn), at.bank.holds(index))),
  );
}

/** I8. */
async function checkInsights({ deadline, memory }: World, { head }: Stored): Promise<void> {
  const taken = await readDerived({ cache: memory, entries: memory }, head, deadline());
  if (taken === undefined) return; // it says itself that it has to be made again
  const whole = (await readWhole(memory, head, deadline())).derived();
  const { reach } = taken.derived; // what may happen, not what has
  assert(Buffer.from(packDerived(taken.derived)).equals(packDerived({ ...whole, reach })), `I8: ${head.connectionId}`);
}

type Listed = Readonly<Record<string, unknown>>;

/** All pages of a list. */
async function readAll(world: World, user: User, path: string, member: string): Promise<readonly Listed[]> {
  const all: Listed[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const after: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { status, body } = await world.ask(user.id, 'GET', `${path}?limit=100${after}`);
    assert.equal(status, 200, `${user.id} reads ${path}: ${status}`);
    all.push(...body[member]);
    cursor = body.nextCursor;
  }
  return all;
}

const byText = (list: readonly object[]) => list.map(canonical).sort();
/** That an account was read again and is the same is no change of it. */
const asNews = ({ readEpochMs: _, ...account }: Listed) => account;

async function checkUser(world: World, user: User): Promise<void> {
  const { body } = await world.ask(user.id, 'GET', '/v1/connections');
  const listed = body.connections.map(({ connectionId }: { readonly connectionId: string }) => connectionId);
  assert.deepEqual(listed, [...user.connections].sort(), `${user.id} has other connections`);
  assert.deepEqual([...user.feed.copy.keys()].sort(), listed, `the feed of ${user.id} has other connections`);
  const [accounts, transactions] = [
    await readAll(world, user, '/v1/accounts', 'accounts'),
    await readAll(world, user, '/v1/transactions', 'transactions'),
  ];
  assertOwn(world, user, [body, accounts, transactions]);
  const copies = [...user.feed.copy.values()];
  assert.deepEqual(
    byText(copies.flatMap((copy) => [...copy.transactions.values()])),
    byText(transactions),
    'the feed: transactions',
  );
  assert.deepEqual(
    byText(copies.flatMap((copy) => [...copy.accounts.values()].map((each) => asNews(each as Listed)))),
    byText(accounts.map(asNews)),
    'the feed: accounts',
  );
  const stored = await Promise.all([...user.connections].map((id) => storedOf(world, id)));
  const standing = stored.flatMap(({ head: { connectionId }, entries }) =>
    foldTransactions(entries).map(({ transaction }) => ({ connectionId, ...transaction })),
  );
  assert.deepEqual(byText(transactions), byText(standing), 'the API: transactions');
  for (const each of stored) {
    checkBank(world, each);
    await checkInsights(world, each);
  }
  await checkWarm(world, user);
}

/** What environments have kept in memory changes no answer. */
async function checkWarm(world: World, user: User): Promise<void> {
  const targets = [
    '/v1/insights',
    '/v1/recommendations',
    '/v1/forecast',
    '/v1/transactions?limit=50',
    '/v1/connections',
  ];
  const read = async () => {
    const texts: string[] = [];
    for (const target of targets) texts.push((await world.ask(user.id, 'GET', target)).text);
    return texts;
  };
  const warm = await read();
  world.coolDown('query');
  assert.deepEqual(warm, await read(), `${user.id}: a warm environment says something else`);
}

/** Nothing of a removed connection is left, but for the record of a day that its link has been made. */
async function checkRemoved({ deadline, memory, people }: World): Promise<void> {
  const removed = people.flatMap((user) => [...user.removed].filter((id) => !user.connections.has(id)));
  for await (const item of memory.scan({ deadline: deadline() })) {
    if (item.sk.startsWith('EXCHANGE#')) continue;
    const text = [item.pk, item.sk, ...Object.values(item).filter((value) => typeof value === 'string')].join(' ');
    const left = removed.find((id) => text.includes(id));
    assert(left === undefined, `left of the removed ${left}: ${item.pk} ${item.sk}`);
  }
}
