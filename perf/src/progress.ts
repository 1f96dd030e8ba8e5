/** Progress for people: one line that is rewritten on a terminal, plain lines elsewhere. */

export interface Progress {
  step(text: string): void;
  done(): void;
}

const clearLine = '\u001b[2K';

export function createProgress(
  output: { readonly isTTY?: boolean; write(text: string): unknown },
  nowMs: () => number,
): Progress {
  const startedMs = nowMs();
  let lastShape = '';
  return {
    step(text) {
      const seconds = ((nowMs() - startedMs) / 1_000).toFixed(0).padStart(4);
      // A counter in words: of those a log needs the first line only.
      const shape = text.replace(/\d+\/\d+|\d+ s$/g, '');
      if (output.isTTY === true) output.write(`\r${clearLine}${seconds} s  ${text}`);
      else if (shape !== lastShape) output.write(`${seconds} s  ${text}\n`);
      lastShape = shape;
    },
    done() {
      if (output.isTTY === true) output.write(`\r${clearLine}`);
    },
  };
}
