import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { send } from './test-client.ts';

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

function run(...args: string[]) {
  const child = spawn(process.execPath, [`${import.meta.dirname}/cli.ts`, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let out = '';
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  const firstLine = new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (out.includes('\n')) resolve(out);
    });
  });
  const end = new Promise<{ code: number | null; signal: string | null; out: string; err: string }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, out, err }));
  });
  return { child, firstLine, end };
}

describe('the command line', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('prints one line with its address, answers, and ends cleanly on %s', async (signal, exitCode) => {
    const { child, firstLine, end } = run('--port', '0', '--seed', '9', '--median-ms', '0');
    const line = await firstLine;
    expect(line).toMatch(
      /^Plaid stand-in at http:\/\/127\.0\.0\.1:\d+, seed 9, control API at http:\/\/127\.0\.0\.1:\d+\/control\n$/,
    );
    const controlUrl = line.trim().split(' ').at(-1) ?? '';
    expect((await send('GET', `${controlUrl}/latency`)).text).toBe('{"medianMs":0,"p99Ms":0}');
    child.kill(signal);
    expect(await end).toMatchObject({ code: exitCode, signal: null, err: '' });
  });

  it('says what to do about an occupied port, and exits with 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, err, out } = await run('--port', String(port)).end;
    other.close();
    expect({ code, out, err }).toEqual({
      code: 1,
      out: '',
      err: `providers: Port ${port} is in use. Stop what listens there, or choose another with --port (0 takes any free one).\n`,
    });
  });

  it('explains itself', async () => {
    const { code, out } = await run('--help').end;
    expect([code, out]).toEqual([0, expect.stringContaining('--multi-page X')]);
  });

  it.each([
    [['--port', 'abc'], 2, '--port must be a number, not "abc"'],
    [['--colour'], 2, "Unknown option '--colour'"],
    [['--connections', '0'], 1, 'OPTION_INVALID'],
    [['--start-date', '2025-13-01'], 1, 'not a date of the form YYYY-MM-DD'],
  ])('refuses %j in one line', async (args, exitCode, message) => {
    const { code, err } = await run(...args).end;
    expect([code, err]).toEqual([exitCode, expect.stringContaining(message)]);
    expect(err).toMatch(/^providers: [^\n]*; --help lists the options\n$/);
  });
});
