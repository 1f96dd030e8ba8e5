/** `npm start` as a newcomer sees it, from the first line to what Ctrl-C leaves behind. */
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { startProviders } from '@quartersec/sandbox-providers';
import { afterEach, expect, it, vi } from 'vitest';
import { until } from './journey.ts';
import { type StartedSystem, startSystemProcess } from './started-system.ts';

let system: StartedSystem | undefined;

vi.setConfig({ testTimeout: 120_000 }); // the first start builds the functions

afterEach(() => system?.dispose());

/** The process and everything it has started, by Linux' own account; empty elsewhere. */
function descendants(pid: number): number[] {
  if (!existsSync('/proc')) return [];
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const [, ppid] = /\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
        return [[Number(name), Number(ppid)] as const];
      } catch {
        return []; // it has just ended
      }
    });
  const below = (parent: number): number[] =>
    parents.filter(([, ppid]) => ppid === parent).flatMap(([own]) => [own, ...below(own)]);
  return below(pid);
}

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

function refuses(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) });
    socket.once('error', () => resolve(true));
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
  });
}

async function interrupt({ child }: StartedSystem): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  expect(await ended).toEqual([130, null]); // as a shell says it of Ctrl-C
}

it('shows events flowing, answers sync and audit, and Ctrl-C leaves no process, port or file behind', async () => {
  system = await startSystemProcess(['--connections', '20', '--rate', '20']);
  const { url, child, command, stateFolder } = system;
  const { url: control } = system.announced();
  // The board itself: where it does not start, the address is that of the control server.
  expect((await fetch(`${url}/snapshot.json`)).status).toBe(200);
  const started = descendants(child.pid ?? 0);
  expect(started.length).toBeGreaterThanOrEqual(2); // table and simulator; environments come with the events

  await until(
    'fifty events',
    async () => {
      const exposition = await (await fetch(`${control}/metrics`)).text();
      const count = /^quartersec_round_trip_milliseconds_count\{provider="plaid",service="process"\} (\d+)$/m;
      return Number(count.exec(exposition)?.[1]) >= 50;
    },
    60_000,
  );

  const sync = await command('sync.ts', 'conn-0');
  expect(sync.text).toMatch(/load +\d+\.\d\d ms\n +fetch +\d+/);
  expect(sync.text).toContain('committed: version');
  for (const bank of ['obuk-0', 'berlin-0'])
    expect((await command('sync.ts', bank)).text).toContain('committed: version');
  const audit = await command('data.ts', 'audit');
  expect(audit).toEqual({ code: 0, text: expect.stringMatching(/^0 differences in \d+ entries of 24 connections/) });

  expect(await command('start.ts')).toEqual({ code: 1, text: '' }); // one system a checkout
  const all = [...new Set([...started, ...descendants(child.pid ?? 0)])];
  await interrupt(system);
  await until('every process to be gone', () => !all.some(alive)); // a child of a child ends a moment after it
  expect([await refuses(url), await refuses(control)]).toEqual([true, true]);
  expect(readdirSync(stateFolder)).toEqual([]);
});

it('talks to a real Plaid when it is given an account', async () => {
  const providers = await startProviders({ seed: 5, connections: 1, clientId: 'mine', secret: 'mine-too' });
  try {
    system = await startSystemProcess([], {
      PLAID_BASE_URL: providers.url,
      PLAID_CLIENT_ID: 'mine',
      PLAID_SECRET: 'mine-too',
      PLAID_ACCESS_TOKEN: 'access-sandbox-0',
    });
    const { url: control } = system.announced();
    const response = await fetch(`${control}/events`, { method: 'POST', body: '{"connectionId":"plaid-0"}' });
    expect(await response.json()).toMatchObject({ outcome: { kind: 'committed' }, version: 3 });
    expect((await fetch(`${control}/faults`)).status).toBe(404); // there is no simulator to plant them in
    await interrupt(system);
  } finally {
    await providers.close();
  }
});
