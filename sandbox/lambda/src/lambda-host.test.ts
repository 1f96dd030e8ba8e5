import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { fixture, isAlive, observedHost, testGate } from './fixtures/host.ts';

const parsed = (result: { readonly payload: string }) => JSON.parse(result.payload);

describe('an invocation', () => {
  it('hands the event to the handler and its answer back', async () => {
    const { host } = await observedHost({ functions: [fixture('echo')] });
    const result = await host.invoke('echo', { greeting: 'grüße', list: [1, null] });
    expect(parsed(result)).toEqual({ event: { greeting: 'grüße', list: [1, null] }, requestId: result.requestId });
    expect(result.functionError).toBeUndefined();
  });

  it('finds in its environment and context what Lambda sets, and nothing of the host', async () => {
    vi.stubEnv('HOST_SECRET', 'must not be seen');
    onTestFinished(() => void vi.unstubAllEnvs());
    const settings = { environment: { TABLE: 'journal' }, memoryMb: 300 };
    const { host } = await observedHost({
      functions: [fixture('describeContext', settings)],
      region: 'eu-west-1',
      accountId: '123456789012',
    });
    const seen = parsed(await host.invoke('describeContext', {}));
    expect(seen).toMatchObject({
      functionName: 'describeContext',
      functionVersion: '$LATEST',
      memoryLimitInMB: '300',
      invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:describeContext',
      logGroupName: '/aws/lambda/describeContext',
      timeZone: 'UTC',
    });
    expect(seen.logStreamName).toMatch(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
    expect(seen.remainingMs).toBeGreaterThan(10_000);
    expect(seen.remainingMs).toBeLessThanOrEqual(20_000);
    expect(seen.environment).toMatchObject({
      TABLE: 'journal',
      AWS_REGION: 'eu-west-1',
      AWS_LAMBDA_FUNCTION_NAME: 'describeContext',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '300',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_ACCESS_KEY_ID: 'ASIASANDBOX',
      _HANDLER: 'handlers.describeContext',
    });
    expect(seen.environment._X_AMZN_TRACE_ID).toMatch(
      /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/,
    );
    expect(seen.environment.HOST_SECRET).toBeUndefined();
    vi.unstubAllEnvs();
  });

  it('carries 6 MB each way, and refuses or fails more', async () => {
    const { host } = await observedHost({ functions: [fixture('answer'), fixture('repeat')] });
    const big = 'x'.repeat(6_000_000);
    expect(parsed(await host.invoke('answer', { answer: big }))).toBe(big);
    await expect(host.invoke('answer', { answer: 'x'.repeat(6_300_000) })).rejects.toMatchObject({
      code: 'RequestTooLargeException',
    });
    const tooLong = await host.invoke('repeat', { times: 6_300_000 });
    expect(tooLong.functionError).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' });
    expect((await host.invoke('repeat', { times: 2 })).payload).toBe('"xx"');
  });

  it('answers null when the handler returns nothing', async () => {
    const { host } = await observedHost({ functions: [fixture('answer')] });
    expect((await host.invoke('answer', {})).payload).toBe('null');
  });

  it('fails with type, message and trace when the handler throws, and the environment lives on', async () => {
    const { host } = await observedHost({ functions: [fixture('fail')] });
    const first = await host.invoke('fail', { message: 'out of range', name: 'Odd\r\nName' });
    expect(first.functionError).toMatchObject({ errorType: 'Odd\r\nName', errorMessage: 'out of range' });
    expect(first.functionError?.trace?.join('\n')).toContain('handlers.mjs');
    const second = await host.invoke('fail', { message: 'again' });
    expect(second.functionError).toMatchObject({ errorType: 'RangeError', errorMessage: 'again' });
    expect(second.environmentId).toBe(first.environmentId);
  });

  it('is refused for a function that does not exist', async () => {
    const { host } = await observedHost({});
    await expect(host.invoke('nobody', {})).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });
});

describe('environments', () => {
  it('serve one invocation at a time, the last used first', async () => {
    const gate = await testGate();
    const { host } = await observedHost({ functions: [fixture('hold')] });
    const both = [host.invoke('hold', { untilUrl: gate.url }), host.invoke('hold', { untilUrl: gate.url })];
    await gate.arrived(2);
    expect(host.stats().functions.hold).toMatchObject({ coldStarts: 2, environments: 2, inFlight: 2 });
    gate.open();
    const pids = (await Promise.all(both)).map((result) => parsed(result).pid);
    expect(new Set(pids).size).toBe(2);
    const used = [];
    for (let count = 0; count < 5; count += 1)
      used.push((await host.invoke('hold', { untilUrl: gate.url })).environmentId);
    expect(new Set(used).size).toBe(1);
    expect(host.stats().functions.hold).toMatchObject({ coldStarts: 2, invocations: 7, inFlight: 0 });
  });

  it('tell a cold start from a warm one, and the report has its init', async () => {
    const { host, reports } = await observedHost({ functions: [fixture('echo')] });
    const cold = await host.invoke('echo', 1);
    const warm = await host.invoke('echo', 2);
    expect([cold.coldStart, warm.coldStart]).toEqual([true, false]);
    expect(cold.initDurationMs).toBeGreaterThan(1);
    expect(warm.initDurationMs).toBeUndefined();
    expect(reports.map((report) => report.type)).toEqual(['start', 'end', 'report', 'start', 'end', 'report']);
    expect(reports[2]).toMatchObject({ status: 'success', memorySizeMb: 256, initDurationMs: cold.initDurationMs });
    expect(reports[2]).toHaveProperty(
      'maxMemoryUsedMb',
      expect.toSatisfy((mb: number) => mb > 20 && mb < 200),
    );
    expect(reports[5]).not.toHaveProperty('initDurationMs');
  });

  it('are never more than maxEnvironments: the rest waits in order, and beyond maxWaiting is refused', async () => {
    const gate = await testGate();
    const { host } = await observedHost({ functions: [fixture('hold', { maxEnvironments: 1, maxWaiting: 2 })] });
    const order: number[] = [];
    const invoke = (id: number) => host.invoke('hold', { untilUrl: gate.url, id }).then(() => order.push(id));
    const accepted = [invoke(1)];
    await gate.arrived(1);
    accepted.push(invoke(2), invoke(3));
    await expect(host.invoke('hold', {})).rejects.toMatchObject({ code: 'TooManyRequestsException' });
    expect(host.stats().functions.hold).toMatchObject({ waiting: 2, environments: 1, throttles: 1 });
    gate.open();
    await Promise.all(accepted);
    expect(order).toEqual([1, 2, 3]);
  });

  it('run several invocations at once when the function asks for it, each with its own context', async () => {
    const gate = await testGate();
    const { host } = await observedHost({
      functions: [fixture('scoped', { concurrencyPerEnvironment: 3, maxEnvironments: 1 })],
    });
    const all = ['a', 'b', 'c'].map((id) => host.invoke('scoped', { untilUrl: gate.url, id }));
    await gate.arrived(3);
    gate.open();
    const results = await Promise.all(all);
    expect(new Set(results.map((result) => result.environmentId)).size).toBe(1);
    expect(results.map((result) => parsed(result).id)).toEqual(['a', 'b', 'c']);
    for (const result of results) expect(parsed(result).storedRequestId).toBe(result.requestId);
    expect(host.stats().functions.scoped).toMatchObject({ coldStarts: 1, environments: 1 });
  });

  it('are ended once they have been idle for idleMs', async () => {
    const { host, reported } = await observedHost({ functions: [fixture('echo', { idleMs: 1 })] });
    await host.invoke('echo', 1);
    const pid = host.environments()[0]?.pid;
    expect(await reported((report) => report.type === 'environmentEnded')).toMatchObject({ reason: 'idle' });
    expect(isAlive(pid)).toBe(false);
    expect((await host.invoke('echo', 2)).coldStart).toBe(true);
  });

  it('are replaced by a new deployment, but finish what they are at', async () => {
    const gate = await testGate();
    const { host, reported } = await observedHost({ functions: [fixture('hold', { name: 'work' })] });
    const old = host.invoke('work', { untilUrl: gate.url, id: 'old' });
    await gate.arrived(1);
    await host.deployFunction(fixture('echo', { name: 'work' }));
    expect(parsed(await host.invoke('work', 'new')).event).toBe('new');
    gate.open();
    expect(parsed(await old).held).toBe('old');
    expect(await reported((report) => report.type === 'environmentEnded')).toMatchObject({ reason: 'replaced' });
    expect(parsed(await host.invoke('work', 'newer')).event).toBe('newer');
  });

  it('keep what they write, line by line, for the log and the listener', async () => {
    const onLog = vi.fn();
    const { host } = await observedHost({ functions: [fixture('writeLines')], onLog, logLines: 2 });
    const { environmentId } = await host.invoke('writeLines', {
      lines: ['{"_aws":{}}', 'zweite Zeile: ü'],
      error: 'a warning',
    });
    await vi.waitFor(() => expect(onLog).toHaveBeenCalledTimes(3), { timeout: 200_000 });
    expect(onLog).toHaveBeenCalledWith('writeLines', '{"_aws":{}}', environmentId);
    expect(onLog).toHaveBeenCalledWith('writeLines', 'zweite Zeile: ü', environmentId);
    expect(onLog).toHaveBeenCalledWith('writeLines', 'a warning', environmentId);
    expect(host.logs('writeLines')).toHaveLength(2);
  });
});

describe('a failing environment', () => {
  it('is killed at the timeout, and the next invocation gets another', async () => {
    const { host, reported } = await observedHost({ functions: [fixture('hang', { timeoutMs: 300 })] });
    const running = host.invoke('hang', {});
    await reported((report) => report.type === 'start');
    const pid = host.environments()[0]?.pid;
    const { functionError, requestId, environmentId } = await running;
    const errorMessage = `RequestId: ${requestId} Error: Task timed out after 0.30 seconds`;
    expect(functionError).toEqual({ errorType: 'Sandbox.Timedout', errorMessage });
    expect(isAlive(pid)).toBe(false);
    expect(await reported((report) => report.type === 'report')).toMatchObject({ status: 'timeout' });
    expect((await host.invoke('hang', {})).environmentId).not.toBe(environmentId);
    expect(host.stats().functions.hang).toMatchObject({ timeouts: 2, errors: 2, coldStarts: 2 });
  });

  it('is not what an answered invocation becomes when its timeout passes', async () => {
    const { host, reports } = await observedHost({ functions: [fixture('echo', { timeoutMs: 1_000 })] });
    await host.invoke('echo', 'first');
    const pauseUntilMs = performance.now() + 1_200;
    while (performance.now() < pauseUntilMs) await host.invoke('echo', 'again');
    expect(host.stats().functions.echo).toMatchObject({ coldStarts: 1, errors: 0 });
    expect(reports.filter((report) => report.type === 'environmentEnded')).toEqual([]);
  });

  it.each([
    ['exit', { status: 7 }, 'Runtime.ExitError', 'Runtime exited with error: exit status 7'],
    ['reject', {}, 'Runtime.ExitError', 'Runtime exited with error: exit status 1'],
    ['exhaustHeap', {}, 'Runtime.OutOfMemory', 'Runtime exited with error: signal: killed'],
    ['allocate', { mb: 120 }, 'Runtime.OutOfMemory', 'Runtime exited with error: signal: killed'],
  ])('fails its own invocation alone when it ends by %s', async (handler, event, errorType, reason) => {
    const gate = await testGate();
    const { host } = await observedHost({ functions: [fixture(handler, { memoryMb: 100 }), fixture('hold')] });
    const other = host.invoke('hold', { untilUrl: gate.url, id: 'unharmed' });
    await gate.arrived(1);
    const { functionError, requestId } = await host.invoke(handler, event);
    expect(functionError).toEqual({ errorType, errorMessage: `RequestId: ${requestId} Error: ${reason}` });
    gate.open();
    expect(parsed(await other).held).toBe('unharmed');
  });

  it('can be killed by its id', async () => {
    const gate = await testGate();
    const { host, reported } = await observedHost({ functions: [fixture('hold')] });
    const running = host.invoke('hold', { untilUrl: gate.url });
    await gate.arrived(1);
    const [environment] = host.environments();
    expect(environment).toMatchObject({ functionName: 'hold', state: 'busy', invocations: 1 });
    expect(await host.killEnvironment(environment?.id ?? '')).toBe(true);
    expect((await running).functionError).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringContaining('signal: killed'),
    });
    expect(await reported((report) => report.type === 'environmentEnded')).toMatchObject({ reason: 'killed' });
    expect(await host.killEnvironment('nobody')).toBe(false);
  });

  it.each([
    ['handlers.nothing', 'Runtime.HandlerNotFound', /handlers\.nothing is undefined or not exported/],
    ['handlers.notAFunction', 'Runtime.HandlerNotFound', /is not a function/],
    ['absent.handler', 'Runtime.ImportModuleError', /Cannot find module 'absent'/],
    ['missing-import.handler', 'Runtime.ImportModuleError', /not-installed/],
    ['throws-on-import.handler', 'Error', /no TABLE_NAME/],
  ])('that cannot start (%s) fails one invocation with the reason', async (handler, errorType, message) => {
    const { host } = await observedHost({ functions: [fixture('x', { handler })] });
    const results = await Promise.all([host.invoke('x', 1), host.invoke('x', 2)]);
    for (const { functionError } of results) {
      expect(functionError).toMatchObject({ errorType, errorMessage: expect.stringMatching(message) });
    }
    expect(host.stats().functions.x).toMatchObject({ errors: 2, waiting: 0, inFlight: 0 });
  });

  it('that cannot be parsed says so', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'lambda-host-')); // written here, because no linter takes such a file
    onTestFinished(() => rm(directory, { recursive: true }));
    await writeFile(join(directory, 'broken.mjs'), 'export const handler = (;');
    const { host } = await observedHost({ functions: [fixture('x', { directory, handler: 'broken.handler' })] });
    const { functionError } = await host.invoke('x', 1);
    expect(functionError).toMatchObject({ errorType: 'Runtime.UserCodeSyntaxError' });
  });

  it('that never gets to asking is killed after initTimeoutMs', async () => {
    const { host } = await observedHost({
      functions: [fixture('x', { handler: 'hangs-on-import.handler', initTimeoutMs: 400 })],
    });
    const { functionError } = await host.invoke('x', 1);
    expect(functionError).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringContaining('0.40 seconds'),
    });
  });

  it('whose executable cannot be run says so', async () => {
    const path = `${import.meta.dirname}/fixtures/handlers.mjs`; // not executable
    const { host } = await observedHost({ functions: [{ kind: 'binary', name: 'x', path }] });
    const { functionError } = await host.invoke('x', 1);
    expect(functionError).toMatchObject({
      errorType: 'Runtime.InvalidEntrypoint',
      errorMessage: expect.stringContaining('EACCES'),
    });
  });
});

describe('the host', () => {
  it('starts nothing before the first invocation', async () => {
    const { host } = await observedHost({ functions: [fixture('echo')] });
    expect(host.environments()).toEqual([]);
  });

  it('drains: what runs and waits is finished first', async () => {
    const gate = await testGate();
    const { host } = await observedHost({ functions: [fixture('hold', { maxEnvironments: 1 })] });
    const all = [1, 2].map((id) => host.invoke('hold', { untilUrl: gate.url, id }));
    await gate.arrived(1);
    let drained = false;
    const drain = host.drain().then(() => {
      drained = true;
    });
    expect(drained).toBe(false);
    gate.open();
    await drain;
    expect(host.stats().functions.hold).toMatchObject({ inFlight: 0, waiting: 0, invocations: 2 });
    await Promise.all(all);
  });

  it('closes: environments end, what runs fails, what waits is refused', async () => {
    const gate = await testGate();
    const { host } = await observedHost({ functions: [fixture('hold', { maxEnvironments: 1 })] });
    const running = host.invoke('hold', { untilUrl: gate.url });
    await gate.arrived(1);
    const waiting = expect(host.invoke('hold', {})).rejects.toMatchObject({ code: 'HostClosed' });
    const pid = host.environments()[0]?.pid;
    await host.close();
    await waiting;
    expect((await running).functionError).toMatchObject({ errorType: 'Runtime.ExitError' });
    expect(isAlive(pid)).toBe(false);
    await expect(fetch(host.url)).rejects.toThrow();
    await expect(host.invoke('hold', {})).rejects.toMatchObject({ code: 'HostClosed' });
  });

  it.each(['SIGKILL', 'exit'])(
    'takes its environments with it when it dies by %s, a hanging function too',
    async (way) => {
      const program = `
      import { startLambdaHost } from ${JSON.stringify(import.meta.resolve('./index.ts'))};
      const directory = ${JSON.stringify(`${import.meta.dirname}/fixtures`)};
      const host = await startLambdaHost({
        functions: [{ kind: 'node', name: 'hang', directory, handler: 'handlers.hang' , timeoutMs: 60_000 }],
        onReport: (report) => console.log(String(host.environments()[0].pid)),
      });
      process.on('SIGTERM', () => process.exit(0));
      await host.invoke('hang', {});`;
      const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [line] = await once(createInterface({ input: child.stdout }), 'line');
      const pid = Number(line);
      expect(isAlive(pid)).toBe(true);
      child.kill(way === 'exit' ? 'SIGTERM' : 'SIGKILL');
      await once(child, 'exit');
      await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 200_000 });
    },
  );

  it('names the remedy when its port is taken', async () => {
    const { host } = await observedHost({});
    const port = Number(new URL(host.url).port);
    await expect(observedHost({ port })).rejects.toMatchObject({
      code: 'PortInUse',
      message: expect.stringContaining('choose another'),
    });
  });

  it.each([
    [{ name: 'a b' }, 'the name must be'],
    [{ handler: 'handler' }, 'must read "file.export"'],
    [{ timeoutMs: 0 }, 'timeoutMs must be an integer from 1'],
    [{ timeoutMs: 900_001 }, 'at most 900000'],
    [{ environment: { AWS_REGION: 'x' } }, 'AWS_REGION is reserved'],
    [{ directory: '/nowhere/at/all' }, 'there is nothing at /nowhere/at/all'],
  ])('refuses a definition with %j', async (settings, reason) => {
    const refused = observedHost({ functions: [fixture('echo', settings)] });
    await expect(refused).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
      message: expect.stringContaining(reason),
    });
  });
});
