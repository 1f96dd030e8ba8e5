import { AsyncLocalStorage } from 'node:async_hooks';
import { createSocket, type Socket } from 'node:dgram';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadTracing, noTracing, type Tracing } from './index.ts';

interface Sent {
  readonly name: string;
  readonly trace_id: string;
  readonly parent_id: string;
  readonly fault?: boolean;
  readonly cause?: { readonly exceptions: readonly { readonly message: string }[] };
}

/** What Lambda says of the invocation that is under way, where several are in one process. */
const invocation = new AsyncLocalStorage<string>();
const invocations = { InvokeStore: { getXRayTraceId: () => invocation.getStore() } };
const on = { POWERTOOLS_TRACE_ENABLED: 'true' };
const sent: Sent[] = [];
let daemon: Socket;
let tracing: Tracing;

const root = (digit: number) => `1-5759e988-bd862e3fe1be46a99427279${digit}`;
const parent = (digit: number) => `53995c3f42cd8ad${digit}`;
const header = (digit: number, sampled = 1) => `Root=${root(digit)};Parent=${parent(digit)};Sampled=${sampled}`;
const refuse = () => expect.unreachable('tracing was refused');

/** A datagram on loopback arrives in its own time; one that must not come would come before it. */
async function nextSent(count: number): Promise<readonly Sent[]> {
  await vi.waitFor(() => expect(sent.length).toBeGreaterThanOrEqual(count), 60_000);
  return sent.splice(0);
}

beforeAll(async () => {
  daemon = createSocket('udp4', (datagram) => sent.push(JSON.parse(String(datagram).split('\n')[1] ?? '') as Sent));
  await new Promise<void>((resolve) => daemon.bind(0, '127.0.0.1', resolve));
  vi.stubEnv('AWS_XRAY_DAEMON_ADDRESS', `127.0.0.1:${daemon.address().port}`);
  // Where a context is missing, the SDK throws: no event may fail for that.
  vi.stubEnv('AWS_XRAY_CONTEXT_MISSING', 'RUNTIME_ERROR');
  vi.stubGlobal('awslambda', invocations);
  tracing = await loadTracing('process', on, refuse);
});

afterAll(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  daemon.close();
});

describe('tracing', () => {
  it('is off and passes results and errors through unless it is asked for', async () => {
    const off = await loadTracing('process', {}, refuse);
    expect(off).toBe(noTracing);
    expect(await off.step('load', async () => 7)).toBe(7);
    await expect(off.step('load', async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('has each step of several invocations in one process in its own trace', async () => {
    let others = Promise.resolve();
    const inTurns = (digit: number) =>
      invocation.run(header(digit), async () => {
        for (const name of ['load', 'commit']) {
          await tracing.step(`${name}-${digit}`, async () => {
            // Each waits until the other has begun its step of the same name.
            const before = others;
            others = new Promise((resolve) => setImmediate(resolve));
            await before;
            await others;
          });
        }
      });
    await Promise.all([inTurns(1), inTurns(2)]);
    const steps = (await nextSent(4)).map(({ name, trace_id, parent_id }) => [name, trace_id, parent_id]);
    expect(steps.sort()).toEqual([
      ['commit-1', root(1), parent(1)],
      ['commit-2', root(2), parent(2)],
      ['load-1', root(1), parent(1)],
      ['load-2', root(2), parent(2)],
    ]);
  });

  it.each([undefined, {}, { InvokeStore: {} }])(
    'has the one of the process where Lambda’s client is %j',
    async (client) => {
      vi.stubGlobal('awslambda', client);
      vi.stubEnv('_X_AMZN_TRACE_ID', header(6));
      await tracing.step('load', async () => 7);
      vi.stubGlobal('awslambda', invocations);
      vi.stubEnv('_X_AMZN_TRACE_ID', undefined);
      expect((await nextSent(1)).map(({ trace_id }) => trace_id)).toEqual([root(6)]);
    },
  );

  it('sends a failed step with the message only', async () => {
    const failure = Object.assign(new Error('BODY_UNREADABLE'), { token: 'secret' });
    await invocation.run(header(3), async () => {
      await expect(tracing.step('fetch', () => Promise.reject(failure))).rejects.toBe(failure);
      await expect(tracing.step('fetch', () => Promise.reject('token'))).rejects.toBe('token');
    });
    const steps = await nextSent(2);
    expect(steps.map(({ cause }) => cause?.exceptions[0]?.message).sort()).toEqual(['BODY_UNREADABLE', 'failed']);
    expect(JSON.stringify(steps)).not.toMatch(/secret|token/);
  });

  it.each([undefined, '', 'nonsense', `Root=${root(4)}`, header(4, 0)])(
    'sends nothing of an invocation whose trace is %j, and runs it',
    async (given) => {
      const step = () => tracing.step('unseen', async () => 7);
      expect(await (given === undefined ? step() : invocation.run(given, step))).toBe(7);
      await invocation.run(header(5), () => tracing.step('seen', async () => 7));
      expect((await nextSent(1)).map(({ name }) => name)).toEqual(['seen']);
    },
  );
});
