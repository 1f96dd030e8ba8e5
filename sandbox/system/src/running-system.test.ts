import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const gonePid = spawnSync(process.execPath, ['-e', '']).pid;
/** Lives as long as the test, and is not this process. */
const otherPid = process.ppid;
/** Nobody listens there. */
const deadUrl = 'http://127.0.0.1:9';

let folder: string;
let module: typeof import('./running-system.ts');

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'running-system-'));
  vi.stubEnv('QUARTERSEC_STATE_DIRECTORY', folder);
  vi.resetModules();
  module = await import('./running-system.ts');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const rest = { apiUrl: 'http://127.0.0.1:1', tableName: 't', dynamoDbUrl: deadUrl, region: 'eu-west-1' };
const system = (pid: number, url: string) => ({ pid, url, ...rest });
const writeState = (pid: number, url: string) =>
  writeFileSync(join(folder, 'running-system.json'), JSON.stringify(system(pid, url)));
const claimFile = () => join(folder, 'running-system.pid');

async function answeringAs(pid: number, task: (url: string) => Promise<void>): Promise<void> {
  const server = createServer((_request, response) => response.end(JSON.stringify({ pid }))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await task(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

describe('the running system', () => {
  it('is the one that answers by its own process id', () =>
    answeringAs(otherPid, async (url) => {
      writeState(otherPid, url);
      expect(await module.findSystem()).toEqual(system(otherPid, url));
    }));

  it('is none when its process id or its port is another program’s by now', async () => {
    writeState(otherPid, deadUrl);
    expect(await module.findSystem()).toBeUndefined();
    await answeringAs(process.pid, async (url) => {
      writeState(otherPid, url);
      expect(await module.findSystem()).toBeUndefined();
    });
    writeState(gonePid, deadUrl);
    expect(await module.findSystem()).toBeUndefined();
  });
});

describe('the place of the one system', () => {
  it('is taken from the first step, and given up with what was announced', async () => {
    await module.claimSystem();
    expect(readlinkSync(claimFile())).toBe(String(process.pid));
    module.announceSystem(system(process.pid, deadUrl));
    module.withdrawSystem();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is refused while another one starts, or runs', async () => {
    symlinkSync(String(otherPid), claimFile());
    await expect(module.claimSystem()).rejects.toThrow(`another one starts here (process ${otherPid}): wait for it`);
    await answeringAs(otherPid, async (url) => {
      writeState(otherPid, url);
      await expect(module.claimSystem()).rejects.toThrow(`it already runs at ${url} (process ${otherPid})`);
    });
    module.withdrawSystem(); // what is another system's stays
    expect(readlinkSync(claimFile())).toBe(String(otherPid));
  });

  it.each([
    ['a killed system', gonePid],
    ['one whose process id is another program’s by now', otherPid],
  ])('is taken over from %s', async (_case, pid) => {
    symlinkSync(String(pid), claimFile());
    writeState(pid, deadUrl);
    await module.claimSystem();
    expect(readlinkSync(claimFile())).toBe(String(process.pid));
  });
});
