import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HostError } from './host-error.ts';

/**
 * Listens with a server fit for long polls: neither a request that is held for hours nor a connection that is idle while a
 * function works may be cut off.
 * @returns the server, and its `host:port`
 * @throws {HostError} `PortInUse`
 */
export async function listen(
  host: string,
  port: number,
  listener: RequestListener,
): Promise<{ server: Server; authority: string }> {
  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, noDelay: true }, listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const remedy = `Port ${port} on ${host} is in use: stop what listens there, or choose another (0 takes a free one).`;
      reject(error.code === 'EADDRINUSE' ? new HostError('PortInUse', remedy, { cause: error }) : error);
    });
    server.listen(port, host, resolve);
  });
  const { address, port: bound, family } = server.address() as AddressInfo;
  return { server, authority: family === 'IPv6' ? `[${address}]:${bound}` : `${address}:${bound}` };
}

export async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
