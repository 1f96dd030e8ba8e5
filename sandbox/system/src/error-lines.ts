/** Keeps the latest error lines of the functions' logs. */

export interface ErrorLines {
  read(line: string): void;
  /** Newest first. */
  latest(): readonly Readonly<Record<string, unknown>>[];
}

const kept = 50;

export function createErrorLines(): ErrorLines {
  const lines: Record<string, unknown>[] = [];
  return {
    read(line) {
      if (!line.includes('"level":"ERROR"') && !line.includes('"level":"CRITICAL"')) return;
      try {
        lines.unshift(JSON.parse(line) as Record<string, unknown>);
      } catch {
        return; // text that only quotes a level
      }
      lines.length = Math.min(lines.length, kept);
    },
    latest: () => lines,
  };
}
