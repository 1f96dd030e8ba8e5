import { execFile } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { ok, type RawServer, startRawServer } from './raw-server.contract.ts';
import { createAuthority } from './testing/certificates.ts';

/** @returns what it printed, once it has ended by itself */
function runProcess(code: string, ...args: readonly string[]): Promise<string> {
  const source = `const { createHttpOrigin, sendForText } = await import(${JSON.stringify(import.meta.resolve('./index.ts'))});\n${code}`;
  return new Promise((resolve, reject) => {
    const flags = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', source, '--', ...args];
    execFile(process.execPath, flags, (error, stdout, stderr) => {
      if (error === null) resolve(stdout + stderr);
      else reject(error);
    });
  });
}

const callOnce = `
  const [, url, ca] = process.argv;
  const origin = createHttpOrigin({ url: new URL(url), ...(ca ? { ca } : {}) });
  const { status, text } = await sendForText(origin, { method: 'POST', path: '/', headers: {}, body: 'a' }, 100);
  console.log(status + ' ' + text); // a number by itself would be in colour where colours are forced
`;

describe('a process', () => {
  let server: RawServer;
  afterEach(() => server.close());

  const answer: Parameters<typeof startRawServer>[0] = async ({ socket, nextRequest }) => {
    await nextRequest();
    socket.write(ok('hi'));
  };

  it('ends by itself with an idle connection open', async () => {
    server = await startRawServer(answer);
    expect(await runProcess(callOnce, server.url.href)).toBe('200 hi\n');
    expect(server.connections).toHaveLength(1);
  });

  it('ends by itself with an idle connection open over TLS', async () => {
    const { ca, sign } = createAuthority();
    server = await startRawServer(answer, sign('IP:127.0.0.1', 1));
    expect(await runProcess(callOnce, server.url.href, ca)).toBe('200 hi\n');
    expect(server.connections).toHaveLength(1);
  });

  it('waits for a call that goes over a connection that was idle', async () => {
    server = await startRawServer(async ({ socket, nextRequest }) => {
      await nextRequest();
      socket.write(ok('hi'));
      await nextRequest();
      for (let turns = 0; turns < 1_000; turns += 1) await new Promise(setImmediate);
      socket.write(ok('ho'));
    });
    const again = `sendForText(origin, { method: 'GET', path: '/', headers: {} }, 100).then(({ text }) => console.log(text));`;
    expect(await runProcess(`${callOnce}${again}`, server.url.href)).toBe('200 hi\nho\n');
    expect(server.connections).toHaveLength(1);
  });
});
