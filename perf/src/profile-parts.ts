/** Which part of the machine's work is whose, seen from inside: one process of each part of ours that runs on Node. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processesByPart } from './cpu-meter.ts';
import { profileProcess } from './cpu-profile.ts';
import type { Part } from './process-parts.ts';
import { type ProfileShare, profileShares } from './profile-shares.ts';

const parts = ['environments', 'table', 'host', 'provider'] as const satisfies readonly Part[];

export interface PartProfile {
  readonly part: Part;
  readonly shares: readonly ProfileShare[];
  /** For a browser's developer tools. */
  readonly path: string;
}

/** How long `profileParts` takes. */
export function profilingMs(forMs: number): number {
  return parts.length * forMs;
}

/**
 * One part after the other, `forMs` each, the process of the part that has used most CPU.
 * @param rootPid the harness
 * @param folder for the profiles, made if missing
 */
export async function profileParts(rootPid: number, folder: string, forMs: number): Promise<readonly PartProfile[]> {
  mkdirSync(folder, { recursive: true });
  const found: PartProfile[] = [];
  for (const part of parts) {
    const busiest = processesByPart(rootPid).get(part)?.[0];
    if (busiest === undefined) continue;
    const profile = await profileProcess(busiest.pid, forMs);
    const path = join(folder, `${part}.cpuprofile`);
    writeFileSync(path, JSON.stringify(profile));
    found.push({ part, shares: profileShares(profile), path });
  }
  return found;
}

/** @returns one line a part: its five largest shares. Pure */
export function profileFindings(profiles: readonly PartProfile[]): readonly string[] {
  return profiles.map(({ part, shares }) => {
    const largest = shares.slice(0, 5).map(({ of, share }) => `${of} ${(share * 100).toFixed(0)} %`);
    return `Where the CPU of one process of "${part}" goes: ${largest.join(', ')}.`;
  });
}
