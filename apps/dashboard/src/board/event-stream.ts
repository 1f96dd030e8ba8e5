/** Server-sent events to many readers, of whom each gets the newest state or nothing: a slow one holds up no memory. */
import type { ServerResponse } from 'node:http';

interface Reader {
  readonly response: ServerResponse;
  /** Since when it takes nothing more; `undefined` while it keeps up. */
  blockedSinceEpochMs: number | undefined;
}

export const readersAtMost = 64;
/** A reader that takes nothing for so long is dropped; its browser connects again by itself. */
export const blockedAtMostMs = 10_000;
const reconnectMs = 1_000;

export class EventStream {
  readonly #readers = new Set<Reader>();
  readonly #nowEpochMs: () => number;

  constructor(nowEpochMs: () => number) {
    this.#nowEpochMs = nowEpochMs;
  }

  get readers(): number {
    return this.#readers.size;
  }

  /** Takes over a response that has its status and headers not yet sent. @returns false when there are too many readers */
  add(response: ServerResponse, headers: Readonly<Record<string, string>>): boolean {
    if (this.#readers.size >= readersAtMost) return false;
    response.writeHead(200, { ...headers, 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const reader: Reader = { response, blockedSinceEpochMs: undefined };
    this.#readers.add(reader);
    response.on('drain', () => {
      reader.blockedSinceEpochMs = undefined;
    });
    const gone = () => this.#readers.delete(reader);
    response.on('close', gone);
    response.on('error', gone);
    this.#write(reader, `retry: ${reconnectMs}\n\n`);
    return true;
  }

  /** @param data without line breaks, as JSON is */
  send(event: string, data: string): void {
    this.#writeAll(`event: ${event}\ndata: ${data}\n\n`);
  }

  /** A comment: keeps proxies from closing what is silent, and finds readers that are gone. */
  heartbeat(): void {
    this.#writeAll(': still here\n\n');
  }

  close(): void {
    for (const { response } of this.#readers) response.destroy();
    this.#readers.clear();
  }

  #writeAll(text: string): void {
    for (const reader of this.#readers) this.#write(reader, text);
  }

  #write(reader: Reader, text: string): void {
    const { response, blockedSinceEpochMs } = reader;
    if (blockedSinceEpochMs === undefined) {
      if (!response.write(text)) reader.blockedSinceEpochMs = this.#nowEpochMs();
    } else if (this.#nowEpochMs() - blockedSinceEpochMs > blockedAtMostMs) {
      this.#readers.delete(reader);
      response.destroy();
    }
  }
}
