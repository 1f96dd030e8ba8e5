/** Whether Prometheus' and Alertmanager's own tools accept what was written. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { alertmanagerConfigPath, prometheusConfigPath } from './rendered-files.ts';

export interface ToolCheck {
  readonly command: string;
  readonly args: readonly string[];
  /** Debian's package. */
  readonly from: string;
}

/** `check config` checks the rule files that the configuration names, too. */
export function toolChecks(folder: string): readonly ToolCheck[] {
  return [
    { command: 'promtool', args: ['check', 'config', join(folder, prometheusConfigPath)], from: 'prometheus' },
    {
      command: 'amtool',
      args: ['check-config', join(folder, alertmanagerConfigPath)],
      from: 'prometheus-alertmanager',
    },
  ];
}

export type ToolVerdict =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'refused'; readonly output: string };

export function runToolCheck({ command, args }: ToolCheck): ToolVerdict {
  const { error, status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (error !== undefined) return { kind: 'missing' };
  return status === 0 ? { kind: 'accepted' } : { kind: 'refused', output: `${stdout}${stderr}`.trim() };
}
