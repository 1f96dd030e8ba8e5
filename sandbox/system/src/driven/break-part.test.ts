import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { breakPart } from './break-part.ts';

const noHost = { environments: () => [], killEnvironment: async () => false };
const nothing = { host: noHost, tablePid: undefined, cacheNode: undefined };

describe('breakPart', () => {
  it('kills an environment of process that has work under way', async () => {
    const killed: string[] = [];
    const environment = (id: string, functionName: string, state: 'idle' | 'busy') => ({
      id,
      functionName,
      state,
      pid: 1,
      invocations: 1,
    });
    const host = {
      environments: () => [
        environment('a', 'query', 'busy'),
        environment('b', 'process', 'idle'),
        environment('c', 'process', 'busy'),
      ],
      async killEnvironment(id: string) {
        killed.push(id);
        return true;
      },
    };
    expect(await breakPart('environment', { ...nothing, host })).toBe(true);
    expect(killed).toEqual(['c']);
  });

  it.skipIf(process.platform !== 'linux')('has the table stand still, and go on', async () => {
    const table = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    await once(table, 'spawn');
    const state = () => /\) (\w) /.exec(readFileSync(`/proc/${table.pid}/stat`, 'utf8'))?.[1];
    try {
      const breaking = breakPart('table', { ...nothing, tablePid: table.pid });
      await expect.poll(state).toBe('T');
      expect(await breaking).toBe(true);
      await expect.poll(state).not.toBe('T');
    } finally {
      table.kill('SIGKILL');
      await once(table, 'close');
    }
  });

  it('kills the DAX node before another one starts at its address', async () => {
    const done: string[] = [];
    const cacheNode = {
      url: '',
      stats: () => Promise.reject(new Error('not asked for')),
      pid: () => 0,
      kill: () => void done.push('kill'),
      restart: async () => void done.push('restart'),
      close: async () => {},
    };
    expect(await breakPart('cache', { ...nothing, cacheNode })).toBe(true);
    expect(done).toEqual(['kill', 'restart']);
  });

  it.each(['environment', 'table', 'cache'] as const)('says that there is no %s to break', async (part) => {
    expect(await breakPart(part, nothing)).toBe(false);
  });
});
