/** An address of this machine at which nobody listens, for what begins to listen later. */
import { createServer } from 'node:net';

/** @returns `http://127.0.0.1:<port>`; another program may take it meanwhile, and then who wants it says so */
export async function freeLoopbackAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return `http://127.0.0.1:${address.port}`;
}
