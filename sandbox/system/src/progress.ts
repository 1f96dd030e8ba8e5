/** Progress for people: one line that is rewritten on a terminal, plain lines elsewhere. */

export interface Progress {
  /** Whether lines can be rewritten. */
  readonly live: boolean;
  step(text: string): void;
  /** Rewrites a block of lines (or prints it again where lines cannot be rewritten). */
  block(text: string): void;
  /** A line that stays, above what is rewritten. */
  note(line: string): void;
  done(): void;
}

const clearLine = '\u001b[2K';
const up = (lines: number) => `\u001b[${lines}A`;

export function createProgress(output: { readonly isTTY?: boolean; write(text: string): unknown }): Progress {
  const live = output.isTTY === true;
  const startedMs = performance.now();
  let lastText = '';
  let blockLines = 0;
  return {
    live,
    step(text) {
      const seconds = ((performance.now() - startedMs) / 1_000).toFixed(0).padStart(3);
      if (live) output.write(`\r${clearLine}${seconds} s  ${text}`);
      // Without a terminal a counter would fill the log: only its first line is written.
      else if (text.replace(/\d+/g, '') !== lastText) output.write(`${seconds} s  ${text}\n`);
      lastText = text.replace(/\d+/g, '');
    },
    block(text) {
      const lines = text.split('\n');
      const rewind = live && blockLines > 0 ? up(blockLines) : '';
      output.write(`${rewind}${lines.map((line) => `${live ? clearLine : ''}${line}\n`).join('')}`);
      blockLines = lines.length;
    },
    note(line) {
      output.write(`${live ? `\r${clearLine}` : ''}${line}\n`);
      blockLines = 0;
    },
    done() {
      if (live) output.write(`\r${clearLine}`);
    },
  };
}
