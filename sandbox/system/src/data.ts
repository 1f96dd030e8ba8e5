/** `npm run audit`, `rebuild` and `forget`: the stored data's own tools, against the running system or a table on AWS. */
import { setTimeout as sleepMs } from 'node:timers/promises';
import { CommandError, runCommand, showWhile } from '@quartersec/command-line';
import { insightsOver, readWhole } from '@quartersec/processor/insights';
import { createDeadline } from '@quartersec/sla';
import {
  auditTable,
  type DaxTable,
  forgetConnection,
  rebuildHead,
  StorageError,
  showEntry,
  type Table,
} from '@quartersec/storage';
import type { Comparison } from './compare-with-provider.ts';
import { connectCache, connectTable } from './connect-table.ts';
import { connectionIdsOf } from './connection-ids.ts';
import { loadComparison } from './load-comparison.ts';
import { type FoundTable, findTable, tableOptions } from './table-options.ts';

const usage = `npm run audit
  Recomputes every hash chain and every head of the table and names each difference; exit code 1 when there is one.
  In the running system's table it also counts for the board and for the alert AuditDifferences.
npm run audit -- --against-provider [connectionId]
  Reads a connection, or every one, from its provider once more, stores nothing, and names by id what differs within the span of the
  read: phantoms that stand here alone, what is missing here, what says something else; exit code 1 when there is any. Counts against
  the provider's quota. Connections whose history is not complete are left out. For a table named by options it takes TOKEN_KEY and
  the providers' variables from the environment, as the process function has them; a provider that they do not name is left out.
npm run audit -- --show <connectionId> <version>
  Prints one entry as JSON, in full, and whether its hash and its chain hold; exit code 1 when they do not. It has names,
  amounts and the sealed token in it: personal data.
npm run rebuild -- <connectionId> | --all [--after <connectionId>]
  Makes a connection's head, and what its insights are derived from, again from its journal; the provider is not asked.
  With --all of every connection, in the order of their ids: one line each, and --after goes on behind the last of them.
npm run forget -- <connectionId>
  Erases a connection for good: journal, head, quarantined records and the user's link.
The table is the running system's (npm start); --table NAME --region REGION [--endpoint URL] [--dax URL] names another.
With DAX in front of the table, rebuild and forget go through it: --dax dax://HOST:PORT, from inside its VPC.
`;

/** These tools may look at every item; they are stopped by Ctrl-C, not by a clock. */
const toolDeadlineMs = 3_600_000;
/** Of the deployed functions and of the sandbox's. */
const functionTimeoutMs = 5_000;

type Change = typeof rebuild;

/** npm passes the tool's name as the first argument, before those of the caller. */
const [tool = ''] = process.argv.splice(2, 1);
const changes: Readonly<Record<string, Change>> = { rebuild, forget };
const change = Object.hasOwn(changes, tool) ? changes[tool] : undefined;

if (tool === 'audit') {
  const auditOptions = {
    ...tableOptions,
    show: { type: 'boolean', default: false },
    'against-provider': { type: 'boolean', default: false },
  } as const;
  await runCommand(
    { name: tool, usage, options: auditOptions, argumentsAtMost: 2 },
    async ({ values, positionals }) => {
      const { show: isShow, 'against-provider': isAgainstProvider } = values;
      if (isShow && isAgainstProvider) throw new CommandError('USAGE', 'either --show or --against-provider');
      if (isAgainstProvider && positionals.length > 1)
        throw new CommandError('USAGE', 'one connection, or none for all');
      if (!isShow && !isAgainstProvider && positionals.length > 0)
        throw new CommandError('USAGE', 'one entry? npm run audit -- --show');
      const address = await findTable(values);
      const { client, table } = connectTable(address);
      try {
        if (isAgainstProvider) await auditAgainstProvider(table, address.systemUrl, positionals[0]);
        else if (isShow) await show(table, startDeadline(), positionals[0], positionals[1]);
        else await audit(table, startDeadline(), address.systemUrl);
      } finally {
        client.destroy();
      }
    },
  );
} else {
  const changeOptions = {
    ...tableOptions,
    all: { type: 'boolean', default: false },
    after: { type: 'string' },
  } as const;
  await runCommand(
    { name: tool, usage, options: changeOptions, argumentsAtMost: 1 },
    async ({ values, positionals }) => {
      if (change === undefined) throw new CommandError('USAGE', 'there are npm run audit, rebuild and forget');
      const [connectionId] = positionals;
      const { all, after } = values;
      if (all && tool !== 'rebuild') throw new CommandError('USAGE', 'one connection at a time is erased: no --all');
      if (all === (connectionId !== undefined) || (after !== undefined && !all))
        throw new CommandError('USAGE', `which connection? npm run ${tool} -- <connectionId>`);
      await changeConnections(change, connectionId ?? { after: after ?? '' }, await findTable(values));
    },
  );
}

function startDeadline() {
  return createDeadline(toolDeadlineMs, () => performance.now());
}

/** @param which one, or all behind one in the order of their ids */
async function changeConnections(
  change: Change,
  which: string | { readonly after: string },
  address: FoundTable,
): Promise<void> {
  const connected = connectTable(address);
  let cache: DaxTable | undefined;
  try {
    if (address.dax !== undefined) {
      cache = await connectCache(connected, address, address.dax);
      if (cache === undefined)
        throw new CommandError(
          'FAILED',
          `no DAX node answers at ${address.dax}: its cache would keep what is about to change; try again later`,
        );
    }
    const within = { deadline: startDeadline(), ...(cache === undefined ? {} : { cache }) };
    const { table } = connected;
    const ids =
      typeof which === 'string'
        ? [which]
        : (await showWhile('listing connections', connectionIdsOf(table, within.deadline))).filter(
            (id) => id > which.after,
          );
    for (const connectionId of ids) {
      // First: an event of it that comes later would fail until it is a dead letter.
      if (tool === 'forget' && address.systemUrl !== undefined) {
        await tellSystem(address.systemUrl, 'forgotten', { connectionId });
      }
      const result = await wording(showWhile(`${tool} ${connectionId}`, change(table, connectionId, within)));
      process.stdout.write(`${connectionId}: ${result}\n`);
    }
  } finally {
    cache?.close();
    connected.client.destroy();
  }
}

/** @throws {CommandError} `USAGE` for what is no version, `FAILED` for one that the connection does not have */
async function show(
  table: Table,
  deadline: ReturnType<typeof createDeadline>,
  connectionId: string | undefined,
  version: string | undefined,
): Promise<void> {
  if (connectionId === undefined || !/^[1-9]\d{0,11}$/.test(version ?? '')) {
    throw new CommandError('USAGE', 'which entry? npm run audit -- --show <connectionId> <version, from 1>');
  }
  const shown = await wording(showEntry(table, connectionId, Number(version), { deadline }));
  if (shown === undefined) throw new CommandError('FAILED', `${connectionId} has no entry of version ${version}`);
  process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
  if (shown.hashState !== 'holds' || shown.chainState === 'broken') process.exitCode = 1;
}

/** What the store reports is said in its own words, which docs/errors.md explains. */
async function wording<Result>(task: Promise<Result>): Promise<Result> {
  try {
    return await task;
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    throw new CommandError('FAILED', `${error.code}: ${JSON.stringify(error.facts)}`, { cause: error });
  }
}

async function rebuild(table: Table, connectionId: string, within: Parameters<typeof rebuildHead>[2]): Promise<string> {
  const { head, changed } = await rebuildHead(table, connectionId, within);
  const whole = await readWhole(table, head, within.deadline);
  await insightsOver({ cache: within.cache ?? table, entries: table }).saveDerived(
    connectionId,
    whole.derived(),
    true,
    within.deadline,
  );
  const told = changed ? 'written anew' : 'was right already';
  return `head of version ${head.version} ${told}; the state of its insights made again from ${head.version} entries`;
}

async function forget(table: Table, connectionId: string, within: Parameters<typeof rebuildHead>[2]): Promise<string> {
  return `${await forgetConnection(table, connectionId, within)} items erased`;
}

async function audit(
  table: Table,
  deadline: ReturnType<typeof createDeadline>,
  systemUrl: string | undefined,
): Promise<void> {
  const startedMs = performance.now();
  // No run is longer under way than its function: a head that is behind still then has no run that moves it on.
  const report = await wording(
    showWhile(
      'auditing',
      auditTable(table, { deadline, settle: () => sleepMs(functionTimeoutMs), nowEpochMs: Date.now() }),
    ),
  );
  for (const { code, pk, sk, facts } of report.findings) {
    process.stdout.write(`${code.padEnd(20)} ${pk} ${sk} ${JSON.stringify(facts)}\n`);
  }
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  process.stdout.write(
    `${report.findings.length} differences in ${report.entries} entries of ${report.connections} connections (${seconds} s)\n` +
      (report.erasing === 0
        ? ''
        : `${report.erasing} more being erased: the schedule ends what broke off, within 64 minutes\n`),
  );
  if (report.findings.length > 0) process.exitCode = 1;
  if (systemUrl !== undefined) await tellSystem(systemUrl, 'audits', { differences: report.findings.length });
}

async function auditAgainstProvider(
  table: Table,
  systemUrl: string | undefined,
  connectionId: string | undefined,
): Promise<void> {
  const deadline = startDeadline();
  const compare = systemUrl === undefined ? await compareHere(table, deadline) : compareThere(systemUrl);
  const ids = connectionId === undefined ? await wording(connectionIdsOf(table, deadline)) : [connectionId];
  let differences = 0;
  let compared = 0;
  for (const id of ids) {
    const found = await wording(showWhile(`reading ${id} from its provider`, compare(id)));
    if (found.skipped !== undefined) {
      process.stdout.write(`${id}: left out: ${found.skipped}\n`);
      continue;
    }
    compared += 1;
    for (const kind of ['phantoms', 'missing', 'differing'] as const) {
      differences += found[kind].length;
      for (const transactionId of found[kind]) process.stdout.write(`${id}: ${kind} ${transactionId}\n`);
    }
  }
  process.stdout.write(`${differences} differences from the provider in ${compared} of ${ids.length} connections\n`);
  if (differences > 0) process.exitCode = 1;
}

type Compare = (connectionId: string) => Promise<Comparison>;

async function compareHere(table: Table, deadline: ReturnType<typeof startDeadline>): Promise<Compare> {
  if (!process.env.TOKEN_KEY)
    throw new CommandError(
      'USAGE',
      "set TOKEN_KEY and the providers' variables (PLAID_BASE_URL, PLAID_CLIENT_ID, PLAID_SECRET, OPEN_BANKING_UK_BANKS, BERLIN_GROUP_BANKS and so on), as the process function has them",
    );
  const compareConnection = await loadComparison();
  return (connectionId) => compareConnection(table, connectionId, process.env, deadline);
}

/** The running system alone has its keys. */
function compareThere(systemUrl: string): Compare {
  return async (connectionId) => {
    const answer = await fetch(`${systemUrl}/compare`, { method: 'POST', body: JSON.stringify({ connectionId }) });
    const body = (await answer.json()) as Comparison & { readonly error?: string };
    if (!answer.ok) throw new CommandError('FAILED', body.error ?? `${connectionId}: status ${answer.status}`);
    return body;
  };
}

/** For the board and its alerts. What was done stands also when nobody takes note of it. */
async function tellSystem(systemUrl: string, what: 'audits' | 'forgotten', facts: object): Promise<void> {
  const answer = await fetch(`${systemUrl}/${what}`, { method: 'POST', body: JSON.stringify(facts) }).catch(String);
  if (answer instanceof Response && answer.ok) return;
  const why = answer instanceof Response ? await answer.text() : answer;
  process.stderr.write(`the running system did not take note: ${why}\n`);
}
