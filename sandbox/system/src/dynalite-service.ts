/** The embedded DynamoDB as a child process. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import createDynalite from 'dynalite';
import { announceReady } from './child-service.ts';

const server = createDynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
server.keepAliveTimeout = 0; // an idle connection that it closes may carry the next request away with it
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
announceReady({ url: `http://127.0.0.1:${port}` }, () => {
  server.close();
});
