/** In a process of its own, as a command loads the client: what it prints is what a person at the terminal sees. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const dax = fileURLToPath(new URL('./dax-client.ts', import.meta.url));
/** The port need only be open for the client to be loaded. */
const program = `
  import { createServer } from 'node:net';
  import { once } from 'node:events';
  import { connectDax } from ${JSON.stringify(dax)};
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = 'dax://127.0.0.1:' + server.address().port;
  const options = { endpoint, region: 'eu-west-1', credentials: { current: () => ({ accessKeyId: 'a', secretAccessKey: 'b' }) } };
  await Promise.all([connectDax(options), connectDax(options)]);
  process.emitWarning('a warning of somebody else');
  setImmediate(() => process.exit(0));
`;

it('loading the DAX client prints none of its parser’s warnings, and lets those of others through', {
  timeout: 60_000,
}, async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [exitCode] = await once(child, 'close');
  expect(exitCode).toBe(0);
  expect(stderr).toContain('a warning of somebody else');
  expect(stderr).not.toContain('INVALID_ALT_NUMBER');
});
