/**
 * Preloaded by bootstrap.mjs, for the script itself and not for what it starts: ends it, and its process group, when the process
 * that started it is gone, even by SIGKILL (descriptor 3 is a pipe that nothing writes to; it closes with its other end). An error
 * that nobody caught is one line at the terminal, with its place in the source.
 */
import { Socket } from 'node:net';
import { isMainThread } from 'node:worker_threads';

const PARENT_PIPE_FD = 3;
const parentPid = process.env.QUARTERSEC_PARENT_PID;
delete process.env.QUARTERSEC_PARENT_PID;

// Forked children inherit --import as well, and descriptor 3 is something else there.
if (isMainThread && parentPid === String(process.ppid)) {
  const pipe = new Socket({ fd: PARENT_PIPE_FD, readable: true, writable: false });
  pipe.on('close', () => process.kill(-process.pid, 'SIGTERM'));
  pipe.on('error', () => {});
  pipe.resume();
  pipe.unref();
  process.on('uncaughtException', (error: unknown) => {
    process.stderr.write(`quartersec: ${describe(error)}\n`);
    process.exit(1);
  });
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = /\(?((?:file:\/\/)?\/[^\s()]+:\d+:\d+)\)?/.exec(error.stack ?? '')?.[1];
  return `${error.message.split('\n')[0]}${place === undefined ? '' : ` (at ${place})`}`;
}
