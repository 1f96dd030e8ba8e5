/** The board as a process: started from a terminal, and as a child. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
// Nobody listens there: the board starts and says so
const environment = { ...process.env, SYSTEM_URL: 'http://127.0.0.1:9', PROMETHEUS_URL: '', PORT: '0' };
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

async function runToEnd(args: readonly string[], env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [main, ...args], { env });
  started.push(child);
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, output };
}

describe('npm run board', () => {
  it('prints its address, and ends on SIGTERM', async () => {
    const child = spawn(process.execPath, [main], { env: environment });
    started.push(child);
    const [line] = await once(child.stdout, 'data');
    expect(String(line)).toMatch(/^the SLA board of http:\/\/127\.0\.0\.1:9 is at http:\/\/127\.0\.0\.1:\d+\n$/);
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await exited).toEqual([143, null]);
  });

  it.each([
    [{ SYSTEM_URL: '' }, 1, 'set PROMETHEUS_URL'],
    [{ PORT: '99999' }, 2, 'PORT must be 0 to 65535, not 99999'],
    [{ PORT: 'x' }, 2, 'PORT must be 0 to 65535, not x'],
  ])('says in one line what is wrong with %j, and fails', async (wrong, exitCode, message) => {
    const { code, output } = await runToEnd([], { ...environment, ...wrong });
    expect(code).toBe(exitCode);
    expect(output).toMatch(new RegExp(`^board: ${message}.*\\n$`));
  });

  it('explains itself', async () => {
    const { code, output } = await runToEnd(['--help'], environment);
    expect(code).toBe(0);
    expect(output).toContain('SYSTEM_URL=<address> npm run board');
  });
});

describe('the board as a child', () => {
  it('tells its parent where it listens, and ends when the parent lets go', async () => {
    const child = fork(main, [], { env: environment, execArgv: [], silent: true });
    started.push(child);
    const [message] = await once(child, 'message');
    expect(message).toEqual({ url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) });
    const answer = await fetch(`${(message as { url: string }).url}/snapshot.json`);
    expect(answer.status).toBe(200);
    const exited = once(child, 'exit');
    child.disconnect();
    expect(await exited).toEqual([0, null]);
  });
});
