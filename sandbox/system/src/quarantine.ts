/** `npm run quarantine`: what is set aside, and its way back on command. */
import { type Arguments, CommandError, runCommand } from '@quartersec/command-line';
import { createDeadline } from '@quartersec/sla';
import { summariseQuarantines } from '@quartersec/storage';
import { connectTable } from './connect-table.ts';
import { queueOptions, sendCommandEvent } from './event-target.ts';
import { retryAdvice } from './retry-advice.ts';
import { findTable, tableOptions } from './table-options.ts';

const usage = `npm run quarantine -- list [connectionId]
  Records that are set aside, by connection, reason and path, with how many of them can come back. Shows no record.
npm run quarantine -- retry <connectionId>
  Looks at the connection and takes back what can be read now; the rest stays. That happens by itself with each day's account list too.
  A connection that is stopped (its user has to log in again) or that waits gives nothing back: the command says so and ends with 1.
list reads the running system's table (npm start); --table NAME --region REGION [--endpoint URL] names another.
retry goes to the running system; --queue-url URL --region REGION puts it on a queue on AWS instead.
`;

/** Looks at every item of the table at most; stopped by Ctrl-C, not by a clock. */
const listDeadlineMs = 3_600_000;
const { dax: _, ...options } = { ...tableOptions, ...queueOptions };
type Values = Arguments<typeof options>['values'];

await runCommand({ name: 'quarantine', usage, options, argumentsAtMost: 2 }, async ({ values, positionals }) => {
  const [action, connectionId] = positionals;
  if (action === 'list') return await list(connectionId, values);
  if (action !== 'retry')
    throw new CommandError('USAGE', 'there are npm run quarantine -- list and -- retry <connectionId>');
  if (connectionId === undefined)
    throw new CommandError('USAGE', 'which connection? npm run quarantine -- retry <connectionId>');
  const { table, endpoint, ...queue } = values;
  if (table !== undefined || endpoint !== undefined)
    throw new CommandError(
      'USAGE',
      'retry goes to a queue: --queue-url and --region, or neither for the running system',
    );
  const event = { type: 'SyncRequested', connectionId, reason: 'user', retakeAside: true };
  const report = await sendCommandEvent(event, queue);
  if (report === undefined) return;
  process.stdout.write(retryAdvice(report));
  if (report.outcome.kind === 'postponed') process.exitCode = 1; // taken, and not done
});

async function list(connectionId: string | undefined, { 'queue-url': queueUrl, ...values }: Values): Promise<void> {
  if (queueUrl !== undefined) throw new CommandError('USAGE', 'list reads a table: --table and --region');
  const { client, table } = connectTable(await findTable(values));
  try {
    const deadline = createDeadline(listDeadlineMs, () => performance.now());
    const rows = await summariseQuarantines(table, { deadline, ...(connectionId !== undefined && { connectionId }) });
    for (const { connectionId, reason, path, records, openable } of rows) {
      const stays = openable < records ? `, ${records - openable} without their original` : '';
      process.stdout.write(`${connectionId}  ${reason.padEnd(18)} ${path}  ${records}${stays}\n`);
    }
    const total = rows.reduce((sum, { records }) => sum + records, 0);
    const connections = new Set(rows.map((row) => row.connectionId)).size;
    process.stdout.write(`${total} records of ${connections} connections are set aside\n`);
  } finally {
    client.destroy();
  }
}
