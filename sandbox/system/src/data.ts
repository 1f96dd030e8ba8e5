/** `npm run audit`, `rebuild` and `forget`: the stored data's own tools, against the running system or a table on AWS. */
import { setTimeout as sleepMs } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createDeadline, deadlineBudget } from '@quartersec/sla';
import {
  auditTable,
  type DaxTable,
  forgetConnection,
  rebuildHead,
  StorageError,
  type Table,
} from '@quartersec/storage';
import { connectCache, connectTable, type TableAddress } from './connect-table.ts';
import { findSystem } from './running-system.ts';

const usage = `npm run audit
  Recomputes every hash chain and every head of the table and names each difference; exit code 1 when there is one.
  Differences in the running system's table also count for its alert AuditDifferences.
npm run rebuild -- <connectionId>
  Makes a connection's head again from its journal.
npm run forget -- <connectionId>
  Erases a connection for good: journal, head, quarantined records and the user's link.
The table is the running system's (npm start); --table NAME --region REGION [--endpoint URL] [--dax URL] names another.
With DAX in front of the table, rebuild and forget go through it: --dax dax://HOST:PORT, from inside its VPC.
`;

/** These tools may look at every item; they are stopped by Ctrl-C, not by a clock. */
const toolDeadlineMs = 3_600_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    table: { type: 'string' },
    region: { type: 'string' },
    endpoint: { type: 'string' },
    dax: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const [command, connectionId] = positionals;

if (values.help) process.stdout.write(usage);
else await main();

async function main(): Promise<void> {
  const address = findAddress();
  if (address === undefined)
    return fail('no system is running here: run npm start first, or name a table with --table and --region');
  const connected = connectTable(address);
  const { client, table } = connected;
  let cache: DaxTable | undefined;
  const deadline = createDeadline(toolDeadlineMs, () => performance.now());
  try {
    if (command === 'audit') return await audit(table, deadline, address.systemUrl);
    if (connectionId === undefined) return fail(`which connection?\n\n${usage}`);
    if (address.dax !== undefined) {
      cache = await connectCache(connected, address, address.dax);
      if (cache === undefined)
        return fail(
          `no DAX node answers at ${address.dax}: its cache would keep what is about to change; try again later`,
        );
    }
    const options = { deadline, ...(cache === undefined ? {} : { cache }) };
    if (command === 'rebuild') {
      const { head, changed } = await rebuildHead(table, connectionId, options);
      process.stdout.write(
        `${connectionId}: head of version ${head.version} ${changed ? 'written anew' : 'was right already'}\n`,
      );
      return;
    }
    if (command === 'forget') {
      const erased = await forgetConnection(table, connectionId, options);
      process.stdout.write(`${connectionId}: ${erased} items erased\n`);
      return;
    }
    fail(`unknown command\n\n${usage}`);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    fail(`${error.code}: ${JSON.stringify(error.facts)}`);
  } finally {
    cache?.close();
    client.destroy();
  }
}

async function audit(
  table: Table,
  deadline: ReturnType<typeof createDeadline>,
  systemUrl: string | undefined,
): Promise<void> {
  const startedMs = performance.now();
  // No run is longer under way than its hard deadline: a head that is behind still then has no run that moves it on.
  const report = await auditTable(table, { deadline, settle: () => sleepMs(deadlineBudget.hardMs) });
  for (const { code, pk, sk, facts } of report.findings) {
    process.stdout.write(`${code.padEnd(20)} ${pk} ${sk} ${JSON.stringify(facts)}\n`);
  }
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  process.stdout.write(
    `${report.findings.length} differences in ${report.entries} entries of ${report.connections} connections (${seconds} s)\n`,
  );
  if (report.findings.length === 0) return;
  process.exitCode = 1;
  if (systemUrl !== undefined) await reportDifferences(systemUrl, report.findings.length);
}

/** For the alert. What the audit found stands also when nobody takes note of it. */
async function reportDifferences(systemUrl: string, value: number): Promise<void> {
  const body = JSON.stringify({ metric: 'AuditDifferences', value });
  const answer = await fetch(`${systemUrl}/samples`, { method: 'POST', body }).catch(String);
  if (answer instanceof Response && answer.ok) return;
  const why = answer instanceof Response ? await answer.text() : answer;
  process.stderr.write(`the running system did not take note of the differences: ${why}\n`);
}

interface Found extends TableAddress {
  readonly dax: string | undefined;
  /** Control server, where the table is the running system's. */
  readonly systemUrl: string | undefined;
}

function findAddress(): Found | undefined {
  const { table, region, endpoint, dax } = values;
  if (table !== undefined && region !== undefined)
    return { tableName: table, region, endpoint, dax, systemUrl: undefined };
  const system = findSystem();
  if (system === undefined) return undefined;
  const { tableName, dynamoDbUrl, daxUrl, url } = system;
  return { tableName, region: system.region, endpoint: dynamoDbUrl, dax: daxUrl, systemUrl: url };
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
