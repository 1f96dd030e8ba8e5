import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { runCli } from './cli.ts';
import { startScriptedBackend } from './testing/scripted-backend.ts';

async function run(...args: string[]) {
  const output = { out: '', err: '' };
  const state = mkdtempSync(`${tmpdir()}/dax-cli-`);
  const exitCode = await runCli({
    args,
    environment: { XDG_STATE_HOME: state },
    print: (text) => {
      output.out += text;
    },
    printError: (text) => {
      output.err += text;
    },
    stopped: Promise.resolve(),
  });
  rmSync(state, { recursive: true });
  return { exitCode, ...output };
}

describe('dax-node', () => {
  it('starts, says where it is, and stops when told to', async () => {
    const backend = await startScriptedBackend(() => ({ TableNames: [] }));
    const { exitCode, out, err } = await run('--endpoint', backend.endpoint, '--port', '0', '--metrics-port', '0');
    await backend.close();
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toMatch(
      /^DAX node at dax:\/\/127\.0\.0\.1:\d+, in front of http:\/\/127\.0\.0\.1:\d+\nmetrics at http:/,
    );
  });

  it('explains itself', async () => {
    const { exitCode, out } = await run('--help');
    expect(exitCode).toBe(0);
    expect(out).toContain('--endpoint URL');
  });

  it.each([
    [[], '--endpoint is missing'],
    [['--bogus'], '--help lists the options'],
    [['--endpoint', 'http://127.0.0.1:1', '--port', 'x'], '--port takes a whole number, not x'],
    [['--endpoint', 'http://127.0.0.1:1', '--tls-cert', 'a'], 'go together'],
    [['--endpoint', 'http://127.0.0.1:1', '--tls-cert', '/nope', '--tls-key', '/nope'], 'cannot read /nope'],
  ])('refuses %j with what is wrong', async (args, message) => {
    const { exitCode, err } = await run(...args);
    expect(exitCode).toBe(2);
    expect(err).toContain(message);
  });

  it('says how to get a DynamoDB when none is there', async () => {
    const { exitCode, err } = await run('--endpoint', 'http://127.0.0.1:1', '--port', '0');
    expect(exitCode).toBe(1);
    expect(err).toContain('no DynamoDB answers at http://127.0.0.1:1');
    expect(err).toContain('npx dynalite --port 8000');
  });

  it('says which port is in use and what to do', async () => {
    const backend = await startScriptedBackend(() => ({}));
    const { exitCode, err } = await run('--endpoint', backend.endpoint, '--port', new URL(backend.endpoint).port);
    await backend.close();
    expect(exitCode).toBe(1);
    expect(err).toMatch(/port \d+ of 127\.0\.0\.1 is in use: stop what listens there, or choose another port/);
  });
});
