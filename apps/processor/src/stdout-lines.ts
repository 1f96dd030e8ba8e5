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
