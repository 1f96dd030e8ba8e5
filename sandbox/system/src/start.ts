/** `npm start`: the whole system on this machine, with traffic, until Ctrl-C. */

import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Arguments, CommandError, runCommand } from '@quartersec/command-line';
import { type Board, startBoard } from './board.ts';
import { buildBundles } from './build-bundles.ts';
import { checkPort } from './check-port.ts';
import { gistOf } from './child-service.ts';
import { startControlServer } from './control-server.ts';
import { controlSourcesOf } from './control-sources.ts';
import { createErrorLines } from './error-lines.ts';
import { readPlaidAccount } from './plaid-account.ts';
import { createProgress } from './progress.ts';
import { announceSystem, claimSystem, withdrawSystem } from './running-system.ts';
import { linkSampleUser, sampleUser } from './sample-user.ts';
import { scheduleTickMs } from './schedule-timer.ts';
import { createRandom } from './seeded-random.ts';
import { renderSummary, summarise } from './summary.ts';
import { queueNames } from './sync-queues.ts';
import { region, type System, startSystem } from './system.ts';
import { startTraffic } from './traffic.ts';
import { warmUp, warmUpDeedsIn } from './warm-up.ts';

const usage = `npm start -- [options]
  --port N          port of the SLA board (default: a free one)
  --api-port N      port of the API (default: a free one)
  --cors ORIGINS    origins whose pages may call the API, separated by commas (default: none)
  --connections N   simulated bank connections (default 200)
  --rate N          events per second (default 5; 0 for none)
  --seed N          seed of the simulated data and of the traffic (default 1)
  --faults          let the provider misbehave now and then (default: only when you make it)
  --no-dax          reach the table directly instead of through a DAX node
With PLAID_BASE_URL, PLAID_CLIENT_ID, PLAID_SECRET and PLAID_ACCESS_TOKEN set, the real Plaid takes the simulator's place
(one connection, plaid-0, and no traffic of ours: send events with npm run sync -- plaid-0).
`;

const options = {
  port: { type: 'string', default: '0' },
  'api-port': { type: 'string', default: '0' },
  cors: { type: 'string', default: '' },
  connections: { type: 'string', default: '200' },
  rate: { type: 'string', default: '5' },
  seed: { type: 'string', default: '1' },
  faults: { type: 'boolean', default: false },
  dax: { type: 'boolean', default: true },
} as const;
type Values = Arguments<typeof options>['values'];

const progress = createProgress(process.stdout);
const errorLines = createErrorLines();
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => stopping.abort(new CommandError('INTERRUPTED', 'stopped', { signal })));

await runCommand({ name: 'start', usage, options, negatable: true }, ({ values }) =>
  run(values)
    .catch((error: unknown) => {
      // Whatever an interrupted step says, this is what happened.
      throw stopping.signal.aborted ? stopping.signal.reason : error;
    })
    .finally(progress.done),
);

async function run(values: Values): Promise<void> {
  const plaid = readPlaidAccount(process.env);
  const seed = wholeNumber('seed', values.seed);
  const rate = plaid === undefined ? wholeNumber('rate', values.rate) : 0;
  const connections = wholeNumber('connections', values.connections);
  const port = wholeNumber('port', values.port);
  const apiPort = wholeNumber('api-port', values['api-port']);
  const corsOrigins = readOrigins(values.cors);
  await checkPort(port); // said now, and not after the minute that a first build takes
  await checkPort(apiPort);

  process.once('exit', withdrawSystem);
  await claimSystem();
  step('building the functions');
  await buildBundles(stopping.signal);
  const system = await startSystem({
    seed,
    connections,
    apiPort,
    corsOrigins,
    dax: values.dax,
    openBanking: 1,
    berlinGroup: 1,
    webhooks: true,
    scheduleTickMs,
    ...(plaid === undefined ? {} : { plaid: { ...plaid, accessTokens: [plaid.accessToken] } }),
    onProgress: step,
    onLog: (_functionName, line) => errorLines.read(line),
  });
  const closers = [system.close];
  try {
    const control = await startControlServer(controlSourcesOf(system, errorLines));
    closers.push(control.close);
    if (plaid === undefined) {
      step('linking a household of two years');
      await linkSampleUser({ url: control.url, apiUrl: system.apiUrl });
    }
    if (rate > 0) {
      const deeds = warmUpDeedsIn(system, queueNames.sync);
      await warmUp(system, deeds, (done, all) => step(`first imports: ${done}/${all}`));
      system.metrics.lastMinute.restart(); // the totals keep what cold starts took
    }
    step('starting the board');
    const board = await tryStartBoard(control.url, port);
    if (board !== undefined) closers.push(board.close);
    announceSystem({
      pid: process.pid,
      url: control.url,
      apiUrl: system.apiUrl,
      redirectUri: system.redirectUri,
      ...(board === undefined ? {} : { boardUrl: board.url }),
      tableName: system.tableName,
      dynamoDbUrl: system.dynamoDbUrl,
      ...(system.cacheNode === undefined ? {} : { daxUrl: system.cacheNode.url }),
      region,
    });
    if (rate > 0) {
      const faultEvery = values.faults ? 40 : Infinity;
      closers.push(startTraffic(system, { eventsPerSecond: rate, faultEvery, random: createRandom(seed) }).stop);
    }
    progress.done();
    welcome(system, control.url, board);
    await showUntilStopped(system);
    throw stopping.signal.reason;
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

/** Ctrl-C is heard between two steps, and not after the last. */
function step(text: string): void {
  stopping.signal.throwIfAborted();
  progress.step(text);
}

function welcome(system: System, controlUrl: string, board: Board | undefined): void {
  const first = system.connections[0]?.connectionId ?? 'conn-0';
  const isSimulated = system.controlUrl !== undefined;
  process.stdout.write(
    `\nquartersec runs at ${board?.url ?? controlUrl}\n` +
      (board === undefined ? '' : `A user's page:     ${board.url}/user${isSimulated ? `?of=${sampleUser}` : ''}\n`) +
      `The API is at      ${system.apiUrl}/v1  (a token for it: npm run token -- anna)\n\n` +
      `Try in another terminal:  npm run sync -- ${first}    one event, step by step\n` +
      '                          npm run link               a bank login, to an account of your own\n' +
      '                          npm run read -- transactions    what the API says of it\n' +
      (isSimulated
        ? `                          npm run read -- insights --user ${sampleUser}    what two years of a household say\n`
        : '') +
      (system.openBanking.length > 0
        ? '                          npm run sync -- obuk-0     a bank of Open Banking UK: its user is open-banking\n'
        : '') +
      (system.berlinGroup.length > 0
        ? '                          npm run sync -- berlin-0   a bank of the Berlin Group: its user is berlin-group\n'
        : '') +
      '                          npm run audit              proves what is stored\n' +
      (system.controlUrl === undefined ? '' : tryFault(controlUrl, first, system.connections[0]?.accessToken)) +
      `Metrics for Prometheus:  ${controlUrl}/metrics\n` +
      'Ctrl-C stops everything.\n\n',
  );
}

async function showUntilStopped(system: System): Promise<void> {
  const show = () => {
    const dead = system.host.stats().queues[queueNames.dead]?.visible ?? 0;
    progress.block(renderSummary(summarise(system.metrics.lastMinute, dead, Date.now())));
  };
  const drawing = setInterval(show, progress.live ? 1_000 : 10_000);
  if (!stopping.signal.aborted) await once(stopping.signal, 'abort');
  clearInterval(drawing);
  process.stdout.write('\nstopping\n');
}

/** The board is for looking at the system: without it the system runs all the same. */
async function tryStartBoard(systemUrl: string, port: number): Promise<Board | undefined> {
  try {
    const modulePath = fileURLToPath(import.meta.resolve('@quartersec/dashboard/board'));
    return await startBoard({ modulePath, systemUrl, port, say: progress.note });
  } catch (error) {
    progress.note(`the board did not start; the system goes on: ${systemUrl}/metrics (${gistOf(String(error))})`);
    return undefined;
  }
}

/** Four failures of one connection use up the retries of its next event, whatever the traffic does meanwhile. */
function tryFault(systemUrl: string, connectionId: string, token = ''): string {
  const fault = JSON.stringify({ kind: 'status', times: 4, token });
  return (
    `  curl -d '${fault}' ${systemUrl}/faults\n` +
    `                          and npm run sync -- ${connectionId}: its retries are used up, the board alerts\n`
  );
}

function readOrigins(text: string): readonly string[] {
  const origins = text.split(',').filter((origin) => origin !== '');
  for (const origin of origins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      throw new CommandError('USAGE', `--cors takes origins such as http://localhost:3000, not ${origin}`);
  }
  return origins;
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new CommandError('USAGE', `--${name} must be a whole number, not ${text}`);
  return Number(text);
}
