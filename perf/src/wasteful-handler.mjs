/** Stands in front of a function's own handler and burns as many CPU-ms on each call as the file `waste-ms` beside it says. */
import { existsSync, readFileSync } from 'node:fs';

const amountPath = new URL('./waste-ms', import.meta.url);
const unspoiled = await import(new URL('./unspoiled/index.mjs', import.meta.url).href);

const readAmount = () => (existsSync(amountPath) ? Number(readFileSync(amountPath, 'utf8')) : 0);
let wasteMs = readAmount();
setInterval(() => {
  wasteMs = readAmount();
}, 500).unref();

export function handler(...call) {
  if (wasteMs > 0) {
    // Of this thread alone: the compiler's and the collector's, which run beside it, are no waste.
    const before = process.threadCpuUsage();
    for (;;) {
      const { user, system } = process.threadCpuUsage(before);
      if (user + system >= wasteMs * 1_000) break;
    }
  }
  return unspoiled.handler(...call);
}
