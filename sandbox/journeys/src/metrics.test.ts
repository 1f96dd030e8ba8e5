/** What a reader of the running system's control server sees: Prometheus, the board, the npm commands. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type ControlServer,
  controlSourcesOf,
  createErrorLines,
  type System,
  sendEvent,
  startControlServer,
} from '@quartersec/sandbox-system';
import { countMetrics, metrics, timingMetrics } from '@quartersec/sla';
import { connectionPk, entrySk, insightStateKey } from '@quartersec/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectTruth, postEvent, readJournal, startJourneySystem, until, within } from './journey.ts';

const promtoolMissing = spawnSync('promtool', ['--version']).error !== undefined;
const errorLines = createErrorLines();
let system: System;
let control: ControlServer;
let state: string;

beforeAll(async () => {
  system = await startJourneySystem({
    functionTimeoutMs: 2_000,
    queue: { visibilityTimeoutSeconds: 2, maxReceiveCount: 2 },
    onLog: (_functionName, line) => errorLines.read(line),
  });
  control = await startControlServer(controlSourcesOf(system, errorLines));
  state = await mkdtemp(join(tmpdir(), 'quartersec-metrics-'));
  const { tableName, dynamoDbUrl } = system;
  const running = { pid: process.pid, url: control.url, tableName, dynamoDbUrl, region: 'eu-west-1' };
  await writeFile(join(state, 'running-system.json'), JSON.stringify(running));
});

afterAll(async () => {
  await control?.close();
  await system?.close();
  await rm(state, { recursive: true, force: true });
});

async function scrape(): Promise<string> {
  return (await fetch(`${control.url}/metrics`)).text();
}

/** The series of `process` and `plaid`; `undefined` when it is not there. */
async function read(name: string, labels = 'provider="plaid",service="process"'): Promise<number | undefined> {
  const line = (await scrape()).split('\n').find((text) => text.startsWith(`${name}{${labels}} `));
  return line === undefined ? undefined : Number(line.split(' ')[1]);
}

/** Waits for a total, and gives it a moment to be passed, which must not happen. */
async function expectTotal(name: string, expected: number, labels?: string): Promise<void> {
  await until(`${name} ${expected}`, async () => ((await read(name, labels)) ?? 0) >= expected);
  expect(await read(name, labels)).toBe(expected);
}

async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(control.url + path, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
  expect(response.status).toBe(200);
  return response.json();
}

async function command(script: string, ...args: string[]): Promise<{ code: unknown; text: string }> {
  const path = fileURLToPath(new URL(`../../system/src/${script}`, import.meta.url));
  const run = spawn(process.execPath, [path, ...args], { env: { ...process.env, QUARTERSEC_STATE_DIRECTORY: state } });
  let text = '';
  for (const stream of [run.stdout, run.stderr]) {
    stream.on('data', (chunk) => {
      text += chunk;
    });
  }
  const [code] = await once(run, 'close');
  return { code, text };
}

describe('before the first event', () => {
  it('every metric of the catalogue is there, explained, and every total is 0', async () => {
    const exposition = await scrape();
    for (const { meaning } of Object.values(metrics)) expect(exposition).toContain(` ${meaning}\n`);
    expect(exposition.match(/^# HELP /gm)).toHaveLength(countMetrics.length + timingMetrics.length);
    expect(exposition.match(/^# TYPE \S+_total counter$/gm)).toHaveLength(countMetrics.length);
    expect(exposition.match(/^# TYPE \S+_milliseconds histogram$/gm)).toHaveLength(timingMetrics.length);
    const values = exposition.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(values.length).toBeGreaterThan(200);
    // The queue's age is looked at by a timer: a start that takes long has looked already, at an empty queue.
    const looks = /^quartersec_oldest_message_age_milliseconds_(bucket|count)\{/;
    expect(values.filter((line) => !line.endsWith(' 0') && !looks.test(line))).toEqual([]);
  });

  it.skipIf(promtoolMissing)('promtool reads it (left out without promtool: apt-get install prometheus)', async () => {
    const { status, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: await scrape(), encoding: 'utf8' });
    expect(status, stderr).toBe(3); // 1 would be: it cannot be read; 3: the linter would rather have seconds
  });
});

describe('what happens is counted', () => {
  it('the first event of a connection: one round trip, its account list and its page', async () => {
    expect(await ask('POST', '/events', { connectionId: 'conn-0' })).toMatchObject({ outcome: { kind: 'committed' } });
    await expectTotal('quartersec_round_trip_milliseconds_count', 1);
    await expectTotal('quartersec_committed_total', 2);
    expect(await read('quartersec_failed_total')).toBe(0);
  });

  it('an event whose retries are used up: once, and it is the newest of the errors', async () => {
    const fault = { token: 'access-sandbox-1', kind: 'status', times: 4, options: { status: 500 } };
    expect(await ask('POST', '/faults', fault)).toMatchObject({ kind: 'status' });
    await postEvent(system, { connectionId: 'conn-1', correlationId: 'journey-metrics' });
    await expectTotal('quartersec_retries_exhausted_total', 1);
    expect(await ask('GET', '/errors')).toMatchObject([
      {
        timestamp: expect.any(String),
        level: 'CRITICAL',
        component: 'processor.process',
        error_code: 'SERVER_ERROR',
        correlation_id: 'journey-metrics',
        connection_id: 'conn-1',
        provider: 'plaid',
      },
    ]);
  });

  it('a dead letter: once; npm run redrive moves it back, and it is processed', async () => {
    await ask('POST', '/faults', { token: 'access-sandbox-2', kind: 'status', options: { status: 500 } });
    await sendEvent(system.queueUrl, 'conn-2');
    await expectTotal('quartersec_dead_lettered_total', 1);
    expect((await readJournal(system, 'conn-2')).head.version).toBe(1);
    await ask('DELETE', '/faults');

    expect(await command('redrive.ts')).toEqual({ code: 0, text: '1 message moved back to the queue\n' });
    await until('the commit', async () => (await readJournal(system, 'conn-2')).head.version === 3);
    await expectTruth(system, 2);
    expect(await read('quartersec_dead_lettered_total')).toBe(1);
    expect(await command('redrive.ts')).toEqual({ code: 0, text: '0 messages moved back to the queue\n' });
  });

  it('what the audit finds: each difference, and nothing while there is none', async () => {
    const labels = 'provider="unknown",service="unknown"';
    expect(await command('data.ts', 'audit')).toMatchObject({ code: 0 });
    expect(await read('quartersec_audit_differences_total', labels)).toBe(0);
    expect(await read('quartersec_audits_total', labels)).toBe(1);
    await system.table.delete({ pk: connectionPk('conn-0'), sk: entrySk(2) }, within());
    const { code, text } = await command('data.ts', 'audit');
    expect(code).toBe(1);
    const differences = Number(/^(\d+) differences in/m.exec(text)?.[1]);
    expect(differences).toBeGreaterThan(0);
    expect(await read('quartersec_audit_differences_total', labels)).toBe(differences);
    expect(await read('quartersec_audits_total', labels)).toBe(2);
  });

  it('a damaged state of insights: the audit names it, npm run rebuild makes it again, of one connection or of all', async () => {
    await postEvent(system, { connectionId: 'conn-13' });
    const item = await system.table.get(insightStateKey('conn-13'), within());
    if (item === undefined) throw new Error('no state');
    await system.table.put({ ...item, body: Buffer.from('damaged') }, undefined, within());
    const damaged = await command('data.ts', 'audit');
    expect(damaged).toMatchObject({ code: 1, text: expect.stringContaining('INSIGHTS_DIFFER') });
    const made = 'conn-13: head of version 3 was right already; the state of its insights made again from 3 entries';
    expect(await command('data.ts', 'rebuild', 'conn-13')).toEqual({ code: 0, text: expect.stringContaining(made) });
    expect(await system.table.get(insightStateKey('conn-13'), within())).toEqual(item);
    const all = await command('data.ts', 'rebuild', '--all', '--after', 'conn-8');
    expect(all.code).toBe(0);
    expect(all.text.match(/^conn-\d+/gm)).toEqual(['conn-9']);
  });
});

it('readers that hang do not keep events from being processed, nor other readers from their answers', async () => {
  const before = (await read('quartersec_committed_total')) ?? 0;
  const hung: Socket[] = [];
  for (let count = 0; count < 40; count += 1) {
    const socket = connect(Number(new URL(control.url).port), '127.0.0.1');
    socket.on('error', () => {}); // cut off at the end
    socket.pause();
    socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
    hung.push(socket);
  }
  try {
    for (let index = 3; index < 13; index += 1) {
      const { body } = await postEvent(system, { connectionId: `conn-${index}` });
      expect(body).toMatchObject({ outcome: { kind: 'committed' } });
    }
    await expectTotal('quartersec_committed_total', before + 20); // each its account list and its page
  } finally {
    for (const socket of hung) socket.destroy();
  }
});
