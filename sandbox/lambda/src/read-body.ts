import type { IncomingMessage } from 'node:http';

/**
 * Reads a request's body.
 * @returns the body, or `undefined` when it is longer than `limitBytes`; what is too much is read and dropped, so that the
 *   client, which sends before it listens, still hears the refusal
 * @throws {Error} when the client goes away in the middle
 */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= limitBytes) chunks.push(chunk);
      else chunks.length = 0;
    });
    request.on('end', () => {
      const [first] = chunks;
      if (bytes > limitBytes) resolve(undefined);
      else resolve(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks));
    });
    request.on('error', reject);
    request.on('close', () => {
      if (!request.complete) reject(new Error('The client went away before the end of its request.'));
    });
  });
}
