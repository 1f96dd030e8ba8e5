/** What happened in a history, in order, and which faults of FAULTS.md were among it. */
import { hash } from 'node:crypto';

export interface Trace {
  /** One line for each call, write, log line and act. Sealed texts and signatures have no place here: they are random. */
  readonly lines: readonly string[];
  note(what: string): void;
  /** The fault, or the promise, of this row of FAULTS.md has happened. */
  saw(row: Row): void;
  readonly rows: ReadonlyMap<Row, number>;
}

/** Numbers of FAULTS.md. */
export type Row = number;

export function createTrace(nowMs: () => number): Trace {
  const lines: string[] = [];
  const rows = new Map<Row, number>();
  return {
    lines,
    rows,
    note: (what) => void lines.push(`${nowMs().toFixed(3)} ${what}`),
    saw: (row) => void rows.set(row, (rows.get(row) ?? 0) + 1),
  };
}

export const shortHash = (text: string | Uint8Array): string => hash('sha256', text, 'base64url').slice(0, 12);

/** Two runs of one history that are not the same: something in it is drawn from outside. */
export class NotDeterministic extends Error {
  override readonly name = 'NotDeterministic';
}

/** @throws {NotDeterministic} with the first line that differs */
export function requireSame(one: readonly string[], other: readonly string[]): void {
  const length = Math.max(one.length, other.length);
  for (let at = 0; at < length; at += 1) {
    if (one[at] === other[at]) continue;
    throw new NotDeterministic(
      [
        `the second run differs at line ${at + 1}:`,
        `  first:  ${one[at] ?? 'ended'}`,
        `  second: ${other[at] ?? 'ended'}`,
      ].join('\n'),
    );
  }
}
