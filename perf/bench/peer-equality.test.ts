/** The Go peer does the same job: for the same pages it writes the same entries, and answers and reports alike. */
import { spawnSync } from 'node:child_process';
import { buildBundles } from '@quartersec/sandbox-system';
import { createDeadline } from '@quartersec/sla';
import {
  auditTable,
  connectionPk,
  createDynamoDbClient,
  createDynamoDbTable,
  createJournal,
  createSdkSend,
  createTableIfMissing,
  entrySk,
  linkConnection,
  readQuarantined,
  sealToken,
  type Table,
} from '@quartersec/storage';
import { canonicalJson } from '@quartersec/validation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BenchSystem, callSimulator, peerName, startBenchSystem } from './testing/bench-system.ts';

const hasGo = spawnSync('go', ['version']).status === 0;
const isCi = process.env.CI === 'true';
const connections = 40;
const peerTableName = 'peer';
const receivedEpochMs = Date.UTC(2027, 0, 1);
const within = () => ({ deadline: createDeadline(20_000, () => performance.now()) });

const logged: { readonly functionName: string; readonly line: Record<string, unknown> }[] = [];
let system: BenchSystem;
let peerTable: Table;

beforeAll(async () => {
  if (!hasGo && !isCi) return;
  await buildBundles();
  system = await startBenchSystem({
    seed: 11,
    connections,
    peerTableName,
    providers: { latency: { medianMs: 0, p99Ms: 0 }, multiPageShare: 0.2 },
    onLog: (functionName, line) => logged.push({ functionName, line: JSON.parse(line) }),
  });
  peerTable = await linkInOwnTable(system);
}, 300_000);
afterAll(() => system?.close());

/** The same connections once more, in a table that only the peer writes: ids and tokens are the same. */
async function linkInOwnTable({ dynamoDbUrl, tokenKey, connections }: BenchSystem): Promise<Table> {
  const credentials = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' };
  const client = createDynamoDbClient({ region: 'eu-west-1', endpoint: dynamoDbUrl, credentials });
  await createTableIfMissing(client, peerTableName);
  const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const table = createDynamoDbTable({
    tableName: peerTableName,
    send: createSdkSend(client),
    random: Math.random,
    sleep,
  });
  for (const { connectionId, userId, institutionId, accessToken } of connections) {
    const sealedToken = sealToken(accessToken, { keyBase64: tokenKey, connectionId });
    const linked = { connectionId, userId, provider: 'plaid', institutionId, sealedToken, runId: 'link' };
    await linkConnection(
      { journal: createJournal({ table }), table },
      { ...linked, writtenEpochMs: Date.now() },
      within(),
    );
  }
  return table;
}

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function post(url: string, event: unknown): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(event),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** The same event to both functions, each after the same fault. */
async function postToBoth(index: number, fault?: object): Promise<readonly [Answer, Answer]> {
  const event = { connectionId: `conn-${index}`, correlationId: `equal-${index}`, requestedEpochMs: receivedEpochMs };
  const answers: Answer[] = [];
  for (const url of [system.processUrl, system.peerUrl]) {
    if (fault !== undefined)
      await callSimulator(system, '/faults', { token: `access-sandbox-${index}`, times: 1, ...fault });
    answers.push(await post(url, event));
  }
  const [ours, peers] = answers;
  if (ours === undefined || peers === undefined) throw new Error('both were asked');
  return [ours, peers];
}

/** What differs from run to run: ids made at random, and times. */
const varying = new Set([
  'runId',
  'writtenEpochMs',
  'syncStartedEpochMs',
  'startedEpochMs',
  'completedEpochMs',
  'sealedToken',
]);

function withoutVarying(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutVarying);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([name]) => !varying.has(name));
  return Object.fromEntries(
    members.map(([name, member]) => [
      name,
      name === 'loop' && member !== null ? { ...member, id: '' } : withoutVarying(member),
    ]),
  );
}

async function stored(table: Table, index: number) {
  const pk = connectionPk(`conn-${index}`);
  const range = { pk, fromSk: entrySk(1), toSk: 'LOG#999999999999' };
  const items = await table.query(range, { ...within(), fresh: true });
  const head = await table.get({ pk, sk: 'HEAD' }, { ...within(), fresh: true });
  return { entries: items.map(({ body }) => String(body)), head: String(head?.body) };
}

async function expectEqualStored(index: number, entriesAtLeast: number): Promise<void> {
  const [ours, peers] = [await stored(system.table, index), await stored(peerTable, index)];
  const contents = (bodies: readonly string[]) => bodies.map((body) => withoutVarying(JSON.parse(body)));
  expect(contents(peers.entries)).toEqual(contents(ours.entries));
  expect(withoutVarying(JSON.parse(peers.head))).toEqual(withoutVarying(JSON.parse(ours.head)));
  for (const body of [...peers.entries, peers.head]) expect(body).toBe(canonicalJson(JSON.parse(body)));
  expect(ours.entries.length).toBeGreaterThanOrEqual(entriesAtLeast);
}

function expectEqualAnswers([ours, peers]: readonly [Answer, Answer]): void {
  const comparable = ({ status, body }: Answer) => {
    const { roundTripMs, processingMs, storeMs, providerMs, steps, outcome, ...rest } = body;
    const { detail: _, ...ended } = outcome as Record<string, unknown>;
    const names = (steps as readonly { step: string }[]).map(({ step }) => step);
    return { status, ...rest, ended, names };
  };
  expect(comparable(peers)).toEqual(comparable(ours));
}

// Where a contributor has no Go the tests are left out, and reported so; in CI a missing Go is a failure.
describe.skipIf(!hasGo && !isCi)('the Go peer', () => {
  it.each([0, 1, 2, 3, 4, 5])(
    'writes the same entries and head as the TypeScript function (connection %i)',
    async (index) => {
      for (let events = 0; events < 6; events += 1) {
        const answers = await postToBoth(index);
        expectEqualAnswers(answers);
        expect(answers[1].body).toMatchObject({ outcome: { kind: 'committed' } });
      }
      await expectEqualStored(index, 7);
    },
  );

  it('reads a page of hundreds of transactions alike', async () => {
    await callSimulator(system, '/connections/access-sandbox-6', { pageSize: 7 });
    expectEqualAnswers(await postToBoth(6));
    await expectEqualStored(6, 4);
  });

  it.each(
    [
      { kind: 'status', options: { status: 503 }, times: 2 },
      { kind: 'connect-reset' },
      { kind: 'reset-mid-body' },
      { kind: 'truncated' },
      { kind: 'html-200' },
      { kind: 'empty-200' },
      { kind: 'wrong-content-type' },
      { kind: 'status', options: { status: 500 }, times: 4 },
      { kind: 'login-required' },
      { kind: 'plaid-error', options: { code: 'ITEM_NOT_FOUND' } },
      { kind: 'cursor-unknown' },
      { kind: 'not-ready' },
      { kind: 'duplicate-page' },
      { kind: 'reordered' },
      { kind: 'unknown-enum' },
      { kind: 'extra-field' },
      { kind: 'hostile-json' },
      { kind: 'unknown-currency' },
      ...['amount-text', 'id-blank', 'account-foreign', 'date-impossible', 'currency-both', 'not-an-object'].map(
        (defect) => ({ kind: 'bad-record', options: { defect } }),
      ),
    ].map((fault, position) => [8 + position, fault] as const),
  )('ends alike on connection %i with %j', async (index, fault) => {
    expectEqualAnswers(await postToBoth(index));
    expectEqualAnswers(await postToBoth(index, fault));
    await expectEqualStored(index, 2);
    const [ours, peers] = await Promise.all(
      [system.table, peerTable].map((table) => readQuarantined(table, `conn-${index}`, within())),
    );
    expect(peers).toEqual(ours);
  });

  it('reports the failed records of a batch, and runs the others', async () => {
    const record = (messageId: string, body: string) => ({
      messageId,
      body,
      attributes: { SentTimestamp: String(Date.now()) },
    });
    const batch = { Records: [record('m-0', '{"connectionId":"conn-39"}'), record('m-1', '{}'), record('m-2', 'no')] };
    for (const name of ['process', peerName]) {
      const { payload } = await system.host.invoke(name, batch);
      expect(JSON.parse(payload)).toEqual({
        batchItemFailures: [{ itemIdentifier: 'm-1' }, { itemIdentifier: 'm-2' }],
      });
    }
    await expectEqualStored(39, 2);
  });

  it('reports with the same members: one line of metrics and one of the log for each event', () => {
    const linesOf = (name: string) =>
      logged.filter(({ functionName }) => functionName === name).map(({ line }) => line);
    const shapes = (lines: readonly Record<string, unknown>[]) => lines.map((line) => shapeOf(line)).sort();
    expect(shapes(linesOf(peerName))).toEqual(shapes(linesOf('process')));
  });

  it('leaves a table in which the audit finds nothing', async () => {
    const report = await auditTable(peerTable, within());
    expect(report.findings).toEqual([]);
    expect([report.connections, report.entries > 100]).toEqual([connections, true]);
  });
});

/** Names, units and dimensions, without values. */
function shapeOf(line: Record<string, unknown>): string {
  const directive = (line._aws as { CloudWatchMetrics?: unknown } | undefined)?.CloudWatchMetrics ?? null;
  const said = ['level', 'message', 'component', 'service', 'provider', 'outcome', 'error_code'];
  const named = Object.entries(line).map(([name, value]) => [name, said.includes(name) ? value : typeof value]);
  return JSON.stringify([Object.fromEntries(named.sort()), directive]);
}
