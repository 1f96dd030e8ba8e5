import { spawnSync } from 'node:child_process';

const PROBE_TIMEOUT_MS = 20_000;

/** Go alone knows no `--version`, Java alone prints it on standard error; both are content with this. */
const versionFlag = (command: string) => (command === 'go' ? 'version' : command === 'java' ? '-version' : '--version');

/** Whether the command is on PATH and starts: macOS ships a `java` that does neither more nor less than complain. */
export function answers(command: string): boolean {
  const asked = spawnSync(command, [versionFlag(command)], { stdio: 'ignore', timeout: PROBE_TIMEOUT_MS });
  return asked.error === undefined && asked.status === 0;
}
