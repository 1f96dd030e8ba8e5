/** Shows that a task lives, from its second second on: a command that is over at once says only its result. */

const quietMs = 1_000;
const liveIntervalMs = 200;
const plainIntervalMs = 15_000;
const clearLine = '\r\u001b[2K';

/** Where it is shown: a terminal gets one line that counts, and that is gone in the end; a log gets a line now and then. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/**
 * @param title of what is under way: `auditing`
 * @param output default: stderr, so that the result on stdout stays what it is
 */
export async function showWhile<Result>(
  title: string,
  task: Promise<Result>,
  output: ProgressOutput = process.stderr,
): Promise<Result> {
  const startedMs = performance.now();
  const live = output.isTTY === true;
  const show = () => {
    const seconds = Math.round((performance.now() - startedMs) / 1_000);
    output.write(live ? `${clearLine}${title} ... ${seconds} s` : `${title} ... ${seconds} s\n`);
  };
  let repeating: NodeJS.Timeout | undefined;
  const beginning = setTimeout(() => {
    show();
    repeating = setInterval(show, live ? liveIntervalMs : plainIntervalMs);
  }, quietMs);
  try {
    return await task;
  } finally {
    clearTimeout(beginning);
    clearInterval(repeating);
    if (live && repeating !== undefined) output.write(clearLine);
  }
}
