/** `npm run rekey`: seals every token in use anew, under the key that seals now. */
import { randomUUID } from 'node:crypto';
import { CommandError, runCommand, showWhile } from '@quartersec/command-line';
import { createDeadline } from '@quartersec/sla';
import { parseTokenKeys, type RekeyReport, rekeyTable, StorageError } from '@quartersec/storage';
import { connectCache, connectTable } from './connect-table.ts';
import { type FoundTable, findTable, tableOptions } from './table-options.ts';

const usage = `npm run rekey
  In the running system (npm start): makes a new token key, seals every token anew under it, and takes the old key away.
npm run rekey -- --table NAME --region REGION [--endpoint URL] [--dax URL]
  Seals the tokens of a deployment anew. TOKEN_KEY of the environment names the keys, "name:base64,name:base64": the first seals, the
  others open. The functions must have all of them already (docs/operate.md). Stopped in the middle, it is begun again: what is done
  stays done. Exit code 1 when something was left that no key opens; then the old key must stay.
`;

const deadlineMs = 24 * 3_600_000;

await runCommand({ name: 'rekey', usage, options: tableOptions }, async ({ values }) => {
  const address = await findTable(values);
  const report = await (address.systemUrl === undefined ? rekeyNamed(address) : rekeyRunning(address.systemUrl));
  const { connections, resealed, others, unreadable } = report;
  for (const connectionId of unreadable) process.stdout.write(`${connectionId}: no key opens what it has\n`);
  process.stdout.write(`${resealed} tokens of ${connections} connections and ${others} other texts sealed anew\n`);
  if (unreadable.length > 0) process.exitCode = 1;
});

async function rekeyRunning(systemUrl: string): Promise<RekeyReport> {
  const response = await fetch(`${systemUrl}/rekey`, { method: 'POST' });
  if (!response.ok) throw new CommandError('FAILED', `${response.status}: ${await response.text()}`);
  return (await response.json()) as RekeyReport;
}

async function rekeyNamed(address: FoundTable): Promise<RekeyReport> {
  const { TOKEN_KEY: tokenKeys = '' } = process.env;
  if (parseTokenKeys(tokenKeys) === undefined)
    throw new CommandError(
      'USAGE',
      'set TOKEN_KEY as the functions have it: "name:base64,name:base64", the first seals',
    );
  const connected = connectTable(address);
  const cache = address.dax === undefined ? undefined : await connectCache(connected, address, address.dax);
  try {
    if (address.dax !== undefined && cache === undefined)
      throw new CommandError(
        'FAILED',
        `no DAX node answers at ${address.dax}: its cache would keep heads with the old key`,
      );
    const deadline = createDeadline(deadlineMs, () => performance.now());
    const options = { tokenKeys, newId: randomUUID, nowEpochMs: Date.now, deadline, ...(cache && { cache }) };
    return await showWhile('sealing anew', rekeyTable(connected.table, options));
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    throw new CommandError('FAILED', `${error.code}: ${JSON.stringify(error.facts)}`, { cause: error });
  } finally {
    cache?.close();
    connected.client.destroy();
  }
}
