/** Token keys rotate: `npm run rekey` is killed in the middle and run again. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { region, type System } from '@quartersec/sandbox-system';
import { createJournal, isSealedAnew, openToken } from '@quartersec/storage';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectCleanAudit, startJourneySystem, until, within } from './journey.ts';

const command = fileURLToPath(new URL('../../system/src/rekey.ts', import.meta.url));
const connections = 400;
let system: System;

beforeAll(async () => {
  system = await startJourneySystem({ connections, dax: false });
});
afterAll(() => system?.close());

function rekey(tokenKeys: string) {
  const place = ['--table', system.tableName, '--region', region, '--endpoint', system.dynamoDbUrl];
  const child = spawn(process.execPath, [command, ...place], { env: { ...process.env, TOKEN_KEY: tokenKeys } });
  let output = '';
  child.stdout.on('data', (text) => {
    output += text;
  });
  return { child, ended: once(child, 'exit').then(([code, signal]) => ({ code, signal, output })) };
}

async function sealed(): Promise<readonly { readonly connectionId: string; readonly token: string }[]> {
  const journal = createJournal({ table: system.table });
  const ids = Array.from({ length: connections }, (_, index) => `conn-${index}`);
  return Promise.all(
    ids.map(async (connectionId) => ({
      connectionId,
      token: (await journal.readHead(connectionId, { ...within(), fresh: true }))?.sealedToken ?? '',
    })),
  );
}

it('npm run rekey, killed in the middle and run again: every token opens, none under the old key', async () => {
  const newKey = `new:${Buffer.alloc(32, 4).toString('base64')}`;
  const both = `${newKey},${system.tokenKey}`;
  const isAnew = ({ connectionId, token }: { connectionId: string; token: string }) =>
    isSealedAnew(token, { tokenKeys: both, connectionId });

  const first = rekey(both);
  const some = async () => (await sealed()).filter(isAnew).length;
  await until('some are sealed anew', async () => (await some()) > 0);
  first.child.kill('SIGKILL');
  expect(await first.ended).toMatchObject({ signal: 'SIGKILL' });
  const done = await some();
  expect(done).toBeGreaterThan(0);
  expect(done).toBeLessThan(connections);

  const second = await rekey(both).ended;
  expect(second).toMatchObject({ code: 0 });
  expect(second.output).toContain(`of ${connections} connections`);
  for (const each of await sealed()) {
    expect(isAnew(each)).toBe(true);
    const index = each.connectionId.slice('conn-'.length);
    expect(openToken(each.token, { tokenKeys: newKey, connectionId: each.connectionId })).toBe(
      `access-sandbox-${index}`,
    );
  }
  expect(await rekey(both).ended).toMatchObject({ code: 0, output: expect.stringMatching(/^0 tokens /) });
  await expectCleanAudit(system);
  expect(await rekey('short').ended).toMatchObject({ code: 2 });
});
