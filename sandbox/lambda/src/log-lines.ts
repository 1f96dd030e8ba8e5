const LONGEST_LINE_CHARS = 256 * 1024; // a CloudWatch log event holds 256 KiB; a longer line is several events

/** Cuts chunks of output into lines. @returns a function to feed chunks; `undefined` ends the stream */
export function createLineSplitter(onLine: (line: string) => void): (chunk: string | undefined) => void {
  let rest = '';
  return (chunk) => {
    if (chunk === undefined) {
      if (rest !== '') onLine(rest);
      rest = '';
      return;
    }
    let from = 0;
    for (let at = chunk.indexOf('\n'); at !== -1; at = chunk.indexOf('\n', from)) {
      onLine(rest + chunk.slice(from, at));
      rest = '';
      from = at + 1;
    }
    rest += chunk.slice(from);
    while (rest.length >= LONGEST_LINE_CHARS) {
      onLine(rest.slice(0, LONGEST_LINE_CHARS));
      rest = rest.slice(LONGEST_LINE_CHARS);
    }
  };
}

/** The newest `capacity` lines. */
export interface LogBuffer {
  add(line: string): void;
  /** Oldest first. */
  lines(): string[];
}

export function createLogBuffer(capacity: number): LogBuffer {
  const ring: string[] = [];
  let oldest = 0;
  return {
    add(line) {
      if (ring.length < capacity) {
        ring.push(line);
        return;
      }
      ring[oldest] = line;
      oldest = (oldest + 1) % capacity;
    },
    lines: () => [...ring.slice(oldest), ...ring.slice(0, oldest)],
  };
}
