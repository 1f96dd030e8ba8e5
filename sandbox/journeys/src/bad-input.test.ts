/** What a person or a caller does wrong: each gets a clear message that names the remedy, and nothing is lost. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { startLambdaHost } from '@quartersec/sandbox-lambda';
import { type System, sendEvent } from '@quartersec/sandbox-system';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postEvent, readJournal, startJourneySystem, until } from './journey.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
let system: System;

beforeAll(async () => {
  system = await startJourneySystem({
    connections: 2,
    functionTimeoutMs: 2_000,
    queue: { visibilityTimeoutSeconds: 2, maxReceiveCount: 1 },
  });
});

afterAll(() => system?.close());

const post = async (body: string, contentType: string) => {
  const response = await fetch(system.processUrl, { method: 'POST', headers: { 'content-type': contentType }, body });
  return { status: response.status, body: await response.text() };
};

async function sqs(action: string, input: object): Promise<{ readonly Messages?: readonly object[] }> {
  const response = await fetch(new URL('/', system.queueUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${action}` },
    body: JSON.stringify(input),
  });
  return (await response.json()) as { readonly Messages?: readonly object[] };
}

/** Runs one of the system's scripts as `npm run` does. */
async function run(script: string, args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [`${root}${script}`, ...args], { env: { ...process.env, ...env } });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const [code] = await once(child, 'exit');
  return { code, output };
}

describe('a caller over HTTP', () => {
  it('with an unknown connection is told so', async () => {
    const { status, body } = await postEvent(system, { connectionId: 'conn-none' });
    expect(status).toBe(404);
    expect(body).toMatchObject({ outcome: { code: 'CONNECTION_UNKNOWN', detail: '{"connectionId":"conn-none"}' } });
  });

  it.each([
    ['a malformed event', '{"connectionId":7}', 'application/json', 400, /connectionId must be/],
    ['no JSON', 'hello', 'application/json', 400, /must be JSON such as/],
    ['another content type', '{"connectionId":"conn-0"}', 'text/plain', 415, /application\/json/],
  ])('with %s is told what to send', async (_title, body, contentType, status, remedy) => {
    const answer = await post(body, contentType);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatch(remedy);
  });
});

describe('a message on the queue', () => {
  it('that is poison ends in the dead letters as it came, and others are not affected', async () => {
    await sqs('SendMessage', { QueueUrl: system.queueUrl, MessageBody: 'not an event' });
    await sendEvent(system.queueUrl, 'conn-0');
    await until('the good one', async () => (await readJournal(system, 'conn-0')).head.version === 3);
    await until('the dead letter', () => system.host.stats().queues['sync-dead']?.visible === 1);
    const { Messages } = await sqs('ReceiveMessage', { QueueUrl: system.deadLetterQueueUrl });
    expect(Messages).toEqual([expect.objectContaining({ Body: 'not an event' })]);
  });
});

describe('a function without its environment', () => {
  it('says which variables are missing and what belongs in them', async () => {
    const host = await startLambdaHost({
      functions: [
        {
          name: 'process',
          kind: 'node',
          directory: `${root}apps/processor/dist/process`,
          handler: 'index.handler',
          memoryMb: 512,
        },
      ],
    });
    try {
      const { functionError, payload } = await host.invoke('process', { connectionId: 'conn-0' });
      expect(functionError).toBeDefined();
      expect(payload).toContain('CONFIGURATION_INVALID');
      expect(payload).toContain('openssl rand -base64 32');
    } finally {
      await host.close();
    }
  });
});

describe('a person at the terminal', () => {
  it('who syncs or audits without a running system is told to start one', async () => {
    // Where no system runs; a system that a developer has running here would be found, rightly.
    const sync = await run('sandbox/system/src/sync.ts', ['conn-0'], {
      QUARTERSEC_STATE_DIRECTORY: `${root}.cache/nowhere`,
    });
    expect(sync).toEqual({ code: 1, output: expect.stringContaining('run npm start in another terminal first') });
    const audit = await run('sandbox/system/src/data.ts', ['audit'], {
      QUARTERSEC_STATE_DIRECTORY: `${root}.cache/nowhere`,
    });
    expect(audit).toEqual({ code: 1, output: expect.stringContaining('run npm start first') });
  });

  it('who forgets the connection is told how to name one', async () => {
    const { code, output } = await run('sandbox/system/src/sync.ts', []);
    expect(code).toBe(2);
    expect(output).toContain('npm run sync -- <connectionId>');
  });

  it('whose port is occupied is told how to choose another, and nothing is left running', async () => {
    const occupant = createServer().listen(0, '127.0.0.1');
    await once(occupant, 'listening');
    const { port } = occupant.address() as AddressInfo;
    const env = { QUARTERSEC_STATE_DIRECTORY: `${root}.cache/occupied` };
    const { code, output } = await run(
      'sandbox/system/src/start.ts',
      ['--port', String(port), '--connections', '1'],
      env,
    );
    occupant.close();
    expect(code).toBe(1);
    expect(output).toContain(`port ${port} is occupied: choose another with --port`);
  });

  it.each([
    [['--connections', 'many'], '--connections must be a whole number'],
    [['--nonsense'], '--nonsense'],
  ])('who mistypes an option is told which: %s', async (args, message) => {
    const { code, output } = await run('sandbox/system/src/start.ts', args, {
      QUARTERSEC_STATE_DIRECTORY: `${root}.cache/typo`,
    });
    expect(code).toBe(2);
    expect(output).toContain(message);
    expect(output.trimEnd()).not.toContain('\n');
  });

  it.each([
    ['audit', ['--table', 'a'], '--table without --region: name table and region both'],
    ['rebuild', ['conn-0', '--region', 'eu-west-1'], '--region without --table: name table and region both'],
    [
      'forget',
      ['conn-0', '--dax', 'dax://127.0.0.1:1'],
      '--dax without --table and --region: name table and region both',
    ],
  ])('who names half a table for %s is refused, so that it works on no other: %s', async (tool, args, message) => {
    const { code, output } = await run('sandbox/system/src/data.ts', [tool, ...args]);
    expect(code).toBe(2);
    expect(output).toContain(`${tool}: ${message}`);
    expect(output.trimEnd()).not.toContain('\n');
  });

  it('who gives half of a Plaid account is told what is missing', async () => {
    const env = { PLAID_BASE_URL: 'http://127.0.0.1:9', QUARTERSEC_STATE_DIRECTORY: `${root}.cache/half` };
    const { code, output } = await run('sandbox/system/src/start.ts', [], env);
    expect(code).toBe(1);
    expect(output).toContain('PLAID_ACCESS_TOKEN');
  });
});
