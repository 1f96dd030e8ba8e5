/** Makes of a function's bundle one that burns CPU on each event while a file says so: for the red run of the CPU gate. */
import { copyFileSync, cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleepMs } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const wrapperPath = fileURLToPath(new URL('./wasteful-handler.mjs', import.meta.url));
/** Twice as long as the wrapper takes to look at the file again. */
const noticedWithinMs = 1_000;

export interface PlantedWaste {
  /** What to deploy instead of the bundle. */
  readonly bundle: string;
  /** @param msPerEvent CPU that each event burns from now on; 0 for none */
  set(msPerEvent: number): Promise<void>;
}

/** @param scratchFolder that exists */
export function plantWaste(bundle: string, scratchFolder: string): PlantedWaste {
  const folder = join(scratchFolder, 'wasteful');
  const amountPath = join(folder, 'waste-ms');
  cpSync(bundle, join(folder, 'unspoiled'), { recursive: true });
  copyFileSync(wrapperPath, join(folder, 'index.mjs'));
  return {
    bundle: folder,
    async set(msPerEvent) {
      if (msPerEvent > 0) writeFileSync(amountPath, String(msPerEvent));
      else rmSync(amountPath, { force: true });
      await sleepMs(noticedWithinMs);
    },
  };
}
