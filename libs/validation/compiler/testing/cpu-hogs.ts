/** Threads that compute without end, so that whatever runs beside them is slow. They end with the process at the latest. */
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** Runs `work` beside a busy thread a core. */
export async function besideCpuHogs<T>(work: () => Promise<T>): Promise<T> {
  const hogs = Array.from({ length: availableParallelism() }, () => new Worker('for (;;);', { eval: true }));
  try {
    await Promise.all(hogs.map((hog) => once(hog, 'online')));
    return await work();
  } finally {
    await Promise.all(hogs.map((hog) => hog.terminate()));
  }
}
