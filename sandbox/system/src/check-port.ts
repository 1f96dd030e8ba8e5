/** Whether a port can be had: asked before the minutes that a first build takes. */
import { createServer } from 'node:http';

/** @param port 0 for any free one @throws {Error} when the port is occupied, naming the remedy */
export async function checkPort(port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`port ${port} is occupied: choose another with --port, or leave it out to get a free one`)
          : error,
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  await new Promise((resolve) => server.close(resolve));
}
