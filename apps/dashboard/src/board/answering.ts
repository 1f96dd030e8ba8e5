/** What the routes of the board's server have in common: an answer, a refusal, a bounded body. */
import type { IncomingMessage } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export type Route = (request: IncomingMessage, url: URL) => Answer | Promise<Answer>;

/** A request that is answered with its reason. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const bodyLimitBytes = 512 * 1_024;

export const html = (body: string): Answer => ({ status: 200, type: 'text/html; charset=utf-8', body });
export const script = (body: string): Answer => ({ status: 200, type: 'text/javascript; charset=utf-8', body });
export const styles = (body: string): Answer => ({ status: 200, type: 'text/css; charset=utf-8', body });
export const json = (value: unknown, status = 200): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(value),
});

/** Reads to the end also what is too much: a client that is still sending would not hear the refusal. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= bodyLimitBytes) chunks.push(chunk);
  }
  if (bytes > bodyLimitBytes) throw new Refused(413, `the body is larger than ${bodyLimitBytes} bytes`);
  return Buffer.concat(chunks).toString();
}
