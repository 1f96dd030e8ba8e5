import { spawnSync } from 'node:child_process';

const PROBE_TIMEOUT_MS = 20_000;

/** Go alone knows no `--version`. */
const versionFlag = (command: string) => (command === 'go' ? 'version' : '--version');

/** Whether the command is on PATH and starts: one that only complains (a shim without its program) is not there. */
export function answers(command: string): boolean {
  const asked = spawnSync(command, [versionFlag(command)], { stdio: 'ignore', timeout: PROBE_TIMEOUT_MS });
  return asked.error === undefined && asked.status === 0;
}
