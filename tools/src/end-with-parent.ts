/**
 * Preloaded by bootstrap.mjs: ends this process when the one that started it is gone, even by SIGKILL.
 * Descriptor 3 is a pipe that nothing writes to; it closes with its other end.
 */
import { Socket } from 'node:net';
import { isMainThread } from 'node:worker_threads';

const PARENT_PIPE_FD = 3;
const parentPid = process.env.QUARTERSEC_PARENT_PID;
delete process.env.QUARTERSEC_PARENT_PID;

// Forked children inherit --import as well, and descriptor 3 is something else there.
if (isMainThread && parentPid === String(process.ppid)) {
  const pipe = new Socket({ fd: PARENT_PIPE_FD, readable: true, writable: false });
  pipe.on('close', () => process.kill(process.pid, 'SIGTERM'));
  pipe.on('error', () => {});
  pipe.resume();
  pipe.unref();
}
