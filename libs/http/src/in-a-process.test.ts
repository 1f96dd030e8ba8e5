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

  it("does not load Node's own clients, nor what only some connections need", async () => {
    server = await startRawServer();
    const loaded = await runProcess(`
      const modules = ['http', 'https', 'http2', 'tls', 'dns', '_http_client', '_tls_wrap', 'internal/deps/undici/undici'];
      console.log(modules.filter((name) => process.moduleLoadList.includes('NativeModule ' + name)).join());
    `);
    expect(loaded).toBe('\n');
  });

  it('whose listener throws while it is told of an error goes on with its other calls', async () => {
    let connections = 0;
    server = await startRawServer(async ({ socket, nextRequest }) => {
      connections += 1;
      await nextRequest();
      if (connections === 1) socket.resetAndDestroy();
      else socket.write(ok('hi'));
    });
    const printed = await runProcess(
      `
      process.on('uncaughtException', ({ message }) => console.log('uncaught', message));
      const origin = createHttpOrigin({ url: new URL(process.argv[1]), maxConnections: 1 });
      const request = { method: 'GET', path: '/', headers: {} };
      const nothing = () => {};
      const onError = () => { throw new Error('mine'); };
      origin.send(request, { onHead: nothing, onData: nothing, onEnd: nothing, onError });
      console.log((await sendForText(origin, request, 100)).text);
    `,
      server.url.href,
    );
    expect(printed).toBe('uncaught mine\nhi\n');
  });
});
