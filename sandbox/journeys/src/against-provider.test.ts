/** `npm run audit -- --against-provider`, `npm run quarantine` and a full read, as an operator of a table on AWS calls them. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { region, type System } from '@quartersec/sandbox-system';
import { createJournal } from '@quartersec/storage';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectCleanAudit, expectTruth, postEvent, readJournal, startJourneySystem, within } from './journey.ts';
import { clearFaults, plantFault } from './provider-control.ts';

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

async function run(file: string, args: readonly string[]): Promise<Ran> {
  const { baseUrl, clientId, secret, tokenKey } = system.providerAccess;
  const provider = { TOKEN_KEY: tokenKey, PLAID_BASE_URL: baseUrl, PLAID_CLIENT_ID: clientId, PLAID_SECRET: secret };
  const place = ['--table', system.tableName, '--region', region, '--endpoint', system.dynamoDbUrl];
  const options = { env: { ...process.env, ...provider } };
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

it('names a phantom and a missing one by id alone, and a full read mends both', async () => {
  const journal = createJournal({ table: system.table });
  const { head, standing } = await readJournal(system, 'conn-0');
  const [first] = standing;
  if (first === undefined) throw new Error('nothing stands');
  const { transaction } = first;
  const phantom = { ...transaction, transactionId: phantomId, description: 'nobody paid this' };
  const page = { kind: 'page', runId: 'planted', writtenEpochMs: 1, syncStartedEpochMs: 1, quarantined: 0 } as const;
  const lists = { added: [phantom], modified: [], removed: [transaction.transactionId], accounts: [] };
  const place = { cursorBefore: head.cursor, cursorAfter: head.cursor };
  const loop = { id: 'planted', page: 1, last: true, kind: 'delta' } as const;
  const appended = await journal.append(head, 'conn-0', { ...page, ...lists, ...place, loop }, within());
  if (appended.head !== undefined) await journal.saveHead(appended.head, within());

  const found = await run('data.ts', ['audit', '--against-provider', 'conn-0']);
  expect(found).toEqual({
    code: 1,
    stdout:
      `conn-0: phantoms ${phantomId}\nconn-0: missing ${transaction.transactionId}\n` +
      '2 differences from the provider in 1 of 1 connections\n',
  });
  expect(await postEvent(system, { connectionId: 'conn-0', fullRead: true })).toMatchObject({ status: 200 });
  expect(await run('data.ts', ['audit', '--against-provider', 'conn-0'])).toMatchObject({ code: 0 });
  await expectTruth(system, 0);
  await expectCleanAudit(system);
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
