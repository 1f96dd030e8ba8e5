/** What a real alert needs beside Node: found, or left out with a word on how to get it. */
import { spawnSync } from 'node:child_process';
import { chromiumNames } from '../chromium.ts';

export interface MonitoringTools {
  /** Paths; `undefined` where it is missing. */
  readonly browser: string | undefined;
  readonly prometheus: string | undefined;
  readonly alertmanager: string | undefined;
  /** What they call themselves, for the report. */
  readonly versions: readonly string[];
  /** What is missing, a sentence each. */
  readonly missing: readonly string[];
}

const wanted = [
  {
    key: 'browser',
    commands: chromiumNames,
    without: 'NO BROWSER: alerts are looked for in /snapshot.json of the board, not on its page',
    remedy: 'apt-get install chromium',
  },
  {
    key: 'prometheus',
    commands: ['prometheus'],
    without: 'NO PROMETHEUS: only the live evaluator is measured',
    remedy: 'apt-get install prometheus',
  },
  {
    key: 'alertmanager',
    commands: ['prometheus-alertmanager', 'alertmanager'],
    without: 'NO ALERTMANAGER: only the live evaluator is measured',
    remedy: 'apt-get install prometheus-alertmanager',
  },
] as const;

export function findMonitoringTools(find: (command: string) => FoundTool | undefined = findTool): MonitoringTools {
  const found = wanted.map(({ key, commands, without, remedy }) => {
    const tool = commands.map(find).find((each) => each !== undefined);
    return { key, tool, missing: `${without} (to have it: ${remedy})` };
  });
  const pathOf = (key: (typeof wanted)[number]['key']) => found.find((each) => each.key === key)?.tool?.path;
  return {
    browser: pathOf('browser'),
    prometheus: pathOf('prometheus'),
    alertmanager: pathOf('alertmanager'),
    versions: found.flatMap(({ tool }) => tool?.version ?? []),
    missing: found.filter(({ tool }) => tool === undefined).map(({ missing }) => missing),
  };
}

export interface FoundTool {
  readonly path: string;
  /** First line of its own words. */
  readonly version: string;
}

function findTool(command: string): FoundTool | undefined {
  const path = spawnSync('which', [command], { encoding: 'utf8' }).stdout?.trim();
  if (!path) return undefined;
  const { status, stdout, stderr } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  const [words = ''] = `${stdout}${stderr}`.trim().split(/\n| \(| built on /);
  return status === 0 ? { path, version: words.replace(', version', '') } : undefined;
}
