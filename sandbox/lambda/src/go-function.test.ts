import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createManualClock } from './clock.ts';
import { isAlive, observedHost } from './fixtures/host.ts';
import type { BinaryFunction } from './function-definition.ts';

const BUILD_TIMEOUT_MS = 300_000; // a cold build downloads one module and compiles the standard library
const hasGo = spawnSync('go', ['version']).status === 0;
const isCi = process.env.CI === 'true';

// Where a contributor has no Go the tests are left out, and reported so; in CI a missing Go is a failure.
describe.skipIf(!hasGo && !isCi)('a Go program built with aws-lambda-go, unchanged,', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'go-function-'));
    const cwd = join(import.meta.dirname, '../go-function');
    await promisify(execFile)('go', ['build', '-o', join(folder, 'bootstrap'), '.'], { cwd });
  }, BUILD_TIMEOUT_MS);
  afterAll(() => rm(folder, { recursive: true }));

  const program = (settings: Partial<BinaryFunction> = {}): BinaryFunction => ({
    kind: 'binary',
    name: 'go',
    path: join(folder, 'bootstrap'),
    timeoutMs: 10_000,
    ...settings,
  });

  it('answers invocations, in one environment', async () => {
    const { host } = await observedHost({ functions: [program()] });
    const first = await host.invoke('go', { greeting: 'grüße' });
    const seen = JSON.parse(first.payload);
    expect(seen).toMatchObject({ event: { greeting: 'grüße' }, requestId: first.requestId, function: 'go' });
    expect(seen.deadlineEpochMs).toBeGreaterThan(Date.now());
    const second = await host.invoke('go', 'text');
    expect(JSON.parse(second.payload)).toMatchObject({ event: 'text' });
    expect([first.coldStart, second.coldStart, second.environmentId]).toEqual([true, false, first.environmentId]);
  });

  it('reports its errors, and what it exits with', async () => {
    const { host } = await observedHost({ functions: [program()] });
    const failed = await host.invoke('go', { fail: 'no such account' });
    expect(failed.functionError).toMatchObject({ errorType: 'errorString', errorMessage: 'no such account' });
    const exited = await host.invoke('go', { exit: 3 });
    expect(exited.functionError).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringContaining('exit status 3'),
    });
    expect((await host.invoke('go', {})).coldStart).toBe(true);
  });

  it('serves a function URL', async () => {
    const { host } = await observedHost({ functions: [program()] });
    const headers = { 'content-type': 'text/plain' };
    const response = await fetch(`${host.functionUrl('go')}a/b`, { method: 'POST', body: 'grüße', headers });
    expect([response.status, await response.text()]).toEqual([201, 'POST /a/b grüße']);
    expect(response.headers.getSetCookie()).toEqual(['seen=1']);
  });

  it('works off a queue and reports partial failures', async () => {
    const { host } = await observedHost({
      clock: createManualClock(),
      functions: [program()],
      queues: [{ name: 'q' }],
      eventSources: [{ queue: 'q', function: 'go', reportBatchItemFailures: true }],
    });
    for (const body of ['good 1', 'bad 2', 'good 3']) host.queues.send('q', body, {});
    await vi.waitFor(() => expect(host.stats().queues.q).toMatchObject({ deleted: 2, inFlight: 1 }), {
      timeout: 200_000,
    });
    await vi.waitFor(() => expect(host.logs('go').filter((line) => /(good|bad) \d$/.test(line))).toHaveLength(3), {
      timeout: 200_000,
    });
  });

  it('runs several environments, and ends with the host', async () => {
    const { host } = await observedHost({ functions: [program()] });
    await Promise.all([1, 2, 3].map((id) => host.invoke('go', { id })));
    const pids = host.environments().map(({ pid }) => pid);
    expect(pids.length).toBeGreaterThan(1);
    await host.close();
    expect(pids.filter(isAlive)).toEqual([]);
  });
});
