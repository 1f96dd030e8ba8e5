/** `npm run audit -- --against-provider`, `npm run quarantine` and a full read, as an operator of a table on AWS calls them. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { region, type System, visitBank } from '@quartersec/sandbox-system';
import { createJournal } from '@quartersec/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectCleanAudit, expectTruth, postEvent, readJournal, startJourneySystem, until, within } from './journey.ts';
import { changeBank, clearFaults, expireAccess, plantFault, publish } from './provider-control.ts';
import { callApi } from './testing/call-api.ts';

const source = (file: string) => fileURLToPath(new URL(`../../../sandbox/system/src/${file}`, import.meta.url));
const phantomId = 'phantom00000000000000x';
let system: System;

beforeAll(async () => {
  system = await startJourneySystem({ connections: 2, dax: false, providers: { published: 0 } });
  for (const connectionId of ['conn-0', 'conn-1']) await postEvent(system, { connectionId, reason: 'schedule' });
});

afterAll(() => system?.close());

interface Ran {
  readonly code: number;
  readonly stdout: string;
}

async function run(
  file: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const place = ['--table', system.tableName, '--region', region, '--endpoint', system.dynamoDbUrl];
  const options = { env: { ...process.env, ...system.providerVariables(), ...variables } };
  return promisify(execFile)(process.execPath, [source(file), ...args, ...place], options).then(
    ({ stdout }) => ({ code: 0, stdout }),
    ({ code, stdout }: Ran) => ({ code, stdout }),
  );
}

it('finds no difference where the provider says what stands', async () => {
  expect(await run('data.ts', ['audit', '--against-provider'])).toEqual({
    code: 0,
    stdout: '0 differences from the provider in 2 of 2 connections\n',
  });
});

/** @returns ids of one that stands here alone from now on, and of one that does no more */
async function plantDifferences(connectionId: string) {
  const journal = createJournal({ table: system.table });
  const { head, standing } = await readJournal(system, connectionId);
  const [first] = standing;
  if (first === undefined) throw new Error('nothing stands');
  const { transaction } = first;
  const phantom = { ...transaction, transactionId: phantomId, description: 'nobody paid this' };
  const page = { kind: 'page', runId: 'planted', writtenEpochMs: 1, syncStartedEpochMs: 1, quarantined: 0 } as const;
  const lists = { added: [phantom], modified: [], removed: [transaction.transactionId], accounts: [] };
  const place = { cursorBefore: head.cursor, cursorAfter: head.cursor };
  const loop = { id: 'planted', page: 1, last: true, kind: 'delta' } as const;
  const appended = await journal.append(head, connectionId, { ...page, ...lists, ...place, loop }, within());
  if (appended.head !== undefined) await journal.saveHead(appended.head, within());
  return { phantom: phantomId, missing: transaction.transactionId };
}

const differencesOf = (connectionId: string, { phantom, missing }: { phantom: string; missing: string }) => ({
  code: 1,
  stdout:
    `${connectionId}: phantoms ${phantom}\n${connectionId}: missing ${missing}\n` +
    '2 differences from the provider in 1 of 1 connections\n',
});
const noDifferences = { code: 0, stdout: '0 differences from the provider in 1 of 1 connections\n' };

it('names a phantom and a missing one by id alone, and a full read mends both', async () => {
  const planted = await plantDifferences('conn-0');
  expect(await run('data.ts', ['audit', '--against-provider', 'conn-0'])).toEqual(differencesOf('conn-0', planted));
  expect(await postEvent(system, { connectionId: 'conn-0', fullRead: true })).toMatchObject({ status: 200 });
  expect(await run('data.ts', ['audit', '--against-provider', 'conn-0'])).toMatchObject({ code: 0 });
  await expectTruth(system, 0);
  await expectCleanAudit(system);
});

it('does not take the history of an account that was closed since its last list for phantoms', async () => {
  const { head } = await readJournal(system, 'conn-0');
  const account = head.accounts[0]?.providerAccountId;
  await changeBank(system.controlUrl, 'access-sandbox-0', [{ change: 'close', account, transactions: 'left-out' }]);
  expect(await run('data.ts', ['audit', '--against-provider', 'conn-0'])).toEqual(noDifferences);
});

it('lists what is set aside without showing any of it, and a full read brings the record', async () => {
  await plantFault(system.controlUrl, 'access-sandbox-1', { kind: 'bad-record', times: 1, options: { record: 3 } });
  await postEvent(system, { connectionId: 'conn-1', fullRead: true });
  await clearFaults(system.controlUrl);
  const listed = await run('quarantine.ts', ['list', 'conn-1']);
  expect(listed.code).toBe(0);
  expect(listed.stdout).toMatch(/^conn-1 {2}\w+ +\S*added\[\]\S* {2}1\n1 records of 1 connections are set aside\n$/);
  expect((await readJournal(system, 'conn-1')).head).toMatchObject({ aside: 1 });
  await postEvent(system, { connectionId: 'conn-1', fullRead: true });
  await expectTruth(system, 1);
});

describe.each([
  ['openbanking-uk', 'obuk-v4.0', 'open-banking', 'obuk-sandbox-2'],
  ['berlin-group', 'berlin-redirect', 'berlin-group', 'berlin-sandbox-3'],
  ['berlin-group', 'berlin-oauth', 'berlin-group', 'berlin-sandbox-4'],
] as const)('a bank of %s that was linked by its user, %s', (provider, institutionId, kind, token) => {
  let connectionId: string;

  it('says what stands, also where its access has ended and is renewed', async () => {
    await publish(system.controlUrl, token, 0);
    const { body: session } = await callApi(system, 'POST', '/v1/link-tokens', { provider, institutionId });
    const back = await visitBank(session.authorizationUrl, { household: institutionId, agrees: true });
    const { body: linked } = await callApi(system, 'POST', '/v1/connections', { provider, ...back });
    connectionId = linked.connection.connectionId;
    await until('the first import is there', async () => {
      const { body } = await callApi(system, 'GET', `/v1/connections/${connectionId}`);
      return body.history === 'complete';
    });
    await expireAccess(system.controlUrl, kind, token);
    expect(await run('data.ts', ['audit', '--against-provider', connectionId])).toEqual(noDifferences);
    // What was renewed is there for the functions, too.
    expect(await postEvent(system, { connectionId })).toMatchObject({ body: { outcome: { kind: 'committed' } } });
  });

  it('tells of what stands here alone, and what does not', async () => {
    const planted = await plantDifferences(connectionId);
    const differing = differencesOf(connectionId, planted);
    expect(await run('data.ts', ['audit', '--against-provider', connectionId])).toEqual(differing);
    await postEvent(system, { connectionId, fullRead: true });
    expect(await run('data.ts', ['audit', '--against-provider', connectionId])).toEqual(noDifferences);
  });
});

it('leaves out a bank that the variables do not name', async () => {
  const ran = await run('data.ts', ['audit', '--against-provider'], { BERLIN_GROUP_BANKS: '' });
  expect(ran.code).toBe(0);
  expect(ran.stdout.match(/left out: no variables name berlin-group's berlin-(?:redirect|oauth)\n/g)).toHaveLength(2);
  expect(ran.stdout).toContain('0 differences from the provider in 3 of 5 connections');
});
