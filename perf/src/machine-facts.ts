/** What a figure was measured on, and of what. */
import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import type { MachineFacts } from './report/report.ts';

export function readMachineFacts(k6Version: string): MachineFacts {
  return {
    cores: availableParallelism(),
    cpuModel: cpus()[0]?.model.trim() ?? 'unknown CPU',
    memoryBytes: totalmem(),
    system: `${type()} ${release()}`,
    node: process.versions.node,
    k6: k6Version,
  };
}

/** @returns short hash of the commit, `+ changes` behind it where the tree differs; `unknown` outside a repository */
export function readCommit(root: string): string {
  const git = (...args: string[]) => spawnSync('git', ['-C', root, ...args], { encoding: 'utf8' });
  const head = git('rev-parse', '--short=12', 'HEAD');
  if (head.status !== 0) return 'unknown';
  const changes = git('status', '--porcelain', '--untracked-files=no').stdout.trim();
  return head.stdout.trim() + (changes === '' ? '' : ' + changes');
}
