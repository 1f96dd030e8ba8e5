/** Lines to standard output, where Lambda takes logs and metrics from. Lines of the same moment go out in one write. */

/** @param write takes text; `process.stdout.write` */
export function createLineWriter(write: (text: string) => unknown): (line: string) => void {
  let pending = '';
  const flush = () => {
    const text = pending;
    pending = '';
    write(text);
  };
  return (line) => {
    // The end of an event writes its metrics and its log line one after the other: one system call for both.
    if (pending === '') queueMicrotask(flush);
    pending += `${line}\n`;
  };
}

export interface OutputDeps {
  /** @returns bytes taken @throws where a full pipe does not wait */
  readonly writeSync: (bytes: Uint8Array) => number;
  /** Keeps what has no room yet. Made with its first use. */
  readonly stream: () => { write(bytes: Uint8Array): unknown; readonly writableLength: number };
}

/** Whole texts in their order: as long as the stream has some of them, the next goes behind them, not past them. */
export function createOutput({ writeSync, stream }: OutputDeps): (text: string) => void {
  let hasSpilled = false;
  return (text) => {
    let rest: Uint8Array = Buffer.from(text);
    hasSpilled &&= stream().writableLength > 0;
    try {
      while (!hasSpilled && rest.length > 0) rest = rest.subarray(writeSync(rest));
    } catch {
      hasSpilled = true;
    }
    if (rest.length > 0) stream().write(rest);
  };
}
