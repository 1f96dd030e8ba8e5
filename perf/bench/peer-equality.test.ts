/**
 * The Go peer does the same job: two systems of the same seed, one worked on by the TypeScript function, one by the peer;
 * what is stored, answered and reported must be equal.
 */
import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { region } from '@quartersec/sandbox-system';
import { createDeadline } from '@quartersec/sla';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BenchSystem, callSimulator, peerName, startBenchSystem } from './testing/bench-system.ts';

const hasGo = spawnSync('go', ['version']).status === 0;
const isCi = process.env.CI === 'true';
const connections = 40;
const receivedEpochMs = Date.UTC(2027, 0, 1);

/** A system, and the one of its two functions that is used. */
interface Side {
  readonly system: BenchSystem;
  readonly functionName: string;
  readonly url: string;
  readonly lines: readonly Record<string, unknown>[];
}

const sides: Side[] = [];

beforeAll(async () => {
  if (!hasGo && !isCi) return;
  for (const functionName of ['process', peerName]) {
    const lines: Record<string, unknown>[] = [];
    const system = await startBenchSystem({
      seed: 11,
      connections,
      providers: { latency: { medianMs: 0, p99Ms: 0 }, multiPageShare: 0.2 },
      onLog: (_functionName, line) => lines.push(JSON.parse(line)),
    });
    sides.push({ system, functionName, url: system.host.functionUrl(functionName), lines });
  }
}, 1_800_000); // Go fetches and compiles the AWS SDK once
afterAll(() => Promise.all(sides.map(({ system }) => system.close())));

/** What both sides give, ours first. */
async function onBoth<Result>(look: (side: Side) => Promise<Result>): Promise<readonly [ours: Result, peers: Result]> {
  const [one, other] = sides;
  if (one === undefined || other === undefined) throw new Error('there are two sides');
  return [await look(one), await look(other)];
}

/** An answer without times and without the words of an error's detail. */
async function postTo(side: Side, index: number, fault?: object): Promise<Record<string, unknown>> {
  if (fault !== undefined)
    await callSimulator(side.system, '/faults', { token: `access-sandbox-${index}`, times: 1, ...fault });
  const event = { connectionId: `conn-${index}`, correlationId: `equal-${index}`, requestedEpochMs: receivedEpochMs };
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(side.url, { method: 'POST', headers, body: JSON.stringify(event) });
  const answer = (await response.json()) as Record<string, unknown>;
  const { roundTripMs, processingMs, storeMs, providerMs, steps, outcome, ...rest } = answer;
  const { detail: _, ...ended } = outcome as Record<string, unknown>;
  const taken = (steps as readonly { step: string }[]).map(({ step }) => step);
  return { status: response.status, ended, taken, ...rest };
}

/** The bodies of a connection's entries and of its head, as they are stored. */
async function storedBodies({ system }: Side, index: number): Promise<readonly string[]> {
  const within = { deadline: createDeadline(20_000, () => performance.now()), fresh: true };
  const range = { pk: `CONN#conn-${index}`, fromSk: 'HEAD', toSk: 'LOG#999999999999' };
  return (await system.table.query(range, within)).map(({ body }) => String(body));
}

async function storedQuarantine({ system }: Side, index: number) {
  const within = { deadline: createDeadline(20_000, () => performance.now()), fresh: true };
  return system.table.query({ pk: `QUAR#conn-${index}`, fromSk: '0', toSk: ':' }, within);
}

/** What differs from run to run: ids made at random, secrets, and times. */
const varying = [
  'runId',
  'sealedToken',
  'writtenEpochMs',
  'syncStartedEpochMs',
  'startedEpochMs',
  'completedEpochMs',
] as const;

function withoutVarying(body: string): unknown {
  return JSON.parse(body, (name, value) => {
    if ((varying as readonly string[]).includes(name)) return undefined;
    return name === 'loop' && value !== null ? { ...value, id: '' } : value;
  });
}

/** Members sorted, no spaces: how every stored text must be written. */
function sorted(body: string): string {
  return JSON.stringify(
    JSON.parse(body, (_name, value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
        : value,
    ),
  );
}

async function expectEqualStored(index: number, itemsAtLeast: number): Promise<void> {
  const [ours, peers] = await onBoth((side) => storedBodies(side, index));
  expect(peers.map(withoutVarying)).toEqual(ours.map(withoutVarying));
  expect(peers).toEqual(peers.map(sorted));
  expect(ours.length).toBeGreaterThanOrEqual(itemsAtLeast);
}

async function expectEqualAnswers(index: number, fault?: object): Promise<Record<string, unknown>> {
  const [ours, peers] = await onBoth((side) => postTo(side, index, fault));
  expect(peers).toEqual(ours);
  return ours;
}

const pageFaults = [
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
    (defect) => ({
      kind: 'bad-record',
      options: { defect },
    }),
  ),
];

// Where a contributor has no Go the tests are left out, and reported so; in CI a missing Go is a failure.
describe.skipIf(!hasGo && !isCi)('the Go peer', () => {
  it.each([0, 1, 2, 3, 4, 5])(
    'writes the same entries and head as the TypeScript function (connection %i)',
    async (index) => {
      for (let events = 0; events < 6; events += 1)
        expect(await expectEqualAnswers(index)).toMatchObject({ status: 200, ended: { kind: 'committed' } });
      await expectEqualStored(index, 8);
    },
  );

  it('reads a loop of many pages alike', async () => {
    await onBoth(({ system }) => callSimulator(system, '/connections/access-sandbox-6', { pageSize: 7 }));
    await expectEqualAnswers(6);
    await expectEqualStored(6, 5);
  });

  it.each(pageFaults.map((fault, position) => [8 + position, fault] as const))(
    'ends alike on connection %i with %j',
    async (index, fault) => {
      await expectEqualAnswers(index);
      await expectEqualAnswers(index, fault);
      await expectEqualStored(index, 3);
      const [ours, peers] = await onBoth((side) => storedQuarantine(side, index));
      expect(peers).toEqual(ours);
    },
  );

  it('reports the failed records of a batch, and runs the others', async () => {
    const record = (messageId: string, body: string) => ({
      messageId,
      body,
      attributes: { SentTimestamp: String(Date.now()) },
    });
    const batch = { Records: [record('m-0', '{"connectionId":"conn-39"}'), record('m-1', '{}'), record('m-2', 'no')] };
    const answers = await onBoth(async ({ system, functionName }) =>
      JSON.parse((await system.host.invoke(functionName, batch)).payload),
    );
    const failed = { batchItemFailures: [{ itemIdentifier: 'm-1' }, { itemIdentifier: 'm-2' }] };
    expect(answers).toEqual([failed, failed]);
    await expectEqualStored(39, 3);
  });

  it('reports with the same members: one line of metrics and one of the log for each event', async () => {
    const [ours, peers] = await onBoth(async ({ lines }) => lines);
    const shapes = (lines: readonly Record<string, unknown>[]) => [...new Set(lines.map(shapeOf))].sort();
    expect(shapes(peers)).toEqual(shapes(ours));
    expect([peers.length, shapes(peers).length > 8]).toEqual([ours.length, true]);
  });

  it('leaves a table in which the audit finds nothing', async () => {
    const script = fileURLToPath(new URL('../../sandbox/system/src/data.ts', import.meta.url));
    const [, said] = await onBoth(async ({ system: { tableName, dynamoDbUrl } }) => {
      const place = ['--table', tableName, '--region', region, '--endpoint', dynamoDbUrl];
      return (await promisify(execFile)(process.execPath, [script, 'audit', ...place])).stdout; // fails on a difference
    });
    expect(said).toMatch(/^0 differences in 1\d\d entries of 40 connections/);
  });
});

/** Names, units and dimensions, without values; and without cold starts, of which each function has its own number. */
function shapeOf(line: Record<string, unknown>): string {
  const said = ['level', 'message', 'component', 'service', 'provider', 'outcome', 'error_code'];
  const { _aws: emf, ColdStart: _, ...members } = line;
  const named = Object.entries(members).map(([name, value]) => [name, said.includes(name) ? value : typeof value]);
  const [directive] = (emf as Emf | undefined)?.CloudWatchMetrics ?? [];
  const metrics = directive?.Metrics.filter(({ Name }) => Name !== 'ColdStart');
  return sorted(
    JSON.stringify([Object.fromEntries(named), directive === undefined ? null : { ...directive, Metrics: metrics }]),
  );
}

interface Emf {
  readonly CloudWatchMetrics: readonly { readonly Metrics: readonly { readonly Name: string }[] }[];
}
